"""How a language model continues a text: beams, the most probable token, or a draw.

References
----------
.. [1] E. J. Gumbel, "Statistical Theory of Extreme Values", 1954: arg max of ln p_i - ln E_i, E_i
   independent standard exponential variables, is i with probability p_i.
.. [2] N. S. Keskar et al., "CTRL", 2019, arXiv:1909.05858 (repetition penalty).
.. [3] A. Holtzman et al., "The Curious Case of Neural Text Degeneration", 2019, arXiv:1904.09751
   (top-p).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engines.arrays import IntArray
from engines.external.libraries import torch, transformers


@dataclass(frozen=True, slots=True)
class Decoding:
    """How tokens are chosen.

    Attributes
    ----------
    rule : str
        ``"beam"``, ``"greedy"`` or ``"sample"``.
    beams : int
    temperature : float
    top_k : int
        0 for all tokens.
    top_p : float
        1 for all tokens.
    penalty : float
        1 for none [2].
    """

    rule: str
    beams: int
    temperature: float
    top_k: int
    top_p: float
    penalty: float

    @property
    def width(self) -> int:
        """Continuations kept of each prompt."""
        return self.beams if self.rule == "beam" else 1


def generate(
    module: Any, prompts: IntArray, decoding: Decoding, end: int | None, seed: int
) -> IntArray:
    """Return as many new tokens as each prompt has.

    Parameters
    ----------
    module : torch module
        In evaluation mode.
    prompts : ndarray of int, shape (n, L)
    decoding : Decoding
    end : int or None
        Token that ends a text; it is never chosen.
    seed : int
        Of the draws.

    Returns
    -------
    ndarray of int, shape (n, L)
    """
    library = torch()
    device = module.device
    rows = library.from_numpy(np.ascontiguousarray(prompts)).to(device)
    length = rows.shape[1]
    config = transformers().GenerationConfig(
        max_new_tokens=length,
        min_new_tokens=length,
        do_sample=False,
        num_beams=decoding.width,
        repetition_penalty=decoding.penalty,
        eos_token_id=end,
        pad_token_id=0 if end is None else end,
        use_cache=True,
    )
    # Otherwise the model's own configuration would replace settings left at their default.
    module.generation_config = config
    with library.no_grad():
        written = module.generate(
            input_ids=rows,
            attention_mask=library.ones_like(rows),
            generation_config=config,
            logits_processor=_processors(decoding, device, seed),
        )
    return written[:, length:].cpu().numpy()


def _processors(decoding: Decoding, device: Any, seed: int) -> Any:
    """Return processors by which the largest score is an exact draw [1]; none for other rules.

    The library's own sampling draws from a generator that the whole process shares.
    """
    library = transformers()
    if decoding.rule != "sample":
        return library.LogitsProcessorList()
    generator = torch().Generator(device).manual_seed(seed)
    processors: list[Any] = []
    if decoding.temperature != 1.0:
        processors.append(library.TemperatureLogitsWarper(decoding.temperature))
    if decoding.top_k > 0:
        processors.append(library.TopKLogitsWarper(decoding.top_k))
    if decoding.top_p < 1.0:
        processors.append(library.TopPLogitsWarper(decoding.top_p))

    def add_gumbel_noise(_tokens: Any, scores: Any) -> Any:
        drawn = torch().empty_like(scores).exponential_(generator=generator)
        return scores - drawn.log()

    return library.LogitsProcessorList([*processors, add_gumbel_noise])
