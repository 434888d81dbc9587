"""`cite`: BibTeX for what a run used."""

import typer

from collapse_tui.cli import options as opt
from collapse_tui.cli.output import write_result


def cite(context: typer.Context, run: opt.Run) -> int:
    """Print BibTeX for the papers and laws that a run used."""
    from collapse_tui.execution.stored_experiment import stored_experiment
    from collapse_tui.reproduction.citations import collect_references, format_bibtex
    from collapse_tui.storage.catalogue import open_run

    saved = open_run(run, context.obj)
    saved.verify_experiment()
    write_result("\n\n".join(map(format_bibtex, collect_references(stored_experiment(saved)))))
    return 0
