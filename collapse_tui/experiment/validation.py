"""From the tables of a preset to configurations; a sentence says what is wrong with a table."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from engines.config import Config
from engines.errors import InvalidExperimentError, nearest
from engines.registry import find

ConfigType = TypeVar("ConfigType", bound=Config)


def build(table: str, values: Mapping[str, Any]) -> Any:
    """Return the configuration that a table describes.

    Parameters
    ----------
    table : str
        ``"source"``, ``"engine"``, ``"policy"`` or ``"schedule"``.
    values : mapping
        Its keys, ``name`` among them.

    Raises
    ------
    InvalidExperimentError
        If the name or a key is unknown (the nearest one is given), or a value is wrong.
    """
    if "name" not in values:
        raise InvalidExperimentError(f"[{table}] has no name")
    cls = find(table, values["name"])
    return configure(cls, table, {key: value for key, value in values.items() if key != "name"})


def configure(cls: type[ConfigType], where: str, values: Mapping[str, Any]) -> ConfigType:
    """Return a configuration, or raise one sentence that names the fault.

    Raises
    ------
    InvalidExperimentError
        For an unknown key, a wrong type or a value out of range.
    """
    unknown = [key for key in values if key not in {*cls.model_fields, *cls.former_keys}]
    if unknown:
        name = getattr(cls, "name", where)
        known = nearest(unknown[0], cls.model_fields)
        raise InvalidExperimentError(
            f"unknown key {where}.{unknown[0]} of {where} {name!r}: {known}"
        )
    try:
        return cls(**values)
    except ValidationError as error:
        raise InvalidExperimentError(sentence(where, error)) from None


def sentence(where: str, error: ValidationError) -> str:
    """Return the first fault of a validation as a sentence that names the key and the value."""
    errors = error.errors(include_url=False)
    first, location = errors[0], _location(errors[0])
    key = ".".join(location if where == "experiment" else [where, *location])
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "missing":
        return f"{key} is missing"
    if first["type"] == "extra_forbidden":
        return f"unknown key {key}"
    if first["type"] == "value_error":
        return f"{key}: {message}"
    # The branches of a union fault the same key; other keys have faults of their own.
    same = [item for item in errors if _location(item) == location]
    wanted = "; or ".join(dict.fromkeys(_wanted(item) for item in same))
    return f"{key} {wanted}, got {_received(first['input'])}"


def _location(item: Any) -> list[str]:
    return [str(part) for part in item["loc"] if not _is_branch(part)]


def _is_branch(part: object) -> bool:
    # Names that pydantic gives to the branches of a union are not keys of the user's.
    text = str(part)
    return text in {"float", "int", "str"} or "[" in text or text.startswith("function-")


def _wanted(item: Any) -> str:
    message = str(item["msg"])
    if item["type"] == "too_short":
        return f"must have at least {item['ctx']['min_length']} entries"
    for start in ("Input should be a valid ", "Input should be ", "Value should have "):
        if message.startswith(start):
            article = "a valid " if "valid" in start else ""
            return f"must be {article}{message.removeprefix(start)}"
    return f"must satisfy: {message[0].lower()}{message[1:]}"


def _received(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
