"""`cite`: BibTeX for what a run used."""

from collapse_tui.cli.output import put
from collapse_tui.execution.runner import stored_experiment
from collapse_tui.reproduction.citations import bibtex, references
from collapse_tui.storage import SavedRun, locate, runs_folder


def print_references(run: str, runs: str | None) -> int:
    """Print the entries, sorted by key."""
    saved = SavedRun.open(locate(run, runs_folder(runs)))
    experiment = stored_experiment(saved)
    put("\n\n".join(bibtex(reference) for reference in references(experiment)))
    return 0
