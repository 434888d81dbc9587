"""The Markdown page of claims: expected, obtained, verdict. The same runs give the same text."""

from collections.abc import Sequence

from collapse_tui.presentation.unclaimed import render_unclaimed
from collapse_tui.presentation.verdict_text import (
    ORIGINS,
    format_band,
    format_obtained,
    format_tolerance,
    format_verdict,
    summarize_verdicts,
)
from collapse_tui.reproduction.by_seed import SeedVerdicts
from collapse_tui.reproduction.stated_claim import AnyClaim

HEADER = """\
# Reproduction

Written by `collapse-tui reproduce --write`; do not edit. Version {version}; {seeds}.
{counted}.

What the expected value of a claim is:

- **paper**: printed in a paper (a number, a formula evaluated here, or words put as an
  interval), read off a figure of it, or stored with its code.
- **band of ours**: a paper says in words, or of other data, what should happen, or prints a number
  of other data; how near a run must come was set from runs of this program.
- **listing, run by us**: the paper prints code and no number; this is what its code gave us.
- **law**: a closed form, in docs/theory.md.
- **simulated by us**: a plain simulation of points, by other code than the program's.

Verdicts:

- **holds**: the run differs from the expected value by at most the tolerance, which the preset
  states beforehand: a number, a share of the value, so many standard errors of the statistic
  over the replicates, or their sum.
- **erratum confirmed**: the published value is wrong; the run rejects it, and the corrected
  one holds.
- **not run**: slow (`--slow` runs it), or it needs what the machine lacks that wrote this page.

± beside an obtained value is its standard error. Where an expected value is itself a statistic
over K runs, its own scatter counts, taken from groups of K of our replicates; a tolerance
"low … high" is the central 99 % over such groups. With `--seeds` an obtained value is the range
over the seeds, the tolerance that of the first, and the verdict says at how many the claim holds.
"""
TABLE_HEAD = """\
| claim | value from | source | quantity | expected | corrected | obtained | tolerance | verdict |
|---|---|---|---|---|---|---|---|---|
"""


def render_claims_page(found: Sequence[SeedVerdicts], version: str, *, whole: bool) -> str:
    """Return the page.

    Parameters
    ----------
    found : sequence of SeedVerdicts
    version : str
        Of this program.
    whole : bool
        The claims are those of every preset: add what is published and has none.

    Returns
    -------
    str
        Without dates or anything else that changes from run to run.
    """
    head = HEADER.format(
        version=version, seeds=_list_seeds(found), counted=summarize_verdicts(found)
    )
    names = dict.fromkeys(item.first.resolved.preset for item in found)
    last = (render_unclaimed(),) if whole else ()
    return "\n".join((head, *(_section(name, found) for name in names), *last))


def _list_seeds(found: Sequence[SeedVerdicts]) -> str:
    seeds = sorted({one.resolved.seed for item in found for one in item.judgements})
    return f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"


def _section(preset: str, found: Sequence[SeedVerdicts]) -> str:
    own = [item for item in found if item.first.resolved.preset == preset]
    title = own[0].first.resolved.title
    body = "\n".join(map(_row, own))
    return f"## {preset}: {title}\n\n{TABLE_HEAD}{body}\n"


def _row(item: SeedVerdicts) -> str:
    first, claim = item.first, item.first.claim
    text = claim.text + (f" *Erratum: {claim.erratum}*" if claim.erratum else "")
    verdict = format_verdict(item)
    cells = (
        text,
        ORIGINS[claim.origin],
        claim.source,
        _describe_statistic(first.resolved),
        format_band(first.expected) + _law(claim.expected),
        format_band(first.corrected) + _law(claim.corrected),
        (first.note if first.obtained is not None else "") or format_obtained(item),
        format_tolerance(first),
        verdict if item.good else f"**{verdict}**",
    )
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _law(given: object) -> str:
    return f" (`{given}`)" if isinstance(given, str) else ""


def _describe_statistic(resolved: AnyClaim) -> str:
    settings = {key: given for key, given in resolved.claim.set.items() if key != "replicates"}
    extra = "".join(f", {key} = {given}" for key, given in settings.items())
    return f"{resolved.statistic.words}, {resolved.replicates:,} replicates{extra}"
