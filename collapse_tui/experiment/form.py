"""The form of an experiment: every setting with its kind of editor, made from its classes."""

from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from collapse_tui.experiment.document import Document, is_table
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.form_field import FieldKind, FormField
from collapse_tui.experiment.schema import KeepState, Top
from engines.config import Config, is_list
from engines.errors import CollapseError
from engines.metrics.registry import METRICS
from engines.registry import find, names
from engines.sources.binned import Bins

PLAIN = ("generations", "replicates", "seed")
"""Keys outside of tables that are settings; the others describe."""
TABLES = ("schedule", "policy", "engine", "source")
DEFAULT_NAMES = {"policy": "replace", "schedule": "constant"}

WORDS = {
    "schedule": "how many samples each generation has",
    "policy": "what the next generation is fitted to",
    "engine": "what is fitted",
    "source": "where the real data come from",
}
"""Table → what its name chooses."""


def form_fields(document: Document) -> list[FormField]:
    """Return the fields of a document, whether or not it is one that can run.

    Parameters
    ----------
    document : dict
        As it was read; what it leaves out has its default.
    """
    fields = [_field(key, Top.model_fields[key], document.get(key)) for key in PLAIN]
    for table in TABLES:
        values = document.get(table)
        fields += _table_fields(table, values if is_table(values) else {})
    state = document.get("state")
    fields += _fields("state", KeepState, state if is_table(state) else {})
    return fields


def metrics_field(experiment: Experiment) -> FormField:
    """Return the field that chooses the metrics, among those that exist for the experiment."""
    from collapse_tui.experiment.checks import metric_refusal

    engine = experiment.setup(0).engine
    known = {
        name: metric.sentence
        for name, metric in METRICS.items()
        if metric_refusal(name, experiment.source, engine) is None
    }
    chosen = list(experiment.metric_names)
    return FormField("metrics.names", "names", chosen, "what is measured", known)


def _table_fields(table: str, values: Mapping[str, Any]) -> list[FormField]:
    name = values.get("name", DEFAULT_NAMES.get(table))
    choices = {each: _first_sentence(table, each) for each in names(table)}
    first = FormField(f"{table}.name", "choice", name, WORDS[table], choices)
    try:
        cls = find(table, name)
    except CollapseError:
        return [first]
    fields = _fields(table, cls, values)
    if table == "source" and cls.kind == "real":
        bins = values.get("bins")
        fields += _fields("source.bins", Bins, bins if is_table(bins) else {})
    return [first, *fields]


def _first_sentence(table: str, name: str) -> str:
    try:
        return (find(table, name).__doc__ or "").strip().partition("\n")[0]
    except CollapseError as error:  # an engine of another package that cannot be loaded
        return str(error)


def _fields(table: str, cls: type[Config], values: Mapping[str, Any]) -> list[FormField]:
    found: list[FormField] = []
    for key, info in cls.model_fields.items():
        parts = list(_alternatives(info.annotation))
        inner = [part for part in parts if _is_config(part)]
        value = values.get(key)
        if inner:
            found += _fields(f"{table}.{key}", inner[0], value if is_table(value) else {})
        else:
            found.append(_field(f"{table}.{key}", info, value))
    return found


def _field(key: str, info: Any, value: Any) -> FormField:
    """Return the field of one key, by the type that the key has."""
    if value is None and not info.is_required():
        value = info.default
    description = info.description or ""
    parts = list(_alternatives(info.annotation))
    row = _row_class(parts)
    if row is not None:
        columns = tuple(_field(name, each, None) for name, each in row.model_fields.items())
        return FormField(key, "rows", value, description, {}, columns, row.keys_by)
    kind, choices = _kind(parts)
    return FormField(key, kind, _to_plain(value), description, choices)


def _kind(parts: Sequence[Any]) -> tuple[FieldKind, dict[str, str]]:
    listed = [str(each) for part in parts if get_origin(part) is Literal for each in get_args(part)]
    others = [part for part in parts if get_origin(part) is not Literal and part is not type(None)]
    optional = type(None) in parts
    if others == [bool]:
        automatic = {"": "found out", "true": "", "false": ""}
        return ("choice", automatic) if optional else ("switch", {})
    if listed and others:
        return "mixed", dict.fromkeys(listed, "")
    if listed:
        return "choice", dict.fromkeys(["", *listed] if optional else listed, "")
    return "value", {}


def _alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the types of a union, without what is annotated to them."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in {Union, UnionType}:
        for part in get_args(annotation):
            yield from _alternatives(part)
    else:
        yield annotation


def _is_config(part: Any) -> bool:
    return isinstance(part, type) and issubclass(part, Config)


def _row_class(parts: Sequence[Any]) -> type[Config] | None:
    """Return the class of the tables in a list of tables, None for anything else."""
    for part in parts:
        inner = get_args(part)[:1] if get_origin(part) is tuple else ()
        if inner and _is_config(inner[0]):
            return inner[0]
    return None


def _to_plain(value: Any) -> Any:
    return [_to_plain(item) for item in value] if is_list(value) else value
