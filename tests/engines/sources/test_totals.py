"""A row about the others is refused in any language; no row is left out without a word."""

from pathlib import Path

import pytest

from engines.errors import InvalidExperimentError
from engines.sources.file import FileSource

HEIGHTS = ["170.9", "181.3", "161.6", "170.1", "168.2", "177.7"]
TOTAL = "1029.8"
NUMBERED = [f"{number},{height}" for number, height in enumerate(HEIGHTS)]
NAMED = [f"{name},{height}" for name, height in zip("ABCDEF", HEIGHTS, strict=True)]
DATED = [f"2024-01-0{day},{height}" for day, height in enumerate(HEIGHTS, start=1)]


def numbers_of(folder: Path, *rows: str) -> list[float]:
    path = folder / "a.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return FileSource(path=str(path), column=rows[0].count(",")).numbers.tolist()


SUMMARIES = {
    "word": ("id,h", *NAMED, "Total,1"),
    "word at the top": ("id,h", "Gesamt:,1", *NAMED),
    "label among numbers": ("id,h", *NUMBERED, "合計,1"),
    "label among dates": ("id,h", *DATED, "Razem,1"),
    "label at the top": ("id,h", "합계,1", *NUMBERED),
    "note below": ("id,h", *NUMBERED, "Quelle,2024"),
    "sum of a label among names": ("id,h", *NAMED, f"المجموع,{TOTAL}"),
    "sum without a label": ("id,h", *NUMBERED, f",{TOTAL}"),
    "sum at the top": ("id,h", f",{TOTAL}", *NAMED),
    "sum of one column": ("h", *HEIGHTS, TOTAL),
}


@pytest.mark.parametrize("kind", SUMMARIES)
def test_a_row_about_the_others_is_refused_by_its_line(tmp_path: Path, kind: str) -> None:
    line = 2 if "top" in kind else 8
    with pytest.raises(InvalidExperimentError, match=rf"line {line}, seems to be about the other"):
        numbers_of(tmp_path, *SUMMARIES[kind])


ROWS = {
    "moved between": ("id,h", *NUMBERED[:3], "合計,1", *NUMBERED[3:]),
    "names": ("id,h", *NAMED),
    "two labels": ("id,h", *NUMBERED[:3], "x,1", *NUMBERED[3:], "y,1"),
    "gap in the numbers": ("id,h", *NUMBERED, ",1"),
    "missing at the end": ("id,h", *NUMBERED, f"7,{TOTAL}", "8,NA"),
    "sum of few": ("h", "1", "2", "4", "7"),
    "sum that is no largest": ("h", "7", "-8", "1", "2", "3", "-5", "-1", "0.5", "-0.5"),
    "sum of other columns": ("id,h", *[f"{number},{number}" for number in range(1, 7)], "21,7"),
    "sum to few digits": ("h", *HEIGHTS, "1030"),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_like_the_others_is_read(tmp_path: Path, kind: str) -> None:
    rows = ROWS[kind]
    cells = [row.split(",")[-1] for row in rows[1:]]
    wanted = sorted(float(cell) for cell in cells if cell != "NA")
    assert numbers_of(tmp_path, *rows) == wanted
