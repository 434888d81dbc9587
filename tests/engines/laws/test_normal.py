"""The normal law where its numbers end."""

import numpy as np

from engines.laws.normal import NormalLaw


def test_the_logarithm_of_a_deviation_that_lost_its_digits_is_undefined():
    sds = np.array([1.0, 1e-300, 1e-310, 5e-324, 0.0])
    logs = NormalLaw(np.zeros(5), sds).log_sd()
    np.testing.assert_allclose(logs[:2], [0.0, -300 * np.log(10)], rtol=1e-15)
    assert np.isnan(logs[2:4]).all()
    assert logs[4] == -np.inf
