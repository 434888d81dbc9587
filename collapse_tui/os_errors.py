"""What the system refuses, as a cause and a remedy: one wording for every file and stream."""

import errno
import os
import shlex
from pathlib import Path

OWN_RIGHTS = 0o700
"""The rights of a file's owner, among those that a umask takes away."""
_NO_SPACE = "free some space, then try again"
_CAUSES = {
    errno.ENOSPC: f"the disk is full; {_NO_SPACE}",
    errno.EDQUOT: f"the disk quota is used up; {_NO_SPACE}",
    errno.EFBIG: "the limit on the size of files is reached; raise it (`ulimit -f`)",
    errno.EMFILE: "too many files are open; raise the limit (`ulimit -n`)",
    errno.ENFILE: "too many files are open on this machine; close other programs",
    errno.EIO: "the disk does not answer; look at its cable, its network or its log",
    errno.EROFS: "the disk is read-only; choose another place",
    errno.EACCES: "permission was denied; choose a place that you may use",
    errno.EPERM: "permission was denied; choose a place that you may use",
    errno.ENOENT: "there is no such folder, or it was moved or deleted meanwhile",
    errno.EEXIST: "a file is in the way; choose another folder",
    errno.ENOTDIR: "a file is in the way; choose another folder",
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
}


_READ_ONLY = {
    errno.EROFS: "the disk is read-only; mount it for writing, or copy the run to another one",
    errno.EACCES: "permission was denied; if the run is yours, `chmod -R u+w {}` gives it, else"
    " copy the run to a folder of yours",
}
_READ_ONLY[errno.EPERM] = _READ_ONLY[errno.EACCES]


def explain_os_error(error: OSError, stored: Path | None = None) -> str:
    """Return why the system refused something, and what helps, as a clause.

    Parameters
    ----------
    error : OSError
    stored : Path or None
        The folder of a run that is there already, and may be read-only.
    """
    number = error.errno or 0
    if stored is not None and number in _READ_ONLY:
        return _READ_ONLY[number].format(shlex.quote(str(stored)))
    if isinstance(error, PermissionError):
        mask = os.umask(0o077)
        os.umask(mask)
        if mask & OWN_RIGHTS:
            return (
                f"permission was denied: the umask {mask:03o} takes your own rights from what is"
                " made for you; set another (`umask 022`)"
            )
    if (
        number == errno.ENOENT
        and not str(error.filename or "/").startswith("/")
        and _lacks_folder()
    ):
        return "the working directory no longer exists: change to one that does, with cd"
    return _CAUSES.get(number, error.strerror or str(error))


def _lacks_folder() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - pathlib asks the same
    except FileNotFoundError:
        return True
    return False
