"""Claims and their verdicts as tables and as JSON: for `reproduce` and `show`."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from rich import box
from rich.constrain import Constrain
from rich.table import Table
from rich.text import Text

from collapse_tui.experiment.experiment import Experiment
from collapse_tui.presentation.verdict_text import (
    ORIGINS,
    format_band,
    format_measurement,
    format_obtained,
    format_tolerance,
    format_verdict,
)
from collapse_tui.reproduction.by_seed import SeedVerdicts
from collapse_tui.reproduction.stored_run import StoredClaim, evaluate_claims, find_preset
from collapse_tui.reproduction.verdict import Judgement
from collapse_tui.storage.file_names import EXPERIMENT
from collapse_tui.storage.saved import SavedRun

CLAIM_KEYS = (
    "text", "source", "origin", "metric", "statistic", "threshold", "generation", "since",
)  # fmt: skip
NUMBERS = {"expected", "corrected", "obtained", "tolerance", "this run"}


def build_judgement_table(heading: str, found: Sequence[SeedVerdicts]) -> tuple[Text, Table]:
    """Return a heading and a table of verdicts, for rich to print."""
    columns = ("claim", "expected", "corrected", "obtained", "tolerance", "verdict")
    table = _new_table(columns)
    for item in found:
        first = item.first
        table.add_row(
            Text.assemble(first.claim.text, (f"\n{_footnote(first)}", "dim")),
            format_band(first.expected),
            format_band(first.corrected),
            format_obtained(item),
            format_tolerance(first),
            Text(format_verdict(item), style="" if item.good else "bold red"),
        )
    return Text(heading, style="bold"), table


def _new_table(columns: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        right = name in NUMBERS
        table.add_column(name, justify="right" if right else "left", no_wrap=right)
    return table


def _style_verdict(item: Judgement | None) -> Text:
    if item is None:
        return Text("–")
    return Text(item.verdict, style="" if item.good else "bold red")


def _footnote(item: Judgement) -> str:
    parts = [f"{ORIGINS[item.claim.origin]}: {item.claim.source}".removesuffix(": ")]
    if item.claim.erratum:
        parts.append(f"published value is wrong: {item.claim.erratum}")
    if item.obtained is not None:
        parts.append(item.note)
    return "; ".join(part for part in parts if part)


def judgements_to_dicts(found: SeedVerdicts) -> list[dict[str, Any]]:
    """Return the verdicts on a claim as objects of ``--json``, one a seed.

    Numbers that do not exist are None.
    """
    return [_judgement_to_dict(item) | {"share": found.share} for item in found.judgements]


def _judgement_to_dict(item: Judgement) -> dict[str, Any]:
    resolved, claim, obtained = item.resolved, item.claim, item.obtained
    laws = {key: given for key in ("expected", "corrected")
            if isinstance(given := getattr(claim, key), str)}  # fmt: skip
    return {
        "preset": resolved.preset,
        "claim": resolved.number,
        **{key: getattr(claim, key) for key in CLAIM_KEYS},
        "replicates": resolved.replicates,
        "seed": resolved.seed,
        "set": claim.set,
        "expected": _number_or_pair(item.expected),
        "corrected": _number_or_pair(item.corrected),
        "laws": laws,
        "obtained": _finite(obtained.value if obtained else None),
        "standard_error": _finite(obtained.standard_error if obtained else None),
        "tolerance": _finite(item.tolerance),
        "band": [obtained.low, obtained.high] if obtained and resolved.uses_group_band else None,
        "verdict": item.verdict,
        "erratum": claim.erratum or None,
        "note": item.note or None,
        "cost": claim.cost,
    }


def _number_or_pair(band: tuple[float, float] | None) -> float | list[float] | None:
    if band is None or math.isnan(band[0]):
        return None
    return band[0] if band[0] == band[1] else list(band)


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def describe_stored_claims(run: SavedRun, experiment: Experiment, width: int) -> Iterator[Any]:
    """Yield the claims of a run's preset beside what its records give, as text and a table.

    Parameters
    ----------
    run : SavedRun
    experiment : Experiment
        Its own.
    width : int
        Columns of the table.
    """
    preset = find_preset(experiment)
    found = evaluate_claims(run, experiment, preset)
    measured = [item for item in found if item.obtained is not None]
    yield "\nwhat its paper says"
    if measured:
        yield Constrain(_stored_table(measured), width)
    name = preset.name if preset is not None else str(run.path / EXPERIMENT)
    slow = " --slow" if any(item.claim.cost == "slow" for item in found) else ""
    for line in _notes(found, f"`collapse-tui reproduce {name}{slow}`"):
        yield f"  {line}"


def _stored_table(measured: Sequence[StoredClaim]) -> Table:
    judged = any(item.judgement for item in measured)
    table = _new_table(("claim", "expected", "this run", *(("verdict",) if judged else ())))
    for item in measured:
        verdict = (_style_verdict(item.judgement),) if judged else ()
        obtained = "–" if item.obtained is None else format_measurement(item.obtained)
        table.add_row(item.claim.text, format_expected(item), obtained, *verdict)
    return table


def format_expected(item: StoredClaim) -> str:
    """Return what a claim expects: a number, an interval, or the name of a law."""
    claim, resolved = item.claim, item.resolved
    if resolved is not None:
        return format_band(resolved.expected if claim.corrected is None else resolved.corrected)
    given = claim.expected if claim.corrected is None else claim.corrected
    if isinstance(given, str):
        return given
    return format_band(given if isinstance(given, tuple) else (given, given))


def _notes(found: Sequence[StoredClaim], command: str) -> list[str]:
    missing = sum(item.obtained is None for item in found)
    unjudged = sum(item.obtained is not None and item.judgement is None for item in found)
    if not missing and not unjudged:
        return [f"judged from what is recorded, as {command} does"]
    lines: list[str] = []
    if unjudged:
        which = f"{unjudged} ask" if unjudged > 1 else "1 asks"
        lines.append(f"no verdict: {which} for another seed or other replicates than this run's")
    if missing:
        lines.append(f"{missing} of {len(found)} claims ask for other settings or a longer run")
    return [*lines, f"{command} judges all of them"]
