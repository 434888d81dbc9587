"""scipy.special is loaded without two packages of numpy, which are as before afterwards."""

import subprocess
import sys

CODE = """
import sys
import engines.numerics.special as special
unused = [name for name in ('numpy.f2py', 'numpy.testing') if name in sys.modules]
assert not unused, unused
import numpy as np
import scipy.special
assert special.ndtr is scipy.special.ndtr
assert np.testing.assert_allclose and np.f2py.main
from numpy.testing import assert_equal
import scipy.stats
"""


def test_numpy_is_as_before() -> None:
    subprocess.run([sys.executable, "-c", CODE], check=True)


def test_what_is_loaded_already_stays() -> None:
    code = "import numpy.f2py, numpy.testing as before\n" + CODE.replace("assert not", "assert")
    subprocess.run([sys.executable, "-c", code + "assert np.testing is before\n"], check=True)
