"""`presets`: the experiments that come with the program, and files of the same kind."""

import shutil
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.groups import Subcommands
from collapse_tui.cli.options import Settings, preset_names
from collapse_tui.cli.output import write_file, write_message, write_result

if TYPE_CHECKING:
    from collapse_tui.experiment.document import Document

TABLES = ("source", "engine", "policy", "schedule")

app = typer.Typer(cls=Subcommands, invoke_without_command=True)
Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=preset_names)]


@app.callback()
def list_presets(context: typer.Context) -> int:
    """List the presets by what they show, one a line: name, group, title."""
    if context.invoked_subcommand is not None:
        return 0
    import presets
    from collapse_tui.experiment import document
    from collapse_tui.experiment.schema import GROUPS, group_of

    names = presets.names()
    found = {name: document.read(name)[1] for name in names}
    groups = {name: group_of(content) for name, content in found.items()}
    width, column = max(map(len, names), default=0), max(map(len, GROUPS))
    order = list(GROUPS)
    for name in sorted(names, key=lambda name: order.index(groups[name])):
        title = found[name].get("title", "")
        write_result(f"{name:{width}}  {groups[name]:{column}}  {title}".rstrip())
    return 0


@app.command()
def show(name: Name) -> int:
    """Print what a preset shows, what its paper claims, and the keys that --set takes."""
    from collapse_tui.experiment import document
    from collapse_tui.experiment.claim import read_claims
    from collapse_tui.experiment.loader import load
    from collapse_tui.experiment.schema import Top
    from engines.external.hub import MissingDownloadError

    label, content = document.read(name)
    found = Top().model_dump() | content
    missing = ""
    try:
        found = load(name).document
    except MissingDownloadError as error:
        # without its data it can be described, though not with every default filled in
        missing = str(error)
    claims = [claim.text for claim in read_claims(found.get("claims", []))]
    write_result(f"{label}: {found['title'] or label}")
    for line in (*_describe(found, claims), "", *_list_parameters(found)):
        write_result(line)
    if claims:
        write_result(f"{len(claims)} claims: collapse-tui reproduce {label}")
    if missing:
        write_message(f"note: {label} cannot run yet: {missing}")
    return 0


def _describe(found: "Document", claims: list[str]) -> Iterator[str]:
    from collapse_tui.experiment.schema import GROUPS

    labelled = (
        ("group", f"{found['group']}: {GROUPS.get(found['group'], '')}"),
        ("paper", found["paper"]), ("figure", found["figure"]), ("watch for", found["watch"]),
        *(("" if index else "claims", f"- {text}") for index, text in enumerate(claims)),
    )  # fmt: skip
    width = min(shutil.get_terminal_size().columns, 100)
    for label, text in labelled:
        if text:
            indent = " " * (13 if text.startswith("- ") else 11)
            yield textwrap.fill(f"{label:9}  {text}", width, subsequent_indent=indent)


def _list_parameters(found: "Document") -> Iterator[str]:
    from collapse_tui.experiment.interventions import read_interventions
    from collapse_tui.experiment.sweep import read_sweeps
    from engines.registry import find

    rows = [(key, found[key], "") for key in ("seed", "generations", "replicates")]
    for table in TABLES:
        values = found.get(table, {})
        fields: Any = find(table, values["name"]).model_fields if "name" in values else {}
        for key, value in values.items():
            description = fields[key].description if key in fields else None
            rows.append((f"{table}.{key}", value, description or ""))
    if "metrics" in found:
        rows.append(("metrics.names", found["metrics"]["names"], ""))
    width = max(len(key) for key, _, _ in rows)
    for key, value, description in rows:
        comment = f"   # {description}" if description else ""
        yield f"{key:{width}} = {_to_toml(value)}{comment}"
    for item in read_interventions(found.get("interventions", [])):
        changes = ", ".join(f"{key} = {_to_toml(value)}" for key, value in item.settings.items())
        yield f"from generation {item.at} on: {changes}"
    swept = read_sweeps(found.get("sweep", []))
    if swept:
        yield f"sweeps {', '.join(swept)}"


def _to_toml(value: Any) -> str:
    """Return a value as TOML on one line."""
    import tomli_w

    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        return "{ " + ", ".join(f"{key} = {_to_toml(item)}" for key, item in table.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_to_toml, cast("list[Any]", value))) + "]"
    return tomli_w.dumps({"value": value}).partition("=")[2].strip()


@app.command()
def check(
    preset: Annotated[list[str], typer.Argument(metavar="NAME|FILE…", autocompletion=preset_names)],
    *,
    set_: Settings = None,
) -> int:
    """Check that presets and files are experiments that can run, with some settings changed."""
    from collapse_tui.cli.overrides import parse_settings

    settings = parse_settings(set_ or (), {})
    for name in preset:
        write_result(_describe_check(name, settings))
    return 0


def _describe_check(name: str, settings: Mapping[str, Any]) -> str:
    import presets
    from collapse_tui.experiment.data_files import describe_files
    from collapse_tui.experiment.disk import describe_costs
    from collapse_tui.experiment.loader import load

    is_file = "/" in name or name.endswith(".toml") or name not in presets.names()
    path = f"./{name}" if is_file and "/" not in name else name
    experiment = load(path, **settings)
    setup = experiment.setup(0)
    more = [f"metrics {', '.join(experiment.metric_names)}"]
    if experiment.claims:
        from collapse_tui.reproduction.plan import resolve_claims

        count = len(resolve_claims(path))
        more.append(f"{count} claims that `collapse-tui reproduce` decides")
    more += filter(None, [describe_costs(experiment), describe_files(experiment)])
    changed = f" with {', '.join(settings)} changed" if settings else ""
    return (
        f"{name} can run{changed}: {experiment.document['source']['name']} data, engine"
        f" {setup.engine.name}, policy {setup.policy.name}, {experiment.generations} generations,"
        f" {experiment.replicates} replicates, {', '.join(more)}"
    )


@app.command()
def copy(name: Name, file: Annotated[Path, typer.Argument(metavar="FILE")]) -> int:
    """Copy a preset to a file of your own, to change it there."""
    import presets
    from collapse_tui.experiment import document
    from collapse_tui.experiment.toml_text import MOST_BYTES
    from engines.sources.readers.regular_file import read_whole

    document.read(name)
    source = presets.path(name) if name in presets.names() else Path(name).expanduser()
    target = file.expanduser()
    if target.suffix != ".toml":
        raise CommandError(f"{target} must end in .toml, so that --preset can tell it from a name")
    write_file(target, read_whole(source, MOST_BYTES), replace=False)
    shown = target if target.is_absolute() or len(target.parts) > 1 else f"./{target}"
    write_message(f"run it with: collapse-tui batch --preset {shown}")
    return 0
