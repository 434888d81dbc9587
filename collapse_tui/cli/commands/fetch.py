"""`fetch`: models and data sets of a preset, from the network, when the user asks."""

from collapse_tui.cli.output import put, say
from collapse_tui.experiment.document import Document, parse, read
from collapse_tui.experiment.downloads import downloads_of, fetch_files, list_files
from collapse_tui.storage import SavedRun, locate, runs_folder
from collapse_tui.storage.errors import StorageError
from engines.errors import InvalidExperimentError

GIGABYTE = 1e9


def fetch_for(name: str, runs: str | None) -> int:
    """Fetch all that an experiment needs; return the exit code.

    Parameters
    ----------
    name : str
        A preset, a path to TOML, or a run.
    runs : str or None
        The runs folder.
    """
    downloads = downloads_of(_document(name, runs))
    if not downloads:
        put(f"{name} needs nothing from the network")
        return 0
    for download in downloads:
        files = list_files(download)
        size = sum(files.values()) / GIGABYTE
        plural = "" if len(files) == 1 else "s"
        say(f"{download.kind} {download.repository}: {len(files)} file{plural}, {size:,.2f} GB")
        put(f"{download.repository} is in {fetch_files(download, files)}")
    return 0


def _document(name: str, runs: str | None) -> Document:
    try:
        return read(name)[1]
    except InvalidExperimentError as unknown:
        try:
            saved = SavedRun.open(locate(name, runs_folder(runs)))
        except StorageError:
            raise unknown from None
        return parse(saved.experiment_text, str(saved.path))
