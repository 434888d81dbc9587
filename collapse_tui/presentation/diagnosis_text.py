"""The diagnosis as text: one row, or a pane of paragraphs."""

from collections.abc import Sequence

from collapse_tui.charts.palette import Colour
from collapse_tui.charts.text import Span, wrap_spans
from collapse_tui.presentation.diagnosis import Diagnosis

STAGE_COLOURS = {
    "stable": Colour.GOOD,
    "early": Colour.SERIES,
    "late": Colour.BAD,
    "dispersing": Colour.PUBLISHED,
    "diverged": Colour.BAD,
}

Lines = list[list[Span]]


def stage_colour(diagnosis: Diagnosis) -> Colour:
    """Return the colour of the stage."""
    if diagnosis.doubt:
        return Colour.SERIES
    return STAGE_COLOURS.get(diagnosis.stage, Colour.TEXT)


def diagnosis_line(diagnosis: Diagnosis, width: int) -> list[Span]:
    """Return the diagnosis as one row: the stage and its reason, and the further clauses that fit.

    Where a policy holds the run, that is why it is stable, whatever each refit does.
    """
    if not diagnosis.stage:
        return []
    reason, hold = diagnosis.reason or diagnosis.meaning, diagnosis.hold
    said, *clauses = (hold, reason) if hold and diagnosis.stage == "stable" else (reason, hold)
    if diagnosis.doubt:
        said, clauses = diagnosis.doubt, [said, *clauses]
    clauses += [diagnosis.caution, diagnosis.remedy and f"try {diagnosis.remedy}"]
    row = _head(diagnosis, said, width)
    for clause in filter(None, clauses):
        if sum(len(text) for text, _ in row) + 3 + len(clause) > width:
            break
        row.append((f" · {clause}", Colour.TEXT))
    return row


def _head(diagnosis: Diagnosis, said: str, width: int) -> list[Span]:
    """Return the stage and its reason, in the most words that fit."""
    stages = _stage_forms(diagnosis)
    brief, shortened = stages[-1], said.rpartition(", ")[0] or said
    ways = [(stage, f"  {said}") for stage in stages]
    ways += [(brief, f" {said}"), (brief, f"  {shortened}")]
    head, rest = next((way for way in ways if len("".join(way)) <= width), ways[-1])
    return [(head, stage_colour(diagnosis)), (rest, Colour.TEXT)]


def _stage_forms(diagnosis: Diagnosis) -> list[str]:
    """Return the stage with what it is of and judged by, in fewer and fewer words."""
    stage = diagnosis.name.upper()
    if not diagnosis.share:
        judged = diagnosis.judged if diagnosis.stage == "stable" else ""
        forms = [f"{stage} in {judged}"] if judged else []
        return [*forms, stage, diagnosis.stage.upper()]
    count = f"{diagnosis.count:,}/{diagnosis.total:,}"
    forms = [f"{stage} in {diagnosis.share}", f"{stage} {count}"]
    longer = [f"{form}, {diagnosis.rest}" for form in forms if diagnosis.rest]
    if len(diagnosis.others) > 1:
        first, most = diagnosis.others[0]
        longer.append(f"{forms[-1]}, {most:,} {first}, …")
    return [*longer, *forms, f"{diagnosis.stage.upper()} {count}"]


def diagnosis_lines(diagnosis: Diagnosis, watch: str, width: int, height: int) -> Lines:
    """Return the diagnosis as paragraphs, and what to watch for as far as there is room.

    Parameters
    ----------
    diagnosis : Diagnosis
    watch : str
        What the preset says.
    width, height : int
        Cells; what helps stands in the last rows.
    """
    if width < 1 or height < 1:
        return []
    head = _paragraphs(_said(diagnosis), width)
    remedy: list[Span] = [("Try  ", Colour.ACCENT), (diagnosis.remedy, Colour.TEXT)]
    tail = _paragraphs([remedy] if diagnosis.remedy else [], width)
    if len(head) + len(tail) + bool(tail) > height:
        head = [line for line in head if line]
    room = height - len(head) - len(tail) - (2 if tail else 1)
    watched = wrap_spans([(watch, Colour.TEXT)], width, room) if watch and room > 0 else []
    lines = head
    for part in (watched, tail):
        if part and lines:
            lines = [*lines, []]
        lines = [*lines, *part]
    return lines[:height]


def _said(diagnosis: Diagnosis) -> list[list[Span]]:
    """Return the paragraphs: what the stage means, why, and what to beware of."""
    if not diagnosis.stage:
        return []
    share = f" in {diagnosis.share}" if diagnosis.share else ""
    share += f" ({diagnosis.rest})" if diagnosis.rest else ""
    first: list[Span] = [
        (diagnosis.name.upper(), stage_colour(diagnosis)),
        (f"{share}: {diagnosis.meaning}.", Colour.STRONG),
    ]  # fmt: skip
    if diagnosis.doubt:
        first.append((f" {_capital(diagnosis.doubt)}.", Colour.SERIES))
    why = ", and ".join(part for part in (diagnosis.reason, diagnosis.hold) if part)
    second: list[Span] = [(f"{_capital(why)}.", Colour.TEXT)] if why else []
    if diagnosis.numbers:
        second.append((f" {_capital(diagnosis.numbers)}.", Colour.STRONG))
    third: list[Span] = [(f"{_capital(diagnosis.caution)}.", Colour.SERIES)]
    return [first, *([second] if second else []), *([third] if diagnosis.caution else [])]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _paragraphs(parts: Sequence[Sequence[Span]], width: int) -> Lines:
    lines: Lines = []
    for part in parts:
        lines += [[]] if lines else []
        lines += wrap_spans(part, width, 99)
    return lines
