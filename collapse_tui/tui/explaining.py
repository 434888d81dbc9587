"""What am I looking at, in five sentences; and what to say on leaving."""

from pathlib import Path

from collapse_tui.tui.contract import About
from collapse_tui.tui.history import Snapshot
from collapse_tui.tui.scene import Scene, heading, parts

RECURSION = (
    "A model is fitted to data, new data are drawn from it, the next model is fitted to those,"
    " and so on: each such round is a generation."
)

VIEWS = {
    "histogram": "On the right, the grey area is the original data, the orange one the data of "
    "the generation shown, and the lines are exact laws",
    "states": "On the right, grey is the probability of each state at the source, orange in the "
    "generation shown, and a cross marks a state that can never come back",
    "tokens": "On the right, how often the word of each rank is written, on two logarithmic "
    "axes, grey in the original text and orange in the generation shown, with a passage of it",
    "images": "On the right, real images beside generated ones, how their latents are spread under "
    "the first model's encoder, generation by generation, and how many images each class has",
    "text": "On the right, how many blocks of text have which perplexity under the first model, "
    "grey for the original and orange for the generation shown; below, prompts in grey and how the "
    "model goes on",
    "scatter": "On the right, grey points are original, orange ones of the generation shown, "
    "with the two-sigma ellipse of each component",
}


def explained(about: About, scene: Scene) -> list[str]:
    """Return five sentences on what the screen shows.

    Parameters
    ----------
    about : About
    scene : Scene

    Returns
    -------
    list of str
    """
    snapshot = scene.snapshot
    runs = f"{scene.replicates} independent runs" if scene.replicates > 1 else "one run"
    view = snapshot.view(scene.generation)
    banded = scene.replicates > 1 and not parts(scene.topic)[1]
    bands = ": the line is their median, the bands hold 50 and 90 % of them" if banded else ""
    laws = len(scene.curves(scene.topic))
    beside = "1 closed form stands" if laws == 1 else f"{laws} closed forms stand"
    theory = (
        f"{beside} beside it: dashed if exact, dotted if a limit or bound, pink if as published."
        if laws
        else "No closed form for it holds here, so there is nothing to hold it against."
    )
    return [
        RECURSION,
        f"The large chart shows {heading(scene.topic)} by generation for {runs}{bands}.",
        theory,
        VIEWS.get(view.kind if view else "", "The right side shows the generation itself") + ".",
        f"Watch: {about.watch}"
        if about.watch
        else "Watch how far the run drifts from where it began.",
    ]


def farewell(snapshot: Snapshot) -> list[str]:
    """Return what is kept of a run that is left now, and how to go on with it."""
    if snapshot.generation < 0:
        return []
    if not snapshot.folder:
        return ["This run is not being saved: its records go with the screen."]
    at = max(0, snapshot.generation)
    return [
        f"{'Ended' if snapshot.over else 'It stops'} after generation {at}; saved in",
        snapshot.folder,
        "Go on later:",
        f"collapse-tui resume {Path(snapshot.folder).name}",
    ]
