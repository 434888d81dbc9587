"""The terms of the screen and the documentation, and what they mean: the table ``terms.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def load_terms() -> Mapping[str, str]:
    """Return what each term means; parts of programs and files stand in ``backquotes``."""
    table = files("collapse_tui.presentation") / "terms.toml"
    return tomllib.loads(table.read_text(encoding="utf-8"))


def explain_term(term: str) -> str:
    """Return what a term means, as plain text."""
    return load_terms()[term].replace("`", "")
