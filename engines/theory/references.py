"""The sources of the laws, from references.toml: ``cite("dey2024", "eq. 3")`` names a place."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

OWN = "collapsetui"
"""Key of what was derived for this program, in docs/theory.md."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The source of a formula.

    Attributes
    ----------
    key : str
        BibTeX key, e.g. ``"shumailov2024"``.
    authors, title : str
    year : int
    link : str
        arXiv number or DOI.
    where : str
        Equation, theorem or figure.
    """

    key: str
    authors: str
    title: str
    year: int
    link: str
    where: str = ""


@cache
def references() -> dict[str, Reference]:
    """Return all references by key."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return {key: Reference(key, **fields) for key, fields in tomllib.loads(text).items()}


def cite(key: str, where: str) -> Reference:
    """Return the reference to an equation, theorem or section of a source."""
    return replace(references()[key], where=where)
