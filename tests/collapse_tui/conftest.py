"""Made-up views that the tests of drawings and of the screen share."""

from collections.abc import Callable

import numpy as np
import pytest

from engines.views.view import View


def shares_of(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the shares of values by bin, overflow first and last."""
    places = np.searchsorted(edges, values, side="right")
    return np.bincount(places, minlength=edges.size + 1) / values.size


def image_view(n: int, side: int = 8) -> View:
    """Return rings of different widths that melt into one spot."""
    draw = np.random.Generator(np.random.PCG64([8, n]))
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    radii = np.linspace(0.2, 0.9, 64)[:, None, None]
    real = np.exp(-(((np.hypot(x, y) - radii) / 0.2) ** 2))
    fade = 0.97**n
    now = np.clip(fade * real[::-1] + (1 - fade) * real.mean(axis=0), 0, 1)
    classes, edges = np.full(10, 0.1), np.linspace(-4, 4, 41)
    melted = classes * np.where(np.arange(10) < n / 10, 0, 1)
    latents = (np.empty(0),) * 3
    if n:
        normal = draw.normal(size=4000)
        latents = (edges, shares_of(normal, edges), shares_of(normal * fade, edges))
    names = ("latent_edges", "latent_real", "latent_now")
    arrays = {"real": real, "now": now, **dict(zip(names, latents, strict=True)),
              "classes_real": classes, "classes_now": melted / melted.sum()}  # fmt: skip
    notes = {"images": "64 of 1,797 images shown", "latent": "latents from generation 1 on"}
    return View("images", arrays, notes)


def text_view(n: int) -> View:
    """Return perplexities that fall, and what is written."""
    draw = np.random.Generator(np.random.PCG64([9, n]))
    logs, edges = draw.normal(3.6, 0.5, 4000), np.geomspace(1, 1000, 41)
    notes = {"prompt 1": "some started before", "continuation 1": "1360 jackrabbits " * 30,
             "prompt 2": "The city 東京", "continuation 2": "is the capital\nof Japan"}  # fmt: skip
    none = np.empty(0)
    if n == 0:
        return View("text", {"edges": none, "real": none, "now": none}, notes)
    real, now = (shares_of(np.exp(values), edges) for values in (logs, logs - 0.02 * n))
    return View("text", {"edges": edges, "real": real, "now": now}, notes)


MADE: dict[str, Callable[[int], View]] = {"images": image_view, "text": text_view}


@pytest.fixture
def made_views() -> dict[str, Callable[[int], View]]:
    """Return made-up views of each kind, by generation."""
    return MADE
