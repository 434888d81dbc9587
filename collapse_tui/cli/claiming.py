"""The claims of a run's preset beside what the run gives, for `show`."""

from rich import box
from rich.table import Table

from collapse_tui.claim import Claim, Value
from collapse_tui.cli.saying import put, put_table
from collapse_tui.cli.verdicts import measure, value
from collapse_tui.experiment import Experiment
from collapse_tui.reproduction.answering import answers
from collapse_tui.storage import SavedRun

EXPERIMENT = "experiment.toml"


def put_claims(run: SavedRun, experiment: Experiment) -> None:
    """Print the claims that this run speaks of, and how many it does not."""
    found = answers(run, experiment)
    rows = [(claim, got) for claim, got in found if got is not None]
    put("\nwhat its paper says")
    if rows:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("claim", "expected", "this run"):
            table.add_column(name, justify="left" if name == "claim" else "right")
        for claim, got in rows:
            table.add_row(claim.text, _expected(claim), measure(got))
        put_table(table)
    silent = len(found) - len(rows)
    others = f"{silent} of {len(found)} claims ask for other settings; " if silent else ""
    put(f"  {others}`collapse-tui reproduce {run.path / EXPERIMENT}` decides")


def _expected(claim: Claim) -> str:
    return _words(claim.expected if claim.corrected is None else claim.corrected)


def _words(given: Value) -> str:
    if isinstance(given, str):
        return given
    return value(given if isinstance(given, tuple) else (given, given))
