"""What is said of a run below its figures and in the metadata of their files."""

from dataclasses import dataclass

from collapse_tui import __version__
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.scene import Scene
from collapse_tui.storage.saved import SavedRun


@dataclass(frozen=True, slots=True)
class RunWords:
    """Texts on a run.

    Attributes
    ----------
    name : str
        Of its folder.
    head : str
        Its title and paper, how many runs and generations, its seed.
    keywords : str
        For metadata: run, seed, replicates, generations.
    """

    name: str
    head: str
    keywords: str

    @property
    def creator(self) -> str:
        """The program that drew it."""
        return f"collapse-tui {__version__}"


def describe_stored_run(run: SavedRun, experiment: Experiment | None, scene: Scene) -> RunWords:
    """Return the words of a stored run."""
    last, replicates = scene.snapshot.generation, scene.replicates
    facts = [f"run {run.name}"]
    if experiment is not None:
        facts.append(f"seed {experiment.seed}")
    facts.append(f"{replicates:,} replicates" if replicates > 1 else "one run")
    facts.append(f"generations 0 to {last:,}")
    paper = ""
    if experiment is not None:
        source = ", ".join(part for part in (experiment.paper, experiment.figure) if part)
        paper = ". ".join(part for part in (experiment.title, source) if part)
    keywords = ", ".join(facts)
    head = f"{paper}. R{keywords[1:]}." if paper else f"R{keywords[1:]}."
    return RunWords(run.name, head, keywords)


def describe_interventions(scene: Scene) -> list[str]:
    """Return a sentence on each change of settings: from which generation, and what."""
    return [
        f"◆ from generation {change.at:,}: "
        + ", ".join(f"{key} = {value}" for key, value in change.settings.items())
        for change in scene.snapshot.interventions
    ]
