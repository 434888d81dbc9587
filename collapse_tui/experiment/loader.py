"""From the document of an experiment to a validated `Experiment`: all is checked before it runs."""

from collections.abc import Mapping
from typing import Any

from collapse_tui.experiment import document as text
from collapse_tui.experiment.capacity import require_memory
from collapse_tui.experiment.checks import check_experiment, check_kinds, select_metrics
from collapse_tui.experiment.claim import read_claims
from collapse_tui.experiment.document import Document
from collapse_tui.experiment.end_condition import read_end_conditions
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.interventions import read_interventions, setups_of
from collapse_tui.experiment.schema import KeepState, Top
from collapse_tui.experiment.sweep import read_sweeps
from collapse_tui.experiment.validation import build, configure
from collapse_tui.shell_word import to_shell_word
from collapse_tui.visible_text import to_visible_line
from engines.base import Source
from engines.errors import InvalidExperimentError, nearest
from engines.external.hub import MissingDownloadError
from engines.recursion import Setup
from engines.sources.binned import BinnedSource, Bins


def load(preset: str, /, **settings: Any) -> Experiment:
    """Return the experiment of a preset or a TOML file, with some of its values changed.

    Parameters
    ----------
    preset : str
        Name of a preset, or path of a TOML file.
    **settings : object
        Values by dotted key, e.g. ``seed=1, **{"engine.bandwidth": 0.1}``.

    Raises
    ------
    InvalidExperimentError
        With one sentence that says what is wrong and what would be right.
    """
    name, document = text.read(preset)
    return resolve(name, text.with_settings(document, settings), preset)


def resolve(name: str, document: Document, origin: str | None = None) -> Experiment:
    """Return the validated experiment that a document describes.

    Parameters
    ----------
    name : str
    document : dict
    origin : str or None
        The preset, file or run that it is from, for the command that fetches what is missing.

    Raises
    ------
    InvalidExperimentError
        With one sentence that says what is wrong and what would be right.
    """
    try:
        return _resolve(name, document)
    except MissingDownloadError as missing:
        known = to_shell_word(origin or text.fetch_argument(name))
        raise type(missing)(f"{missing}; `collapse-tui fetch {known}` {missing.remedy}") from None


def _resolve(name: str, document: Document) -> Experiment:
    _require_unicode(document)
    top = _top_level(document)
    source = _source(document["source"])
    tables = {
        "engine": dict(document["engine"]),
        "policy": {"name": "replace"} | document.get("policy", {}),
        "schedule": {"name": "constant"} | document.get("schedule", {}),
    }
    engine = build("engine", tables["engine"])
    source = engine.adapt_source(source)
    _default_size(tables["schedule"], source)
    interventions = read_interventions(document.get("interventions", []))
    first = Setup(
        engine, build("policy", tables["policy"]), build("schedule", tables["schedule"]), top.seed
    )
    setups = setups_of(tables, first, interventions)
    check_kinds(source, engine)
    ends = read_end_conditions(document.get("stop", []))
    metrics, left_out = select_metrics(document.get("metrics", {}), source, engine, ends)
    kept = {"keep": top.generations} if engine.keeps_all else {}
    state = configure(KeepState, "state", kept | document.get("state", {}))
    read_sweeps(document.get("sweep", []))
    experiment = Experiment(
        name=name,
        document=_complete(document, top, source, first)
        | {"metrics": {"names": list(metrics)}, "state": state.model_dump()}
        | {key: document[key] for key in text.LISTS if document.get(key)},
        title=top.title or to_visible_line(name),
        **top.model_dump(exclude={"format", "title", "group"}),
        source=source,
        interventions=interventions,
        setups=setups,
        metric_names=metrics,
        left_out=left_out,
        state=state,
        claims=read_claims(document.get("claims", [])),
        ends=ends,
    )
    check_experiment(experiment)
    return experiment


def _complete(document: Document, top: Top, source: Any, setup: Setup) -> Document:
    return {
        **top.model_dump(),
        "source": _source_table(document["source"], source),
        "engine": _table(setup.engine),
        "policy": _table(setup.policy),
        "schedule": _table(setup.schedule),
    }


def _require_unicode(document: Document) -> None:
    """Refuse what experiment.toml could not hold: bytes of file names that are no UTF-8."""
    for key, value in text.flatten(document).items():
        if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
            raise InvalidExperimentError(
                f"{key} must be text in UTF-8, got {value!r}: rename the file or folder"
            )


def _top_level(document: Document) -> Top:
    unknown = [key for key in document if key not in text.TOP]
    if unknown:
        raise InvalidExperimentError(f"unknown key {unknown[0]}: {nearest(unknown[0], text.TOP)}")
    top = configure(
        Top, "experiment", {key: document[key] for key in text.SCALARS if key in document}
    )
    if top.format != 1:
        raise InvalidExperimentError(
            f"format is {top.format}; this version of collapse-tui reads format 1"
        )
    for table in text.TABLES:
        if not isinstance(document.get(table, {}), dict):
            raise InvalidExperimentError(f"[{table}] must be a table of keys")
    for table in ("source", "engine"):
        if table not in document:
            raise InvalidExperimentError(f"the experiment has no [{table}] table")
    return top


def source_bytes(values: Mapping[str, Any]) -> float:
    """Return what the law of a source and its bins take, before either is made.

    Parameters
    ----------
    values : mapping
        The table of the source.
    """
    source, bins = build("source", _without_bins(values)), values.get("bins")
    memory = float(source.cost.memory)
    if text.is_table(bins):
        memory += configure(Bins, "source.bins", bins).cost.memory
    return memory


def _without_bins(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != "bins"}


def _source(values: Mapping[str, Any]) -> Source:
    source = build("source", _without_bins(values))
    require_memory([source.cost])
    if "bins" not in values:
        return source
    bins = values["bins"]
    if not text.is_table(bins):
        raise InvalidExperimentError("source.bins must be a table: {low, high, count}")
    if source.kind != "real":
        raise InvalidExperimentError(
            f"source.bins cuts one-dimensional numbers, but source {source.name!r} gives"
            f" {source.kind} data"
        )
    table = configure(Bins, "source.bins", bins)
    require_memory([table.cost])
    return BinnedSource(source, table)


def _default_size(schedule: dict[str, Any], source: Any) -> None:
    if "size" in schedule or schedule.get("name") == "list":
        return
    default = source.size or source.natural_size
    if default is None:
        raise InvalidExperimentError("schedule.size is missing: how many samples per generation?")
    schedule["size"] = default


def _source_table(values: Mapping[str, Any], source: Any) -> dict[str, Any]:
    table = _table(getattr(source, "source", source))
    return table | {"bins": dict(values["bins"])} if isinstance(source, BinnedSource) else table


def _table(config: Any) -> dict[str, Any]:
    return {"name": config.name} | config.model_dump(mode="json", exclude_none=True)
