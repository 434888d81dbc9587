"""Hugging Face models and data sets in the cache on this machine; nothing here uses the network.

Without a network `transformers` retries for half a minute in silence when a file is missing.
Everything is therefore looked up in the cache first, and only `collapse-tui fetch` downloads.
"""

import warnings
from contextlib import redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, Literal

from engines.errors import InvalidExperimentError
from engines.external.libraries import transformers

MODEL_FILES = ("*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model.bin")
"""Files of a model that are downloaded; formats of other libraries are not."""
WEIGHTS = ("*.safetensors", "pytorch_model.bin")


@dataclass(frozen=True, slots=True)
class Download:
    """Files of one repository.

    Attributes
    ----------
    repository : str
        ``owner/name``.
    kind : str
        ``"model"`` or ``"dataset"``.
    patterns : tuple of str
        Patterns of the names of its files.
    """

    repository: str
    kind: Literal["model", "dataset"]
    patterns: tuple[str, ...]


class MissingDownloadError(InvalidExperimentError):
    """A download that the experiment needs is not on this machine."""


def is_cached(download: Download) -> bool:
    """Return whether a repository is in the cache, with the files that are always needed."""
    folder = cached_folder(download)
    wanted = WEIGHTS if download.kind == "model" else download.patterns
    return folder is not None and any(found for glob in wanted for found in folder.glob(glob))


def cache_folder() -> Path:
    """Return the folder of Hugging Face's cache."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def cached_folder(download: Download) -> Path | None:
    """Return the folder of the newest cached version of a repository, or None.

    Parameters
    ----------
    download : Download
    """
    import huggingface_hub

    library: Any = huggingface_hub
    try:
        found = library.snapshot_download(
            download.repository,
            repo_type=download.kind,
            cache_dir=cache_folder(),
            local_files_only=True,
        )
    except (library.errors.LocalEntryNotFoundError, library.errors.HFValidationError, OSError):
        return None
    return Path(found)


def model_folder(name: str) -> Path:
    """Return the folder of a model: a local path, or its files in the cache.

    Parameters
    ----------
    name : str
        Path of a folder, or ``owner/name``.

    Raises
    ------
    InvalidExperimentError
        If the name is a path without a model.
    MissingDownloadError
        If it is not on this machine.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    if name.startswith(("/", ".", "~")) or name.count("/") > 1:
        raise InvalidExperimentError(
            f"engine.model names the folder {name!r}, which does not exist"
        )
    download = model_download(name)
    folder = cached_folder(download)
    if folder is None or not is_cached(download):
        raise MissingDownloadError(
            f"the model {name!r} is neither a folder nor in the Hugging Face cache"
            f" ({cache_folder()})"
        )
    return folder


def read_pretrained(
    auto_class: str, name: str, gguf: str | None, what: str, **settings: Any
) -> Any:
    """Return what one of the Auto classes of `transformers` reads from a model's folder.

    Its warnings and progress bars are hidden.

    Parameters
    ----------
    auto_class : str
        ``"AutoConfig"``, ``"AutoTokenizer"``, …
    name : str
        Path of a folder, or ``owner/name``.
    gguf : str or None
        Name of the GGUF file in that folder, where it is one.
    what : str
        Name of the result, for the message.
    **settings
        Of ``from_pretrained``.

    Raises
    ------
    InvalidExperimentError
        If the library cannot read it, or the folder is not there.
    """
    if gguf is not None:
        settings["gguf_file"] = gguf
    folder = model_folder(name)
    try:
        # Some readers draw a progress bar and warn, whatever the library's settings.
        with redirect_stderr(StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reader = getattr(transformers(), auto_class)
            return reader.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False, **settings
            )
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise InvalidExperimentError(
            f"{what} {name!r} could not be read from {folder}: {' '.join(str(error).split())[:200]}"
        ) from None


def model_download(name: str) -> Download:
    """Return the download of a model."""
    return Download(name, "model", MODEL_FILES)


def parquet_files(dataset: str, pattern: str) -> list[Path]:
    """Return the cached Parquet files of a data set, in order of name.

    Parameters
    ----------
    dataset : str
        ``owner/name``.
    pattern : str
        Of their paths, such as ``"*/train-*.parquet"``.

    Raises
    ------
    MissingDownloadError
        If there are none.
    """
    folder = cached_folder(Download(dataset, "dataset", (pattern,)))
    found = sorted(folder.glob(pattern)) if folder else []
    if not found:
        raise MissingDownloadError(
            f"the data set {dataset!r} ({pattern}) is not in the Hugging Face cache"
            f" ({cache_folder()})"
        )
    return found


def read_parquet(path: Path, column: str) -> Any:
    """Return the table of a Parquet file.

    Parameters
    ----------
    path : Path
    column : str
        A column that it must have.

    Raises
    ------
    InvalidExperimentError
        If it does not have the column.
    """
    import pyarrow.parquet

    library: Any = pyarrow.parquet
    table = library.read_table(path)
    if column not in table.column_names:
        raise InvalidExperimentError(
            f"{path} has no column {column!r}, only {', '.join(table.column_names)}"
        )
    return table
