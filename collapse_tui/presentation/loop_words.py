"""The experiment as the loop that it is, in one line: what is fitted to what, and what is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span, single_width
from collapse_tui.visible_text import to_visible_line

if TYPE_CHECKING:
    from engines.base import Source
    from engines.recursion import Setup

ARROW = " ─▶ "
REFIT = "refit"
HEADS = ("REAL", "FIT", "SAMPLE", "KEEP")
LEAST = 6
"""Characters that are left of words that must be cut."""


@dataclass(frozen=True, slots=True)
class LoopWords:
    """The loop in words: what is real, fitted, sampled and kept.

    Attributes
    ----------
    short, long : sequence of str
        Those four, in a few words and with the settings that matter.
    changed : frozenset of int
        Which of the four an intervention has changed.
    seed, replicates : int
    """

    short: Sequence[str]
    long: Sequence[str]
    changed: frozenset[int] = frozenset()
    seed: int = 1
    replicates: int = 1

    @property
    def runs(self) -> str:
        """The seed and the number of runs."""
        runs = "1 run" if self.replicates == 1 else f"{self.replicates:,} runs"
        return f"seed {self.seed} · {runs}"


def describe_loop(
    source: "Source", setup: "Setup", first: "Setup", generation: int, size: int, replicates: int
) -> LoopWords:
    """Return the loop with the settings in force at a generation.

    Parameters
    ----------
    source : Source
    setup, first : Setup
        The settings at this generation, and at generation 1.
    generation : int
    size : int
        Points of D_0.
    replicates : int
    """
    from engines.kinds import KINDS  # the first paint does not wait for the science

    phrases, before = (
        (source.phrase, one.engine.phrase, one.schedule.phrase_at(generation), one.policy.phrase)
        for one in (setup, first)
    )
    short, long = ([_clean(text) for text in texts] for texts in zip(*phrases, strict=True))
    unit = KINDS[source.kind].unit
    short[2] = short[2].replace("samples", unit)
    long[0] = f"{long[0]}, {size:,} {'pts' if unit == 'samples' else unit}"
    changed = frozenset(
        index for index, pair in enumerate(zip(phrases, before, strict=True)) if pair[0] != pair[1]
    )
    return LoopWords(short, long, changed, setup.seed, replicates)


def _clean(text: str) -> str:
    """Return text, which may hold the name of a file, in characters of one cell."""
    return single_width(to_visible_line(text))


def loop_spans(words: LoopWords, width: int) -> list[Span]:
    """Return the loop in the longest of its forms that fits into `width` cells."""
    for form in _forms(words, width):
        if _length(form) <= width:
            return form
    return _cut(words, width)


def _forms(words: LoopWords, width: int) -> Iterator[list[Span]]:
    for named, texts in ((True, words.long), (True, words.short), (False, words.short)):
        line = _line(words, texts, named=named)
        gap = width - _length(line) - len(words.runs)
        if gap >= 2:
            yield [*line, (" " * gap + words.runs, Colour.TEXT)]
        yield line
    real, fit, sample, keep = words.short
    number = sample.partition(" ")[0]
    yield _line(words, (real, fit, number, keep), named=False)
    without = _line(words, (real, fit, number, ""), named=False)[:-1]
    yield [*without, (keep, _colour(words, len(HEADS) - 1))]
    yield _line(words, (real, fit, number, ""), named=False)


def _colour(words: LoopWords, index: int) -> Colour:
    return Colour.MARK if index in words.changed else Colour.STRONG


def _line(words: LoopWords, texts: Sequence[str], *, named: bool) -> list[Span]:
    """Return the four texts with arrows between them; an empty one is left out."""
    spans: list[Span] = []
    for index, text in enumerate(texts):
        colour = _colour(words, index)
        if named:
            spans += [(f"{HEADS[index]} ", Colour.TEXT), (text, colour), (ARROW, Colour.ACCENT)]
        elif index < len(HEADS) - 1:
            spans += [(text, colour), (ARROW, Colour.ACCENT)]
    spans.append((REFIT, Colour.TEXT))
    if not named and texts[-1]:
        spans += [(" · ", Colour.TEXT), (texts[-1], _colour(words, len(HEADS) - 1))]
    return spans


def _cut(words: LoopWords, width: int) -> list[Span]:
    """Return the shortest form with what is real and what is fitted cut until it fits."""
    real, fit, sample, _ = words.short
    number = sample.partition(" ")[0]
    rest = _length(_line(words, ("", "", number, ""), named=False))
    room = max(2 * LEAST, width - rest)
    fit = _shorten(fit, max(LEAST, room - min(len(real), room // 2)))
    real = _shorten(real, max(LEAST, room - len(fit)))
    return _line(words, (real, fit, number, ""), named=False)


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _length(spans: Sequence[Span]) -> int:
    return sum(len(text) for text, _ in spans)
