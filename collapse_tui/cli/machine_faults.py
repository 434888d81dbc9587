"""What a machine refuses, in one sentence: limits, full disks, folders and users that are gone."""

import errno
import os
from collections.abc import Iterator
from typing import NamedTuple

from collapse_tui.os_errors import explain_os_error

STREAM = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EBADF, errno.EFBIG}
"""How writing to a stream fails, which has no name."""

PLACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM}
"""How the use of a place fails that has one: other errors there are defects of the program."""

NO_MEMORY = "there is not enough memory: close other programs, or lower the sizes"


class MachineFault(NamedTuple):
    """Why the machine does not let a command go on.

    Attributes
    ----------
    sentence : str
    exit_code : int
    """

    sentence: str
    exit_code: int = 1


def find_machine_fault(error: BaseException) -> MachineFault | None:
    """Return what the machine refused, if that is what led to an error."""
    return next(filter(None, map(_explain, _causes(error))), None)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _explain(error: BaseException) -> MachineFault | None:
    match error:
        case OSError():
            return _explain_system(error)
        case MemoryError():
            return MachineFault(NO_MEMORY)
        case RuntimeError() if "home directory" in str(error):
            return MachineFault("no home folder is known for ~: write the path out, or set HOME", 2)
        case RuntimeError() if "start new thread" in str(error):
            return MachineFault("no more threads may be started: raise the limit (`ulimit -u`)")
        case KeyError() if "getpwuid" in str(error):
            return MachineFault(
                f"user {os.getuid()} has no entry in the password file: set USER and HOME"
            )
        case _:
            return None


def _explain_system(error: OSError) -> MachineFault | None:
    reason, where = explain_os_error(error), error.filename
    match error.errno:
        case errno.EMFILE | errno.ENFILE:
            fault = MachineFault(f"cannot open {where or 'another file'}: {reason}")
        case errno.ENOMEM:
            fault = MachineFault(NO_MEMORY)
        case errno.EAGAIN:
            fault = MachineFault(
                f"cannot start a process: {reason.lower()}; raise the limit (`ulimit -u`)"
            )
        case errno.ENOENT if not where:
            fault = MachineFault(
                "the working directory no longer exists: change to one that does, with cd", 2
            )
        case number if number in STREAM and not where:
            fault = MachineFault(f"cannot write to standard output: {reason}")
        case number if number in PLACE and where:
            fault = MachineFault(f"cannot use {where}: {reason}")
        case _:
            fault = None
    return fault
