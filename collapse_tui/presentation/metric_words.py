"""Metrics and topics as a reader names them: the keys (``w1``) stay in files and settings."""

from typing import NamedTuple

from collapse_tui.presentation.scene import split_topic


class MetricWords(NamedTuple):
    """A metric or topic in words.

    Attributes
    ----------
    short, long : str
        For columns and the ends of curves; for titles.
    sentence : str
        What it is.
    """

    short: str
    long: str
    sentence: str


def load_metric_words() -> None:
    """Load what `metric_words` reads. It takes a third of a second: call it in a worker."""
    metric_words("")


def metric_words(topic: str) -> MetricWords:
    """Return a topic in words; a name that is no metric stands for itself.

    The table of metrics is loaded with the run: before it is open there are no topics.
    """
    from engines.metrics.registry import METRICS

    name, of_variance = split_topic(topic)
    metric = METRICS.get(name)
    words = (
        MetricWords(name, name, "")
        if metric is None
        else MetricWords(metric.label, metric.title, metric.sentence)
    )
    if not of_variance:
        return words
    return MetricWords(
        f"var. {words.short}",
        f"variance over runs: {words.long}",
        f"variance over the replicates of {words.sentence}",
    )


def explain_metric(topic: str, words: MetricWords) -> list[str]:
    """Return what a topic is: as a formula says it, and in plain words where there are some."""
    from engines.metrics.plain_words import PLAIN_WORDS

    metric, of_variance = split_topic(topic)
    plain = PLAIN_WORDS.get(metric, "")
    if of_variance:
        spread = (
            "How much the runs differ from each other in it: theory often has a law of that too."
        )
        return [f"{_sentence(words.sentence)} {spread}", *([plain] if plain else [])]
    return [*([plain] if plain else []), _sentence(words.sentence)]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def name_metric(metric: str) -> str:
    """Return a metric in words, and its key; what is no metric stands for itself."""
    words = metric_words(metric).short
    return metric if words == metric else f"{words} ({metric})"
