"""The table of strips: the title of each, what it says of one generation, and how bright it is.

Brightness depends on the numbers and on those of the real data alone, never on later generations:
what is on the screen stays as it is, and only new columns are painted.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from collapse_tui.number_format import format_fixed
from engines.arrays import FloatArray
from engines.views.view import View

Brightness = Callable[[FloatArray, FloatArray, int], FloatArray]
"""(numbers by pixel and column, those of the real data by pixel, cells in a pixel) → −1 to 1."""

Caption = Callable[[View, FloatArray, FloatArray], str]

CONTRAST = 10.0
"""How steeply small densities rise: of the largest real one, a tenth is a third as bright."""
LEAST_SHARE = 3e-4
"""The darkest share that is drawn, of the largest real one."""
DECADES = 2.5
"""Orders of magnitude below the largest real deviation that are drawn."""
BEYOND = 4.0
"""Weights up to this many times the largest real one differ in colour."""
DARKEST = 0.1
"""Brightness of what is just not nothing."""
NOTABLE = 0.05
"""Share beyond the axis from which on it is the one thing said."""


@dataclass(frozen=True, slots=True)
class StripKind:
    """A row of the table.

    Attributes
    ----------
    title : str
    brightness : callable
        See `Brightness`.
    caption : callable
        The view of a generation and its strip (c,), and that of the real data → the one fact about
        it that the strip shows; empty for none.
    whole : bool
        Only whole numbers are labelled on the axis.
    """

    title: str
    brightness: Brightness
    caption: Caption
    whole: bool = False


def density_brightness(values: FloatArray, real: FloatArray, cells: int) -> FloatArray:
    """Return the brightness of shares: that of a point mass is 1, of nothing 0."""
    largest = _largest(real) or _largest(values) or 1.0
    most = 1.0 / max(1, cells)
    return np.log1p(CONTRAST * values / largest) / np.log1p(CONTRAST * max(most / largest, 1.0))


def state_brightness(values: FloatArray, real: FloatArray, _cells: int) -> FloatArray:
    """Return the brightness of probabilities, by their logarithms; 0 only of states that died."""
    alive = real[real > 0]
    largest = _largest(real) or 1.0
    least = max(float(alive.min()) / 4 if alive.size else 0.0, LEAST_SHARE * largest)
    with np.errstate(divide="ignore", invalid="ignore"):
        bright = DARKEST + (1 - DARKEST) * np.log(values / least) / -np.log(least)
    return np.where(values > 0, np.clip(bright, DARKEST, 1.0), values)


def deviation_brightness(values: FloatArray, real: FloatArray, _cells: int) -> FloatArray:
    """Return the brightness of standard deviations, by their logarithms."""
    with np.errstate(divide="ignore", invalid="ignore"):
        decades = np.log10(values / (_largest(real) or 1.0))
    return np.where(values > 0, np.clip(0.85 * (1 + decades / DECADES), 0.0, 1.0), values)


def weight_brightness(values: FloatArray, real: FloatArray, _cells: int) -> FloatArray:
    """Return the brightness of weights, with their signs."""
    size = np.abs(values) / (_largest(np.abs(real)) or 1.0)
    return np.sign(values) * np.log1p(CONTRAST * size) / np.log1p(CONTRAST * BEYOND)


def _largest(values: FloatArray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.max()) if finite.size else 0.0


def describe_spread(view: View, now: FloatArray, real: FloatArray) -> str:
    """Return the standard deviation of a density, and that of the real one.

    A bound, where it is smaller than a cell can tell.
    """
    law = view.arrays.get("law")
    outside = 1.0 - float(law.sum()) if law is not None else 0.0
    if outside > NOTABLE:
        return f"{outside:.0%} lies beyond the axis"
    edges = _cell_edges(view, now.size)
    return f"sd {_deviation(edges, now)} (real {_deviation(edges, real)})"


def _cell_edges(view: View, cells: int) -> FloatArray:
    low, high = view.arrays["strip_axis"]
    return np.linspace(float(low), float(high), cells + 1)


def _deviation(edges: FloatArray, shares: FloatArray) -> str:
    middles, step = (edges[1:] + edges[:-1]) / 2, float(edges[1] - edges[0])
    total = float(shares.sum()) or 1.0
    mean = float(shares @ middles) / total
    # the variance within a bin counts twice otherwise: once as spread, once as rounding
    variance = float(shares @ (middles - mean) ** 2) / total - step**2 / 12
    if not variance > step**2 / 4:
        return f"below {_about(step / 2)}, too small for this picture"
    return _about(float(np.sqrt(variance)))


def _about(value: float) -> str:
    """Return a number to two digits: cells tell no more."""
    return format_fixed(float(f"{value:.2g}"), 2)


def describe_states(view: View, _now: FloatArray, _real: FloatArray) -> str:
    """Return how many states are alive."""
    alive, total = (int((view.arrays[who] > 0).sum()) for who in ("now", "real"))
    return f"{alive:,} of {total:,} states alive"


def describe_ranks(view: View, now: FloatArray, real: FloatArray) -> str:
    """Return how many states, or words, are alive."""
    if "alive" not in view.arrays:
        return describe_states(view, now, real)
    alive, total = (int(count) for count in view.arrays["alive"])
    return f"{alive:,} of {total:,} words alive"


def describe_axes(_view: View, now: FloatArray, real: FloatArray) -> str:
    """Return the largest and the smallest standard deviation, and the real ones."""
    ends = [_about(float(part)) for row in (now, real) for part in (row.max(), row.min())]
    return "sd {} to {} (real {} to {})".format(*ends)


def describe_perplexity(view: View, now: FloatArray, real: FloatArray) -> str:
    """Return the median perplexity, and that of the real text."""
    medians = [_median(view, shares) for shares in (now, real)]
    return "median perplexity {} (real {})".format(*medians)


def _median(view: View, shares: FloatArray) -> str:
    below = np.concatenate([[0.0], np.cumsum(shares)])
    return _about(10.0 ** float(np.interp(0.5, below, _cell_edges(view, shares.size))))


def describe_weights(view: View, _now: FloatArray, _real: FloatArray) -> str:
    """Return how far the weights are from the real ones."""
    error = np.linalg.norm(view.arrays["now"] - view.arrays["real"])
    return f"{format_fixed(float(error))} from the real weights"


STRIP_KINDS: Mapping[str, StripKind] = {
    "density": StripKind("density by generation", density_brightness, describe_spread),
    "states": StripKind("states by generation", state_brightness, describe_states, whole=True),
    "ranks": StripKind("ranks by generation", state_brightness, describe_ranks),
    "first-axis": StripKind(
        "density along the first principal axis", density_brightness, describe_spread
    ),
    "axes": StripKind(
        "sd along each principal axis", deviation_brightness, describe_axes, whole=True
    ),
    "latent": StripKind(
        "density of the latent that varies most", density_brightness, describe_spread
    ),
    "perplexity": StripKind(
        "perplexity under the first model", density_brightness, describe_perplexity
    ),
    "weights": StripKind("weights by generation", weight_brightness, describe_weights, whole=True),
}
"""By `engines.views.strip.Strip.name`."""
