"""The claims of a run's preset beside what the run gives, for `show`."""

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from collapse_tui.cli.output import put, put_table
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.verdict_text import measure, value
from collapse_tui.reproduction.stored_run import Answer, answers, preset_of
from collapse_tui.storage import SavedRun

EXPERIMENT = "experiment.toml"


def put_claims(run: SavedRun, experiment: Experiment, width: int) -> None:
    """Print the claims that this run speaks of, with the verdicts that its records allow.

    Parameters
    ----------
    run : SavedRun
    experiment : Experiment
        Its own.
    width : int
        Columns of the table.
    """
    preset = preset_of(experiment)
    found = answers(run, experiment, preset)
    told = [item for item in found if item.obtained is not None]
    put("\nwhat its paper says")
    judged = any(item.judgement for item in told)
    if told:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name in ("claim", "expected", "this run", *(("verdict",) if judged else ())):
            right = name in {"expected", "this run"}
            table.add_column(name, justify="right" if right else "left", no_wrap=right)
        for item in told:
            verdict = (_verdict(item),) if judged else ()
            table.add_row(item.claim.text, _expected(item), _obtained(item), *verdict)
        put_table(table, width=width)
    name = preset.name if preset is not None else str(run.path / EXPERIMENT)
    slow = " --slow" if any(item.claim.cost == "slow" for item in found) else ""
    for line in _notes(found, f"`collapse-tui reproduce {name}{slow}`"):
        put(f"  {line}")


def _notes(found: Sequence[Answer], command: str) -> list[str]:
    silent = sum(item.obtained is None for item in found)
    unjudged = sum(item.obtained is not None and item.judgement is None for item in found)
    if not silent and not unjudged:
        return [f"judged from what is recorded, as {command} does"]
    lines: list[str] = []
    if unjudged:
        whose = f"{unjudged} ask" if unjudged > 1 else "1 asks"
        lines.append(f"no verdict: {whose} for another seed or other replicates than this run's")
    if silent:
        lines.append(f"{silent} of {len(found)} claims ask for other settings or a longer run")
    return [*lines, f"{command} judges all of them"]


def _expected(item: Answer) -> str:
    claim, stated = item.claim, item.stated
    if stated is not None:
        return value(stated.expected if stated.corrected is None else stated.corrected)
    given = claim.expected if claim.corrected is None else claim.corrected
    if isinstance(given, str):
        return given
    return value(given if isinstance(given, tuple) else (given, given))


def _obtained(item: Answer) -> str:
    return "–" if item.obtained is None else measure(item.obtained)


def _verdict(item: Answer) -> Text:
    if item.judgement is None:
        return Text("–")
    return Text(item.judgement.verdict, style="" if item.judgement.good else "bold red")
