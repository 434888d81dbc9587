"""Why a run failed, as one sentence that names the engine."""

import numpy as np

from engines.errors import CollapseError
from engines.plugins import describe_error

FAILURES = (CollapseError, ArithmeticError, MemoryError, np.linalg.LinAlgError)
"""Errors that end a run in order; any other is a defect of the program."""


def explain_failure(error: BaseException, engine: str) -> str:
    """Return why a step failed: a sentence of a library's never stands alone.

    Parameters
    ----------
    error : BaseException
    engine : str
        Name of the engine in force.
    """
    if isinstance(error, CollapseError):
        return str(error)
    if isinstance(error, MemoryError):
        return f"there is not enough memory for engine {engine!r}: lower replicates or sizes"
    # the system's errors come as a number and words
    words = str(error.args[-1]) if error.args else type(error).__name__
    if isinstance(error, np.linalg.LinAlgError):
        return (
            f"engine {engine!r} meets a matrix that it cannot decompose ({words}): the numbers of"
            " this generation have collapsed or grown without bound"
        )
    if isinstance(error, ArithmeticError):
        return f"a number of engine {engine!r} leaves the range of floating point ({words})"
    return describe_error(error)
