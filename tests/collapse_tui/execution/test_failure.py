"""A sentence of a library never stands alone: the engine is named, and what was met."""

import numpy as np
import pytest

from collapse_tui.execution.failure import explain_failure
from engines.errors import GenerationError

ERRORS = {
    "SVD did not converge": np.linalg.LinAlgError("SVD did not converge"),
    "Numerical result out of range": OverflowError(34, "Numerical result out of range"),
    "float division by zero": ZeroDivisionError("float division by zero"),
    "not enough memory": MemoryError(),
    "KeyError: 'w1'": KeyError("w1"),
    "as it is": GenerationError("as it is"),
}


@pytest.mark.parametrize("words", ERRORS)
def test_a_failure_is_a_sentence(words):
    said = explain_failure(ERRORS[words], "kde")
    assert words in said
    assert "(34" not in said
    named = isinstance(ERRORS[words], (ArithmeticError, MemoryError, np.linalg.LinAlgError))
    assert ("engine 'kde'" in said) is named
