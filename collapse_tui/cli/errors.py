"""The error of the command line itself."""

from engines.errors import CollapseError


class CommandError(CollapseError):
    """A command that cannot be carried out; the message is one sentence for the user.

    Attributes
    ----------
    exit_code : int
    """

    def __init__(self, message: str, *, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code: int = exit_code
