"""`reproduce`: the claims of presets, decided and printed."""

import json as encoder
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import presets
from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.output import put, put_table, say
from collapse_tui.cli.progress import Meter
from collapse_tui.events import Event
from collapse_tui.experiment import document
from collapse_tui.presentation.claims_page import markdown
from collapse_tui.presentation.verdict_text import ORIGINS, allowance, counted, obtained, value
from collapse_tui.reproduction import Judgement, Stated, Task, by_groups, judgements, stated
from engines.external.hub import MissingDownloadError

FAILED = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What the options of `reproduce` say."""

    names: tuple[str, ...]
    every: bool
    slow: bool
    anew: bool
    write: Path | None
    json: bool


class Teller:
    """Says on standard error which run goes on, and how far it is."""

    def __init__(self) -> None:
        self._meter: Meter | None = None

    def begins(self, task: Task, number: int, count: int) -> Callable[[Event], object]:
        """Say that one run begins; a remembered one says no more."""
        self.close()
        experiment = task.experiment
        self._meter = Meter(f"{experiment.name}, run {number} of {count}")
        return self._meter.take

    def close(self) -> None:
        """Leave nothing half drawn."""
        if self._meter is not None:
            self._meter.close()
            self._meter = None


def run_claims(request: Request) -> int:
    """Decide the claims and print them; return the exit code."""
    claims = [item for name in _names(request) for item in _stated(name, request)]
    if not claims:
        message = f"{', '.join(request.names) or 'no preset'}: there are no claims to decide"
        raise CommandError(message)
    target = None if request.write is None else request.write.expanduser()
    if target is not None and not target.parent.is_dir():
        message = f"cannot write {target}: there is no folder {target.parent}"
        raise CommandError(message)
    teller = Teller()
    try:
        found = judgements(claims, slow=request.slow, anew=request.anew, told=teller)
    finally:
        teller.close()
    _print(found, claims, json=request.json)
    if target is not None:
        _write(target, markdown(list(zip(claims, found, strict=True))))
    return 0 if all(item.good for item in found) else FAILED


def _names(request: Request) -> list[str]:
    if request.every:
        named = [name for name in presets.names() if "claims" in document.read(name)[1]]
        return list(dict.fromkeys([*named, *request.names]))
    if not request.names:
        message = "reproduce needs presets by name, or --all"
        raise CommandError(message)
    return list(dict.fromkeys(request.names))


def _stated(name: str, request: Request) -> tuple[Stated, ...]:
    try:
        return stated(name)
    except MissingDownloadError as missing:
        if name in request.names:
            raise
        say(f"{name} is left out: {missing}")
        return ()


def _print(found: Sequence[Judgement], claims: Sequence[Stated], *, json: bool) -> None:
    if json:
        for item, claim in zip(found, claims, strict=True):
            put(encoder.dumps(as_json(item, claim), ensure_ascii=False))
        return
    from rich.text import Text  # not for --json

    for preset in dict.fromkeys(item.preset for item in found):
        own = [item for item in found if item.preset == preset]
        title = next(claim.experiment.title for claim in claims if claim.preset == preset)
        put_table(Text(f"{preset}: {title}", style="bold"), _table(own))
        put("")
    say(counted(found))


def _table(found: Sequence[Judgement]) -> Any:
    from rich import box  # not for --json
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("claim", "expected", "corrected", "obtained", "tolerance", "verdict"):
        right = name in {"expected", "corrected", "obtained", "tolerance"}
        table.add_column(name, justify="right" if right else "left", no_wrap=right)
    for item in found:
        text = Text.assemble(item.claim.text, (f"\n{_footnote(item)}", "dim"))
        cells = (value(item.expected), value(item.corrected), obtained(item), allowance(item))
        style = "" if item.good else "bold red"
        table.add_row(text, *cells, Text(item.verdict, style=style))
    return table


def _footnote(item: Judgement) -> str:
    parts = [f"{ORIGINS[item.claim.origin]}: {item.claim.source}".removesuffix(": ")]
    if item.claim.erratum:
        parts.append(f"published value is wrong: {item.claim.erratum}")
    if item.obtained is not None and item.obtained.note:
        parts.append(item.obtained.note)
    return "; ".join(part for part in parts if part)


def as_json(item: Judgement, stated: Stated) -> dict[str, Any]:
    """Return a verdict as what ``--json`` writes.

    Parameters
    ----------
    item : Judgement
    stated : Stated
        The claim that it is on.

    Returns
    -------
    dict
        Numbers that do not exist are None.
    """
    claim, got = item.claim, item.obtained
    laws = {key: given for key in ("expected", "corrected")
            if isinstance(given := getattr(claim, key), str)}  # fmt: skip
    return {
        "preset": item.preset,
        "claim": stated.number,
        "text": claim.text,
        "source": claim.source,
        "origin": claim.origin,
        "metric": claim.metric,
        "statistic": claim.statistic,
        "threshold": claim.threshold,
        "generation": claim.generation,
        "since": claim.since,
        "replicates": stated.experiment.replicates,
        "seed": stated.experiment.seed,
        "set": claim.set,
        "expected": _band(item.expected),
        "corrected": _band(item.corrected),
        "laws": laws,
        "obtained": _finite(got.value if got else None),
        "standard_error": _finite(got.standard_error if got else None),
        "tolerance": _finite(item.allowance),
        "band": _range(item),
        "verdict": item.verdict,
        "erratum": claim.erratum or None,
        "note": (got.note if got else "") or None,
        "cost": claim.cost,
    }


def _band(band: tuple[float, float] | None) -> float | list[float] | None:
    if band is None:
        return None
    return band[0] if band[0] == band[1] else list(band)


def _range(item: Judgement) -> list[float] | None:
    """Return where a statistic over the stated number of runs lies, if that decides."""
    if item.obtained is None or not by_groups(item.claim):
        return None
    return [item.obtained.low, item.obtained.high]


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else value


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"cannot write {target}: {error.strerror}"
        raise CommandError(message) from None
    say(f"wrote {target}")
