"""Fetching what an experiment needs and this machine has not: models and data sets.

The only place that goes to the network, and only when the user asks for it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from collapse_tui.experiment.document import is_table
from collapse_tui.experiment.validation import build
from engines.errors import InvalidExperimentError
from engines.external.cached_repository import delete_damaged
from engines.external.hub import Download, cache_folder, choose_files, repository_folder

TIMEOUT = 10.0
"""Seconds after which a silent network counts as none."""


def downloads_of(document: Mapping[str, Any]) -> list[Download]:
    """Return what the source and the engine of an experiment may have to fetch.

    Neither is asked for its data, so that nothing of it need be there yet.

    Raises
    ------
    InvalidExperimentError
        If a table is missing or wrong.
    """
    found: list[Download] = []
    for table in ("source", "engine"):
        values = document.get(table)
        if not is_table(values):
            raise InvalidExperimentError(f"the experiment has no [{table}] table")
        plain = {key: value for key, value in values.items() if key != "bins"}
        found += getattr(build(table, plain), "downloads", ())
    return found


def list_files(download: Download) -> dict[str, int]:
    """Return the files of a download and their bytes, asked of the network.

    Raises
    ------
    InvalidExperimentError
        If there is no network, no such repository, or nothing in it that matches.
    """
    import huggingface_hub

    library: Any = huggingface_hub
    try:
        facts = library.HfApi().repo_info(
            download.repository, repo_type=download.kind, files_metadata=True, timeout=TIMEOUT
        )
    except library.errors.HfHubHTTPError as error:
        raise InvalidExperimentError(
            f"the {download.title} {download.repository!r} cannot be had from Hugging Face:"
            f" {_first_line(error)}"
        ) from None
    except Exception as error:  # noqa: BLE001 - whatever its network library raises
        raise InvalidExperimentError(
            f"Hugging Face cannot be reached ({_first_line(error)}): fetch"
            f" {download.repository} where there is a network, and copy its cache folder to"
            f" {cache_folder()}"
        ) from None
    sizes = {str(file.rfilename): int(file.size or 0) for file in facts.siblings}
    chosen = {name: sizes[name] for name in choose_files(sizes, download)}
    if not chosen:
        raise InvalidExperimentError(
            f"the {download.title} {download.repository!r} has no files that match"
            f" {', '.join(download.patterns)}"
        )
    return chosen


def fetch_files(download: Download, files: Mapping[str, int]) -> Path:
    """Fetch files into the Hugging Face cache and return their folder; what is whole there stays.

    Raises
    ------
    InvalidExperimentError
        If the network fails on the way; a repeated call goes on where it stopped.
    """
    import huggingface_hub

    library: Any = huggingface_hub
    delete_damaged(repository_folder(download), files)
    try:
        folder = library.snapshot_download(
            download.repository, repo_type=download.kind, allow_patterns=list(files)
        )
    except Exception as error:  # noqa: BLE001 - whatever its network library raises
        raise InvalidExperimentError(
            f"{download.repository} could not be fetched whole ({_first_line(error)}): the same"
            " command goes on where it stopped"
        ) from None
    return Path(folder)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).removesuffix(".")
