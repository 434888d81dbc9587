"""Frozen, strictly typed configurations: what a table of a preset becomes.

Every engine, source, policy and schedule is a `Config`. A wrong type, an
unknown key or a value out of range is refused when it is built, before
anything runs.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypeGuard

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Config(BaseModel):
    """Base of all configurations: immutable, no unknown keys, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _integral(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Return whether a value is a list, as TOML gives it, or a tuple."""
    return isinstance(value, list | tuple)


def _sequence(value: Any) -> Any:
    return tuple(_sequence(item) for item in value) if is_list(value) else value


Integer = Annotated[int, BeforeValidator(_integral)]
"""An integer; an integral float such as 1e9 is accepted."""
Size = Annotated[int, BeforeValidator(_integral), Field(ge=1)]
"""A number of samples, at least 1."""
Real = Annotated[float, BeforeValidator(_number), Field(allow_inf_nan=False)]
"""A finite number."""
Positive = Annotated[float, BeforeValidator(_number), Field(gt=0, allow_inf_nan=False)]
"""A finite number above 0."""
Share = Annotated[float, BeforeValidator(_number), Field(ge=0, le=1)]
"""A probability or share, 0 to 1."""
Sizes = Annotated[tuple[Size, ...], BeforeValidator(_sequence)]
"""A list of numbers of samples."""
Reals = Annotated[tuple[Real, ...], BeforeValidator(_sequence)]
"""A list of finite numbers."""
Shares = Annotated[tuple[Share, ...], BeforeValidator(_sequence)]
"""A list of probabilities."""
Matrix = Annotated[tuple[tuple[Real, ...], ...], BeforeValidator(_sequence)]
"""A list of rows of finite numbers."""
