"""Hugging Face models and data sets in the cache on this machine; nothing here uses the network.

Without a network `transformers` retries for half a minute in silence when a file is missing.
Everything is therefore looked up in the cache first, and only `collapse-tui fetch` downloads.
"""

import warnings
from collections.abc import Iterable
from contextlib import redirect_stderr
from dataclasses import dataclass
from fnmatch import fnmatch
from io import StringIO
from pathlib import Path
from typing import Any, ClassVar, Literal

from engines.errors import InvalidExperimentError
from engines.external.cached_repository import read_repository
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

    @property
    def title(self) -> str:
        """Its kind in words."""
        return "model" if self.kind == "model" else "data set"


class MissingDownloadError(InvalidExperimentError):
    """A download that the experiment needs is not on this machine.

    Attributes
    ----------
    remedy : str
        What fetching does about it.
    """

    remedy: ClassVar[str] = "fetches what is missing"


class IncompleteDownloadError(MissingDownloadError):
    """A part of a download is on this machine."""

    remedy: ClassVar[str] = "gets the rest"


class DamagedDownloadError(MissingDownloadError):
    """A file of a download is not what was fetched."""

    remedy: ClassVar[str] = "fetches it again"


def choose_files(names: Iterable[str], download: Download) -> list[str]:
    """Return which files of a repository a download consists of, in order of name.

    Files in folders below a model are of other libraries; weights that exist as safetensors
    are not wanted a second time in another format.
    """
    is_model = download.kind == "model"
    chosen = sorted(
        name
        for name in names
        if any(fnmatch(name, pattern) for pattern in download.patterns)
        and not (is_model and "/" in name)
    )
    if is_model and any(fnmatch(name, WEIGHTS[0]) for name in chosen):
        return [name for name in chosen if name != WEIGHTS[1]]
    return chosen


def _is_weights(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in WEIGHTS)


def is_cached(download: Download) -> bool:
    """Return whether all files of a download are in the cache, and whole."""
    return cached_folder(download) is not None


def seems_cached(download: Download) -> bool:
    """Return whether the files of a download are there, by their names: none of them is read."""
    found = read_repository(repository_folder(download))
    wanted = found.list_wanted(lambda names: choose_files(names, download)) if found else []
    return found is not None and bool(wanted) and not found.list_missing(wanted)


def cache_folder() -> Path:
    """Return the folder of Hugging Face's cache."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


def repository_folder(download: Download) -> Path:
    """Return the folder that the cache has for a repository, whether it exists or not."""
    return cache_folder() / f"{download.kind}s--{download.repository.replace('/', '--')}"


def cached_folder(download: Download) -> Path | None:
    """Return the folder of the newest cached version of a repository, None unless it is whole."""
    try:
        return find_download(download)
    except InvalidExperimentError:
        return None


def find_download(download: Download) -> Path:
    """Return the folder of a download in the cache, all of its files compared with the listing.

    Parameters
    ----------
    download : Download

    Raises
    ------
    MissingDownloadError
        If nothing of it is there, a part of it, or a file is damaged.
    InvalidExperimentError
        If it is a model whose weights are in no format that is read.
    """
    title = f"the {download.title} {download.repository!r}"
    found = read_repository(repository_folder(download))
    wanted = found.list_wanted(lambda names: choose_files(names, download)) if found else []
    missing = found.list_missing(wanted) if found else []
    without_weights = download.kind == "model" and not any(map(_is_weights, wanted))
    if found is not None and found.listing and without_weights:
        raise InvalidExperimentError(f"{title} has no weights that are {' or '.join(WEIGHTS)}")
    if found is None or len(missing) == len(wanted) or without_weights:
        place = "neither a folder nor" if download.kind == "model" else "not"
        patterns = "" if download.kind == "model" else f" ({', '.join(download.patterns)})"
        raise MissingDownloadError(
            f"{title}{patterns} is {place} in the Hugging Face cache ({cache_folder()})"
        )
    if missing:
        raise IncompleteDownloadError(
            f"{len(wanted) - len(missing)} of {len(wanted)} files of {title} are there, without"
            f" {', '.join(missing[:3])}{', …' if len(missing) > 3 else ''}"
        )
    for name in wanted:
        damage = found.describe_damage(name)
        if damage is not None:
            raise DamagedDownloadError(
                f"the file {name} of {title} is damaged: {damage} ({found.folder / name})"
            )
    return found.folder


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
        If it is not on this machine, not all of it, or damaged.
    """
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    if name.startswith(("/", ".", "~")) or name.count("/") > 1:
        raise InvalidExperimentError(
            f"engine.model names the folder {name!r}, which does not exist"
        )
    return find_download(model_download(name))


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
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - each reader of weights and tokens has its own
        # in the cache its content has been compared: then it is not for fetching to mend
        raise InvalidExperimentError(
            f"{what} {name!r} could not be read from {folder}: {' '.join(str(error).split())[:200]}"
        ) from None


def model_download(name: str) -> Download:
    """Return the download of a model."""
    return Download(name, "model", MODEL_FILES)


def parquet_files(download: Download, pattern: str) -> list[Path]:
    """Return the cached Parquet files of a data set, in order of name.

    Parameters
    ----------
    download : Download
        All of its files must be there.
    pattern : str
        Of the paths to be read, such as ``"*/train-*.parquet"``.

    Raises
    ------
    MissingDownloadError
        If a file of the download is missing or damaged.
    InvalidExperimentError
        If none of its files match.
    """
    folder = find_download(download)
    found = sorted(folder.glob(pattern))
    if not found:
        raise InvalidExperimentError(
            f"the data set {download.repository!r} has no files {pattern} in {folder}"
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
        If it is no Parquet file, or does not have the column.
    """
    import pyarrow as pa
    import pyarrow.parquet

    arrow: Any = pa
    library: Any = pyarrow.parquet
    try:
        table = library.read_table(path)
    except (arrow.ArrowException, OSError) as error:
        raise InvalidExperimentError(
            f"{path} is no Parquet file that can be read: {' '.join(str(error).split())[:200]}"
        ) from None
    if column not in table.column_names:
        raise InvalidExperimentError(
            f"{path} has no column {column!r}, only {', '.join(table.column_names)}"
        )
    return table
