"""The experiment of a stored run, made again from its file."""

from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import resolve
from collapse_tui.shell_word import to_shell_word
from collapse_tui.storage.saved import SavedRun
from engines.errors import InvalidExperimentError
from engines.sources.readers.regular_file import MissingFileError


def stored_experiment(saved: SavedRun) -> Experiment:
    """Return the experiment of a stored run.

    Raises
    ------
    InvalidExperimentError
        If its data are no longer where they were; the message says what helps.
    """
    try:
        return resolve(saved.name, saved.document, str(saved.path))
    except MissingFileError as error:
        raise InvalidExperimentError(
            f"{error}: move it back, or put a link there to where it is now:"
            f" `ln -s NEW_PATH {to_shell_word(str(error.path))}`; {saved.path} goes on where the"
            " content is the same"
        ) from None
