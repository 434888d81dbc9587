"""Oracles of docs/theory.md §7: spread at finite M and distances as M tends to infinity."""

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from engines.laws.mixture import GammaShape, MixtureLaw, NormalShape, UniformShape
from engines.laws.normal import NormalLaw
from engines.numerics.kernels import KERNELS
from engines.theory.case import Case
from engines.theory.kde import limit as kde_limit
from engines.theory.kde import moments as kde
from engines.theory.kde.convolution import convolve
from engines.theory.second_moments.base import initial_moments
from engines.theory.second_moments.mixture import mixture_moments

Agrees = Callable[[float, str], bool]
MakeCase = Callable[..., Case]
Make = SimpleNamespace

_LEFT, _RIGHT, _BLOCK = NormalShape(-2, 0.5), NormalShape(3, 1), UniformShape(-4, -3)
_ELEVENTHS = np.array([3, 3, 3, 2]) / 11
LAWS = {
    "A": MixtureLaw(np.array([0.375, 0.375, 0.25]), (_LEFT, _RIGHT, _BLOCK)),
    "B": MixtureLaw(_ELEVENTHS, (NormalShape(0, 0.1), _LEFT, _RIGHT, _BLOCK)),
    "C": MixtureLaw(_ELEVENTHS, (GammaShape(2, 4), _LEFT, _RIGHT, _BLOCK)),
    "D": NormalLaw(np.zeros(1), np.ones(1)),
}

TABLE = """
A .5 1 8.4271 .11225 .16022 .48117 .10850 .14975
A .5 10 10.6771 .60196 .80634 2.78216 .42763 .37619
A .5 30 15.6771 1.11545 1.54168 6.51130 .67478 .49089
A .5 300 83.1771 4.97625 6.54973 42.57615 1.32628 .69407
A .1 1 8.1871 .00634 .01281 .06751 .01733 .02384
A .1 10 8.2771 .05324 .07861 .25894 .06039 .09197
A .1 30 8.4771 .12905 .18407 .54639 .12181 .16310
A .1 300 11.1771 .67369 .90013 3.22074 .47010 .39867
B .5 1 6.2493 .15271 .21744 .80747 .36241 .28452
B .5 10 8.4993 .45464 .66956 2.33983 .62236 .41662
B .5 30 13.4993 .98396 1.39111 5.31834 .75678 .47011
B .5 300 80.9993 5.17234 6.65237 41.18651 1.46662 .68267
B .1 1 6.0093 .01357 .02389 .08371 .03755 .06261
B .1 10 6.0993 .08578 .12947 .53041 .23410 .20834
B .1 30 6.2993 .16853 .23812 .86713 .38892 .29918
B .1 300 8.9993 .50597 .74877 2.64615 .63995 .42460
C .5 1 29.2548 .08726 .13354 .35011 .07836 .10961
C .5 10 31.5048 .47716 .64628 1.94813 .28746 .27950
C .5 30 36.5048 .89902 1.21134 4.41101 .43949 .36661
C .5 300 104.0048 4.10909 5.43767 25.99112 .83313 .53180
C .1 1 29.0148 .00486 .01089 .04911 .01261 .01737
C .1 10 29.1048 .04108 .06619 .18851 .04395 .06716
C .1 30 29.3048 .10049 .15298 .39731 .08769 .11947
C .1 300 32.0048 .53528 .71896 2.24397 .31434 .29649
D .5 1 1.25 .09418 .11803 .01343 .01157 .05394
D .5 10 3.5 .69482 .87083 .62362 .26924 .29362
D .5 30 8.5 1.52833 1.91548 2.67997 .62886 .47384
D .5 300 76 6.15791 7.71780 35.33463 1.67195 .77392
D .1 1 1.01 .00398 .00499 .00002 .00002 .00241
D .1 10 1.1 .03894 .04881 .00234 .00220 .02306
D .1 30 1.3 .11184 .14018 .01882 .01580 .06339
D .1 300 4 .79788 1 .80685 .31815 .32267
"""
DISTANCES = (
    kde_limit.w1,
    kde_limit.w2,
    kde_limit.kl,
    kde_limit.kl_reverse,
    kde_limit.tv,
)


@pytest.mark.parametrize("row", TABLE.strip().splitlines())
def test_table(make: Make, make_case: MakeCase, row: str) -> None:
    name, bandwidth, n, variance, *oracles = row.split()
    law = LAWS[name]
    engine = make.engine("kde", bandwidth=float(bandwidth))
    case = make_case(30_000, int(n), source=make.real(law), engines=engine)
    grid = convolve(case, int(n))
    middle = (grid.edges[1:] + grid.edges[:-1]) / 2
    mean = grid.model @ middle
    assert grid.model @ (middle - mean) ** 2 == pytest.approx(float(variance), abs=1e-4)
    found = [distance(grid) for distance in DISTANCES]
    assert found == pytest.approx([float(text) for text in oracles], abs=1e-4)


def test_closed_form_of_a_normal_source(make: Make, make_case: MakeCase) -> None:
    case = make_case(
        100, 200, source=make.normal(1.0, 4.0), engines=make.engine("kde", bandwidth=0.8)
    )
    t = 1 + np.arange(201) * 0.16
    for distance, closed in (
        (kde_limit.w1, 2 * np.sqrt(2 / np.pi) * (np.sqrt(t) - 1)),
        (kde_limit.w2, 2 * (np.sqrt(t) - 1)),
        (kde_limit.kl, (t - 1 - np.log(t)) / 2),
        (kde_limit.kl_reverse, (1 / t - 1 + np.log(t)) / 2),
    ):
        assert kde_limit.distance_curve(case, distance) == pytest.approx(closed, abs=1e-4)


def test_curve_stops_with_replacement_and_follows_changes(make: Make, make_case: MakeCase) -> None:
    engines = [make.engine("kde", bandwidth=0.1)] * 4 + [make.engine("kde", bandwidth=0.5)] * 7
    policies = [make.policy()] * 8 + [make.policy(fresh=0.5)] * 3
    case = make_case(50, 10, engines=engines, policies=policies)
    curve = kde_limit.distance_curve(case, kde_limit.w2)
    total = np.cumsum([0, *[0.01] * 3, *[0.25] * 5])
    assert curve[:9] == pytest.approx(np.sqrt(1 + total) - 1, abs=1e-4)
    assert np.all(np.isnan(curve[9:]))


@pytest.mark.parametrize("kernel", ["tophat", "epanechnikov", "exponential", "linear", "cosine"])
def test_other_kernels_against_samples(make: Make, make_case: MakeCase, kernel: str) -> None:
    generator, count = np.random.Generator(np.random.PCG64(9)), 200_000
    case = make_case(100, 3, engines=make.engine("kde", kernel=kernel, bandwidth=0.7))
    points = generator.standard_normal(count)
    for _ in range(3):
        points += 0.7 * KERNELS[kernel].draw(count, generator)
    edges = np.linspace(-6, 6, 25)
    counts = np.histogram(points, edges)[0]
    expected = count * kde_limit.bin_masses(case, 3, edges)
    assert np.all(np.abs(counts - expected) < 4.5 * np.sqrt(expected + 1))
    assert not np.all(np.abs(counts - count * kde_limit.bin_masses(case, 2, edges)) < 1000)


def test_bounded_support_makes_kl_infinite_but_not_its_reverse(
    make: Make, make_case: MakeCase
) -> None:
    law = MixtureLaw(np.ones(1), (UniformShape(0, 1),))
    case = make_case(100, 2, source=make.real(law), engines=make.engine("kde", bandwidth=0.1))
    assert np.isinf(kde_limit.distance_curve(case, kde_limit.kl)[1])
    assert np.isfinite(kde_limit.distance_curve(case, kde_limit.kl_reverse)[1])


def test_mass_in_bins(make: Make, make_case: MakeCase) -> None:
    from scipy.special import ndtr

    case = make_case(100, 5, engines=make.engine("kde", bandwidth=0.5))
    edges = np.linspace(-3, 3, 13)
    for n in (0, 1, 5):
        exact = np.diff(ndtr(edges / np.sqrt(1 + 0.25 * n)))
        assert kde_limit.bin_masses(case, n, edges) == pytest.approx(exact, abs=1e-5)


def test_spread_at_finite_size(agrees: Agrees, make_case: MakeCase) -> None:
    start = initial_moments(make_case(50, 1), 1.0)
    found = kde.sample_variance(start.mean_of_var, 50, 0.09, 100)
    assert agrees(found[100], "3.95511")
    assert not agrees(found[99], "3.95511")
    centre = start.var_of_mean + kde.sample_mean_variance(start.mean_of_var, 50, 0.09, 100)[100]
    assert agrees(centre, "6.04489")
    assert found[100] + centre == pytest.approx(10)
    assert kde.sample_variance(1.0, 50, 0.09, 10_000)[-1] == pytest.approx(4.41)


@pytest.mark.parametrize(
    ("size", "factor", "oracle"),
    [
        (100, 1.0, "1.148489"),
        (100, (4 / 3) ** 0.2, "1.167818"),
        (1000, 1.0, "1.062096"),
        (30000, 1.0, "1.016153"),
    ],
)
def test_growth(agrees: Agrees, size: int, factor: float, oracle: str) -> None:
    assert agrees(kde.growth_rate(size, factor), oracle)
    assert agrees(kde.growth_rate(100, 1.0) ** 30, "63.6515")


def test_recursion_is_the_closed_form(make: Make, make_case: MakeCase) -> None:
    """Given D_0, so from a start that is not random."""
    source = make.real(LAWS["D"], rows=50)
    case = make_case(50, 100, source=source, engines=make.engine("kde", bandwidth=0.3))
    found = mixture_moments(case, 1.0)
    assert found.sample_mean_of_var == pytest.approx(kde.sample_variance(1.0, 50, 0.09, 100))
    assert found.sample_var_of_mean == pytest.approx(kde.sample_mean_variance(1.0, 50, 0.09, 100))
    assert found.mean_of_var[1:] == pytest.approx(found.sample_mean_of_var[:-1] + 0.09)


def test_scott_recursion_is_geometric(make: Make, make_case: MakeCase) -> None:
    case = make_case(100, 30, engines=make.engine("kde", bandwidth="scott"))
    found = mixture_moments(case, 1.0)
    unbiased = found.sample_mean_of_var * 100 / 99
    assert unbiased == pytest.approx(kde.growth_rate(100, 1.0) ** np.arange(31))


@pytest.mark.parametrize(
    ("rule", "fixed", "scaled"),
    [
        (0.3, 0.09, 0.0),
        ("scott", 0.0, 100**-0.4),
        ("silverman", 0.0, 1.1220 * 100**-0.4),
        ("scott-sklearn", 100**-0.4, 0.0),
        ("silverman-sklearn", (300 / 4) ** -0.4, 0.0),
    ],
)
def test_rules(rule: float | str, fixed: float, scaled: float) -> None:
    assert kde.squared_bandwidth(rule, 100) == pytest.approx((fixed, scaled), rel=1e-4)
