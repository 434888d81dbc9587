"""The view of images: some of D_n beside some real ones, their latents and their classes."""

import numpy as np

from engines.arrays import FloatArray
from engines.laws.images import ImageLaw
from engines.laws.law import narrow
from engines.metrics.images import class_shares, latents, rows_of
from engines.metrics.observation import Observation
from engines.views.points import reference_histograms
from engines.views.strip import LATENT, strip_of_bins
from engines.views.view import View

SHOWN = 64
"""Most images of a view, evenly spaced in D_0 and in D_n."""
EDGES = np.linspace(-4.0, 4.0, 61)
"""Edges of the latents' histogram: N(0, I) has 1 in 16,000 beyond."""


def view_images(observation: Observation) -> View:
    """Return the view of one generation: images, their latents, and the shares of classes."""
    counterpart = observation.real_counterpart
    shape = narrow(observation.source, ImageLaw).shape
    real, now = (
        rows_of(each.drawn, SHOWN)[0].reshape(-1, *shape) for each in (counterpart, observation)
    )
    edges, latent_real, latent_now = reference_histograms(observation, latents, lambda _: EDGES)
    arrays = {
        "real": real,
        "now": now,
        "latent_edges": edges,
        "latent_real": latent_real,
        "latent_now": latent_now,
        "classes_real": class_shares(counterpart)[0],
        "classes_now": class_shares(observation)[0],
        **strip_of_bins(*reference_histograms(observation, _widest_latent, lambda _: EDGES)),
    }
    return View("images", arrays, _notes(observation, len(now)), LATENT.name)


def _widest_latent(observation: Observation) -> list[FloatArray]:
    """Return that coordinate of the latents of D_n which varies most in D_0, (n,) each."""
    real = latents(observation.real_counterpart)
    return [
        now[:, int(before.var(axis=0).argmax())]
        for before, now in zip(real, latents(observation), strict=True)
    ]


def _notes(observation: Observation, shown: int) -> dict[str, str]:
    size = int(observation.drawn.sizes[0])
    notes = {} if shown == size else {"images": f"{shown:,} of {size:,} images kept"}
    if observation.first_law is None:
        return {**notes, "latent": "latents are drawn from generation 1 on: model 1 encodes them"}
    return {**notes, "latent": "means of the latents under model 1's encoder, all coordinates"}
