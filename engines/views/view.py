"""What the screen shows of one generation, as plain arrays.

A view is small and is stored with each record: it is all that is needed to scrub through a
finished run. It describes replicate 0.
"""

from dataclasses import dataclass, field

from engines.arrays import Arrays


@dataclass(frozen=True, slots=True)
class View:
    """Arrays to draw, named by what they are.

    Attributes
    ----------
    kind : str
        ``"histogram"`` (1-D), ``"states"`` (categorical), ``"scatter"`` (points), ``"weights"``
        (linear models), ``"tokens"`` (n-grams), ``"text"`` (language models) or ``"images"``. The
        screen picks its drawing by this name.
    arrays : dict of str to ndarray
        histogram: ``edges`` (b + 1,), ``real`` and ``now`` (b + 2,) shares of the points
        with the two overflow bins first and last, ``law`` (b,) exact mass of model n in
        each bin, ``theory`` (b,) exact mass of the law that theory gives for this
        generation: empty as stored, filled in only for the views that are displayed
        (`collapse_tui.execution.overlays.with_theory`).
        states: ``real`` and ``now`` (K,) probabilities of the source and of model n,
        ``values`` (K,) the number attached to each state (0 … K-1 if none).
        tokens: ``ranks`` (b,) ascending from 1, evenly on a logarithmic axis; ``real`` and
        ``now`` (b,) probability of the word of that rank, the source's words ranked by the
        source and model n's by model n (0 beyond its words): to be drawn on two logarithmic
        axes; ``alive`` (2,) words that model n still has, and words of the vocabulary. The
        note ``sample`` is a passage of it (record 0: the opening of the text).
        text: ``edges`` (b + 1,) perplexities, evenly on a logarithmic axis from 1; ``real`` and
        ``now`` (b + 2,) shares of the blocks of D_0 and of D_n by their perplexity under the
        reference model, overflow first and last, all three empty at generation 0. Notes ``prompt
        1`` … are fixed blocks of D_0, ``continuation 1`` … what model n writes after them (none
        at generation 0 without a pretrained model).
        images: ``real`` and ``now`` (m, h, w) up to 64 images of D_0 and of D_n, 0 to 1;
        ``latent_edges`` (b + 1,), ``latent_real`` and ``latent_now`` (b + 2,) shares of the
        coordinates of their latents under the reference encoder, overflow first and last, all
        three empty at generation 0; ``classes_real`` and ``classes_now`` (K,) shares of the
        classes, empty without labels. The note ``latent`` says what the histogram is of.
        scatter: ``real`` and ``now`` (m, 2) points, ``real_ellipses`` and
        ``now_ellipses`` (k, 2, 3) means and covariances as [mean | covariance]; ``axis_sds`` (2, 2)
        standard deviations of the source and of model n along the two directions where these are
        the first and the last principal axis of model n, else empty (and absent in runs stored
        before it was known).
        weights: ``real`` and ``now`` (d,) weights of the source and of model n (a ``scatter`` of
        number and value in runs stored before this kind was known).
        Of any kind: ``strip`` (c,) float32, at most 64 numbers that describe the generation from
        the low end of an axis up, ``strip_axis`` (2,) the two ends of that axis, and where the
        numbers of the real data are not those of record 0, ``strip_real`` (c,). A view of an
        earlier version has none; ``strip`` is empty where there is nothing to say yet.
    notes : dict of str to str
        Sentences to show beside it, e.g. how many points were drawn for it.
    strip : str
        What the numbers of ``strip`` are, a key of `engines.views.strip.STRIPS`; empty for none.
    """

    kind: str
    arrays: Arrays
    notes: dict[str, str] = field(default_factory=dict[str, str])
    strip: str = ""
