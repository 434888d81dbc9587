"""One field of a form for the settings of an experiment: plain values, which JSON can carry."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FieldKind = Literal["value", "choice", "mixed", "switch", "rows", "names"]
"""A value that is typed; one of several; one of several or a value; true or false; tables side by
side, such as the components of a mixture; some of several names."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A setting that can be edited.

    Attributes
    ----------
    key : str
        Dotted, such as ``engine.bandwidth``.
    kind : str
        See `FieldKind`.
    value : Any
        As in the preset, or the default; None where it has none.
    description : str
    choices : mapping of str to str
        What can be chosen → what it means, empty where that is known from the name.
    columns : tuple of FormField
        The keys of one table of ``"rows"``.
    keys_by : (str, mapping of str to tuple of str)
        A column, and for each of its values the other columns that go with it; those that stand
        nowhere go with all.
    """

    key: str
    kind: FieldKind
    value: Any
    description: str = ""
    choices: Mapping[str, str] = field(default_factory=dict[str, str])
    columns: "tuple[FormField, ...]" = ()
    keys_by: tuple[str, Mapping[str, tuple[str, ...]]] = ("", {})

    @property
    def table(self) -> str:
        """The table that it stands in, empty for the keys outside of tables."""
        return self.key.rpartition(".")[0]

    @property
    def reshapes(self) -> bool:
        """Whether another value brings other fields, as the name of a source or engine does."""
        return self.kind == "choice" and self.key.endswith(".name")

    def columns_of(self, row: Mapping[str, Any]) -> list["FormField"]:
        """Return the columns that one table of ``"rows"`` has."""
        by, keys = self.keys_by
        wanted = keys.get(str(row.get(by)), ())
        dependent = {key for some in keys.values() for key in some}
        return [one for one in self.columns if one.key not in dependent or one.key in wanted]


def to_field(plain: Mapping[str, Any]) -> FormField:
    """Return the field that JSON was made from."""
    by, keys = plain["keys_by"]
    return FormField(
        plain["key"], plain["kind"], plain["value"], plain["description"], plain["choices"],
        tuple(map(to_field, plain["columns"])),
        (by, {value: tuple(some) for value, some in keys.items()}),
    )  # fmt: skip
