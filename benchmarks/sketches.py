"""Take the sketches of the presets anew: ``python -m benchmarks.sketches [NAME…]``.

A sketch is what the picker draws beside a preset before it was run. Presets whose model or data
are not on this machine keep the one that they have.
"""

import sys

import presets
from collapse_tui import __version__
from collapse_tui.events import Failed, Generation, Intervened
from collapse_tui.execution.overlays import curves_of
from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.presentation.scene import Scene, list_topics
from collapse_tui.presentation.sketch import MOST_BYTES, Sketch, take_sketch
from collapse_tui.presentation.snapshot import RunHistory
from engines.external.hub import MissingDownloadError


def run_scene(name: str, until: int | None = None) -> Scene:
    """Return a fresh run of a preset with its theory, up to a generation or to its end."""
    experiment = load(name)
    history = RunHistory()
    for event in run(experiment):
        if isinstance(event, Generation):
            history.add_record(event, float("nan"))
            if event.generation == until:
                break
        if isinstance(event, Failed):
            raise TypeError(f"{name} failed at generation {event.generation}: {event.reason}")
    reached = history.snapshot.generation
    history.publish(
        generations=experiment.generations, sizes=experiment.sizes.differing,
        curves=curves_of(experiment, reached)[0],
        interventions=tuple(Intervened(item.at, {}) for item in experiment.interventions),
    )  # fmt: skip
    snapshot, replicates = history.snapshot, experiment.replicates
    topics = list_topics(experiment.metric_names, snapshot.curves, replicates)
    return Scene(snapshot, topics=topics, replicates=replicates)


def run_sketch(name: str) -> Sketch:
    """Return the sketch of a fresh run of a preset."""
    return take_sketch(run_scene(name), name, __version__, load(name).seed)


def main(names: list[str]) -> None:
    """Write the sketches of these presets, or of all."""
    for name in names or presets.names():
        try:
            text = run_sketch(name).to_text()
        except MissingDownloadError as missing:
            print(f"{name}: no sketch, {missing}", flush=True)
            continue
        size = len(text.encode())
        if size > MOST_BYTES:
            sys.exit(f"the sketch of {name} takes {size} bytes, more than {MOST_BYTES}")
        presets.sketch_path(name).parent.mkdir(exist_ok=True)
        presets.sketch_path(name).write_text(text, encoding="utf-8")
        print(f"{name}: {size} bytes", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
