"""The parts of a text: for training, for choosing the best epoch, for testing."""

from pathlib import Path
from typing import Any, NamedTuple

from engines.errors import InvalidExperimentError
from engines.external.hub import Download, parquet_files
from engines.sources.readers.text import embedded, read_text

KNOWN = {
    "wikitext-2": "Salesforce/wikitext/wikitext-2-raw-v1",
    "wikitext-103": "Salesforce/wikitext/wikitext-103-raw-v1",
}
"""Short names of data sets: ``owner/name/configuration``."""


class Texts(NamedTuple):
    """Three parts of a text, each a string."""

    training: str
    validation: str
    test: str


def parts_of(path: str | None, dataset: str | None, validation: float, test: float) -> Texts:
    """Return the parts of a text.

    Parameters
    ----------
    path : str or None
        Of a text file; with neither, Python's own reference.
    dataset : str or None
        A data set with parts of its own, whose shares are then not asked for.
    validation, test : float
        Shares of the characters of a plain text, taken from its end, whole words.

    Raises
    ------
    InvalidExperimentError
        If it cannot be read, or is not on this machine.
    """
    if dataset is not None:
        return Texts(*(_part(dataset, part) for part in ("train", "validation", "test")))
    text = embedded() if path is None else read_text(Path(path))
    first = _between_words(text, 1.0 - test - validation)
    second = _between_words(text, 1.0 - test) if validation else first
    return Texts(text[:first], text[first:second], text[second:])


def download_of(dataset: str) -> Download:
    """Return what of a data set is fetched."""
    owner, configuration = _split(dataset)
    return Download(owner, "dataset", (f"{configuration}/*.parquet",))


def _split(dataset: str) -> tuple[str, str]:
    name = KNOWN.get(dataset, dataset)
    owner, mark, configuration = name.rpartition("/")
    if not mark or "/" not in owner:
        raise InvalidExperimentError(
            f"source.dataset must be one of {', '.join(KNOWN)} or owner/name/configuration,"
            f" got {dataset!r}"
        )
    return owner, configuration


def _part(dataset: str, part: str) -> str:
    import pyarrow.parquet

    library: Any = pyarrow.parquet
    owner, configuration = _split(dataset)
    texts: list[str] = []
    for path in parquet_files(owner, f"{configuration}/{part}-*.parquet"):
        table = library.read_table(path)
        if "text" not in table.column_names:
            raise InvalidExperimentError(
                f"{path} has no column 'text', only {', '.join(table.column_names)}"
            )
        texts += table.column("text").to_pylist()
    return "".join(texts)


def _between_words(text: str, share: float) -> int:
    """Return the place after so large a share of a text, moved behind the word it falls in."""
    place = round(share * len(text))
    while 0 < place < len(text) and not text[place - 1].isspace():
        place += 1
    return place
