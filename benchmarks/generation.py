"""One generation after the other, measured as a run measures it."""

from collections.abc import Callable

from collapse_tui.execution.recorder import Recorder
from collapse_tui.experiment.experiment import Experiment
from engines.runtime.step import run_to_end


def generation_runner(experiment: Experiment) -> Callable[[], object]:
    """Return what runs the next generation: step, metrics, diagnosis, summary and view."""
    loop = experiment.recursion()
    recorder = Recorder(experiment, loop)
    kept = {"state": loop.start()[0]}

    def generation() -> None:
        kept["state"], outcome = run_to_end(loop.step(kept["state"]))
        recorder.measure([outcome])

    return generation
