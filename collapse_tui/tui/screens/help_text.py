"""What am I looking at, in a few sentences; and what to say on leaving."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from collapse_tui.charts import Canvas, Colour
from collapse_tui.presentation.captions import why_no_law
from collapse_tui.presentation.scene import Scene, split_topic, topic_label
from collapse_tui.presentation.snapshot import Snapshot
from collapse_tui.tui.runs.contract import About

RECURSION = (
    "A model is fitted to data, new data are drawn from it, the next model is fitted to those,"
    " and so on: each such round is a generation."
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What of the panes is on the screen.

    Attributes
    ----------
    curves : bool
        The main pane is there.
    place : str
        Where the view is: ``"On the right"``, ``"Below"``, ``"Here"``; nothing if it is hidden.
    canvas : Canvas or None
        The view as it is drawn.
    """

    curves: bool = True
    place: str = "On the right"
    canvas: Canvas | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """What is drawn of all that the view could show."""
        return self.canvas.parts if self.canvas is not None else ()

    def has(self, *foregrounds: Colour) -> bool:
        """Return whether anything is drawn in one of these foregrounds."""
        return self.canvas is not None and bool(np.isin(self.canvas.foreground, foregrounds).any())


def _histogram(seen: Seen) -> str:
    laws = ", and the lines are exact laws" if seen.has(Colour.LAW, Colour.EXACT) else ""
    return (
        f"the grey area is the original data, the orange one the data of the generation shown{laws}"
    )


def _states(seen: Seen) -> str:
    gone = (
        ", and a cross marks a state that can never come back" if seen.has(Colour.EXTINCT) else ""
    )
    return (
        f"grey is the probability of each state at the source, orange in the generation shown{gone}"
    )


def _scatter(seen: Seen) -> str:
    ellipses = ", with the two-sigma ellipse of each component" if seen.has(Colour.LAW) else ""
    return f"grey points are original, orange ones of the generation shown{ellipses}"


def _tokens(seen: Seen) -> str:
    del seen
    return (
        "how often the word of each rank is written, on two logarithmic axes, grey in the original"
        " text and orange in the generation shown"
    )


def _images(seen: Seen) -> str:
    by_generation = ", generation by generation," if "generations" in seen.parts else ""
    said = {
        "pictures": "real images beside generated ones",
        "latents": f"how their latents are spread{by_generation} under the first model's encoder",
        "classes": "how many images each class has",
    }
    return _listed([words for part, words in said.items() if part in seen.parts])


def _text(seen: Seen) -> str:
    by_generation = ", and below it generation by generation" if "generations" in seen.parts else ""
    said = {
        "perplexities": "how many blocks of text have which perplexity under the first model, grey"
        f" for the original and orange for the generation shown{by_generation}",
        "passages": "prompts in grey and how the model goes on",
    }
    return _listed([words for part, words in said.items() if part in seen.parts], "; then ")


def _listed(words: Sequence[str], last: str = " and ") -> str:
    if len(words) < 2:
        return "".join(words) or "nothing fits: m enlarges the pane that has the focus"
    return f"{', '.join(words[:-1])}{',' if len(words) > 2 else ''}{last}{words[-1]}"


VIEWS: Mapping[str, Callable[[Seen], str]] = {
    "histogram": _histogram,
    "states": _states,
    "tokens": _tokens,
    "images": _images,
    "text": _text,
    "scatter": _scatter,
}
"""What each kind of view shows, as far as it is drawn."""


def explained(about: About, scene: Scene, seen: Seen) -> list[str]:
    """Return up to five sentences on what the screen shows.

    Parameters
    ----------
    about : About
    scene : Scene
    seen : Seen

    Returns
    -------
    list of str
    """
    view = scene.snapshot.view(scene.generation)
    told = VIEWS.get(view.kind if view else "")
    shown = told(seen) if told else "the generation itself"
    drift = "Watch how far the run drifts from where it began."
    return [
        RECURSION,
        *(_on_curves(scene) if seen.curves else ()),
        *((f"{seen.place}: {shown}.",) if seen.place else ()),
        f"Watch: {about.watch}" if about.watch else drift,
    ]


def _on_curves(scene: Scene) -> tuple[str, str]:
    runs = f"{scene.replicates} independent runs" if scene.replicates > 1 else "one run"
    banded = scene.replicates > 1 and not split_topic(scene.topic)[1]
    bands = ": the line is their median, the bands hold 50 and 90 % of them" if banded else ""
    laws = len(scene.curves(scene.topic))
    beside = "1 closed form stands" if laws == 1 else f"{laws} closed forms stand"
    theory = (
        f"{beside} beside it: dashed if exact, dotted if a limit or bound, pink if as published."
        if laws
        else f"No law to compare with: {why_no_law(scene, split_topic(scene.topic)[0])}."
    )
    large = f"The large chart shows {topic_label(scene.topic)} by generation for {runs}{bands}."
    return large, theory


def farewell(snapshot: Snapshot) -> list[str]:
    """Return what is kept of a run that is left now, and how to go on with it."""
    if snapshot.generation < 0:
        return []
    if not snapshot.folder:
        return ["This run is not being saved: its records go with the screen."]
    at = max(0, snapshot.generation)
    if snapshot.over:
        end = f"Ended after generation {at}"
    else:
        flying = snapshot.timing.flying
        end = f"It stops in generation {at + 1}" if flying else f"It stops after generation {at}"
    return [
        f"{end}; saved in",
        snapshot.folder,
        "Go on later:",
        f"collapse-tui resume {Path(snapshot.folder).name}",
    ]
