"""`reproduce`: the claims of presets, decided by runs and printed."""

from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from collapse_tui import __version__
from collapse_tui.cli import options as opt
from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.output import write_file, write_json, write_message, write_result, write_table
from collapse_tui.visible_text import to_visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from collapse_tui.events import Event
    from collapse_tui.reproduction.by_seed import SeedVerdicts
    from collapse_tui.reproduction.plan import ClaimRun
    from collapse_tui.reproduction.stated_claim import AnyClaim

FAILED = 3


def reproduce(  # noqa: PLR0913 - one parameter an option
    *,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME…]", help="Presets, or paths to TOML.", autocompletion=opt.preset_names
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="The claims of every preset.")] = False,
    slow: Annotated[bool, typer.Option("--slow", help="Run the slow claims too.")] = False,
    seed: Annotated[
        str | None, typer.Option(metavar="S", help="Seed of all runs; default: each preset's own.")
    ] = None,
    seeds: Annotated[
        str, typer.Option(metavar="N", help="Number of seeds, one after the other from S on.")
    ] = "1",
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Run everything again, without stored results.")
    ] = False,
    anew: Annotated[bool, typer.Option("--anew", hidden=True)] = False,
    write: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the table as Markdown too."),
    ] = None,
    json: opt.Json = False,
) -> int:
    """Compare the claims of papers and laws with runs: expected, obtained, verdict."""
    from collapse_tui.cli.overrides import parse_integer
    from collapse_tui.reproduction.by_seed import group_by_claim
    from collapse_tui.reproduction.reproduce import decide_claims

    start = parse_integer(seed, "--seed")
    count = parse_integer(seeds, "--seeds", least=1) or 1
    claims = _read_claims(names or [], every=all_, seed=start, count=count)
    if write is not None:
        write = write.expanduser()
        if not write.parent.is_dir():
            raise CommandError(f"cannot write {write}: there is no folder {write.parent}")
    with ExitStack() as shown:
        on_run = partial(_show_run, shown)
        judged = decide_claims(claims, slow=slow, use_cache=not (no_cache or anew), on_run=on_run)
    found = group_by_claim(judged)
    _print(found, json=json)
    if write is not None:
        from collapse_tui.presentation.claims_page import render_claims_page

        page = to_visible(render_claims_page(found, __version__, whole=all_))
        write_file(write, page.encode(), replace=True)
    return 0 if all(item.good for item in found) else FAILED


def _show_run(
    shown: ExitStack, run: "ClaimRun", number: int, count: int
) -> "Callable[[Event], None]":
    """Show a run on standard error in place of the one before; return what takes its events."""
    from collapse_tui.cli.progress import Meter

    shown.close()
    meter = Meter(f"{run.experiment.name}, run {number} of {count}")
    shown.callback(meter.close)
    return meter.update


def _read_claims(
    names: Sequence[str], *, every: bool, seed: int | None, count: int
) -> "list[AnyClaim]":
    """Return the claims of presets at each seed; with `every` those that cannot run here too."""
    import presets
    from collapse_tui.experiment import document
    from collapse_tui.reproduction.plan import list_waiting_claims, resolve_claims
    from engines.external.hub import MissingDownloadError

    if not names and not every:
        raise CommandError("reproduce needs names of presets, or --all")
    ours = presets.names() if every else []
    chosen = [name for name in ours if "claims" in document.read(name)[1]]
    claims: list[AnyClaim] = []
    for name in dict.fromkeys([*chosen, *names]):
        try:
            for shift in range(count):
                claims += resolve_claims(name, seed=seed, shift=shift)
        except MissingDownloadError as missing:
            if name in names:
                raise
            write_message(f"{name} is not run: {missing}")
            claims += list_waiting_claims(name, f"needs collapse-tui fetch {name}")
    if not claims:
        raise CommandError(f"{', '.join(names) or 'no preset'}: there are no claims to decide")
    return claims


def _print(found: "Sequence[SeedVerdicts]", *, json: bool) -> None:
    from collapse_tui.presentation import claims_table
    from collapse_tui.presentation.verdict_text import summarize_verdicts

    if json:
        for item in found:
            for row in claims_table.judgements_to_dicts(item):
                write_json(row)
        return
    for preset in dict.fromkeys(item.first.resolved.preset for item in found):
        own = [item for item in found if item.first.resolved.preset == preset]
        heading = f"{preset}: {own[0].first.resolved.title}"
        write_table(*claims_table.build_judgement_table(heading, own))
        write_result("")
    write_message(summarize_verdicts(found))
