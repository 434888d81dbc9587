"""`fetch`: downloads the models and data sets of a preset when the user asks for it."""

from typing import TYPE_CHECKING, Annotated

import typer

from collapse_tui.cli.options import preset_names
from collapse_tui.cli.output import write_message, write_result

if TYPE_CHECKING:
    from collapse_tui.experiment.document import Document

GIGABYTE = 1e9


def fetch(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A preset, a path to TOML, or a run.", autocompletion=preset_names
        ),
    ],
) -> int:
    """Download the model and the data that a preset needs from Hugging Face."""
    from collapse_tui.experiment.downloads import downloads_of, fetch_files, list_files

    downloads = downloads_of(_read_document(name, context.obj))
    if not downloads:
        write_result(f"{name} needs nothing from the network")
    for download in downloads:
        files = list_files(download)
        size = sum(files.values()) / GIGABYTE
        count = f"{len(files)} file{'' if len(files) == 1 else 's'}"
        write_message(f"{download.title} {download.repository}: {count}, {size:,.2f} GB")
        write_result(f"{download.repository} is in {fetch_files(download, files)}")
    return 0


def _read_document(name: str, runs: str | None) -> "Document":
    from collapse_tui.experiment.document import read
    from collapse_tui.storage.catalogue import open_run
    from collapse_tui.storage.errors import StorageError
    from engines.errors import InvalidExperimentError

    try:
        return read(name)[1]
    except InvalidExperimentError as unknown:
        try:
            saved = open_run(name, runs)
        except StorageError:
            raise unknown from None
        return saved.document
