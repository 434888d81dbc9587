"""The Markdown page of claims: expected, obtained, verdict. The same runs give the same text."""

from collections.abc import Sequence

from collapse_tui.presentation.verdict_text import (
    ORIGINS,
    format_band,
    format_obtained,
    format_tolerance,
    summarize_verdicts,
)
from collapse_tui.reproduction.plan import ResolvedClaim
from collapse_tui.reproduction.verdict import Judgement

HEADER = """\
# Reproduction

Written by `collapse-tui reproduce --write`; do not edit. Version {version}; seeds {seeds}, each
preset's own. {counted}.

What the expected value of a claim is:

- **paper**: printed in a paper (a number, a formula evaluated here, or words put as an
  interval), read off a figure of it, or stored with its code.
- **listing, run by us**: the paper prints code and no number; this is what its code gave us.
- **law**: a closed form, in docs/theory.md.
- **simulated by us**: a plain simulation of points, by other code than the program's.

Verdicts:

- **holds**: the run differs from the expected value by at most the tolerance, which the preset
  states beforehand: a number, a share of the value, so many standard errors of the statistic
  over the replicates, or their sum.
- **erratum confirmed**: the published value is wrong; the run rejects it, and the corrected
  one holds.
- **not run**: slow; `--slow` runs it.

± beside an obtained value is its standard error. Where an expected value is itself a statistic
over K runs, its own scatter counts, taken from groups of K of our replicates; a tolerance
"low … high" is the central 99 % over such groups.
"""
TABLE_HEAD = """\
| claim | value from | source | quantity | expected | corrected | obtained | tolerance | verdict |
|---|---|---|---|---|---|---|---|---|
"""


def render_claims_page(found: Sequence[Judgement], version: str) -> str:
    """Return the page.

    Parameters
    ----------
    found : sequence of Judgement
    version : str
        Of this program.

    Returns
    -------
    str
        Without dates or anything else that changes from run to run.
    """
    seeds = sorted({item.resolved.experiment.seed for item in found})
    head = HEADER.format(
        version=version, seeds=", ".join(map(str, seeds)), counted=summarize_verdicts(found)
    )
    names = dict.fromkeys(item.resolved.preset for item in found)
    return "\n".join((head, *(_section(name, found) for name in names)))


def _section(preset: str, found: Sequence[Judgement]) -> str:
    own = [item for item in found if item.resolved.preset == preset]
    title = own[0].resolved.experiment.title
    body = "\n".join(map(_row, own))
    return f"## {preset}: {title}\n\n{TABLE_HEAD}{body}\n"


def _row(item: Judgement) -> str:
    claim = item.claim
    text = claim.text + (f" *Erratum: {claim.erratum}*" if claim.erratum else "")
    note = item.obtained.note if item.obtained is not None else ""
    cells = (
        text,
        ORIGINS[claim.origin],
        claim.source,
        _describe_statistic(item.resolved),
        format_band(item.expected) + _law(claim.expected),
        format_band(item.corrected) + _law(claim.corrected),
        note or format_obtained(item),
        format_tolerance(item),
        item.verdict if item.good else f"**{item.verdict}**",
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _law(given: object) -> str:
    return f" (`{given}`)" if isinstance(given, str) else ""


def _describe_statistic(resolved: ResolvedClaim) -> str:
    settings = {key: given for key, given in resolved.claim.set.items() if key != "replicates"}
    extra = "".join(f", {key} = {given}" for key, given in settings.items())
    return f"{resolved.statistic.words}, {resolved.experiment.replicates:,} replicates{extra}"
