"""The answer to what a run would be: plain values, which JSON can carry."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from collapse_tui.experiment.form_field import FormField, to_field


@dataclass(frozen=True, slots=True)
class Examination:
    """The answer to "what would this run be?".

    Attributes
    ----------
    fields : sequence of FormField
        The settings with the values of the preset.
    claims : sequence of str
        The claims of its paper, one sentence each.
    estimate : str
        Its size, time, memory and disk in a line; empty where it cannot run.
    refusal : str
        Why it cannot run, in one sentence; empty where it can.
    at : str
        The key that the refusal names; empty where it names none.
    lacks_data : bool
        Whether it cannot run only because a model or data are not on this machine.
    """

    fields: Sequence[FormField] = ()
    claims: Sequence[str] = ()
    estimate: str = ""
    refusal: str = ""
    at: str = ""
    lacks_data: bool = False

    def to_plain(self) -> dict[str, Any]:
        """Return what JSON can carry."""
        return asdict(self)


def to_examination(plain: Mapping[str, Any]) -> Examination:
    """Return the examination that JSON was made from."""
    fields = tuple(map(to_field, plain["fields"]))
    return Examination(
        fields, tuple(plain["claims"]), plain["estimate"], plain["refusal"], plain["at"],
        plain["lacks_data"],
    )  # fmt: skip
