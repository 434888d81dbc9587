"""The terms of the program are those of the documentation."""

import re
from pathlib import Path

from collapse_tui.presentation.diagnosis import STAGE_NAMES
from collapse_tui.presentation.terms import explain_term, load_terms
from engines.thresholds import STAGES

PAGE = Path(__file__).parents[3].joinpath("docs", "glossary").with_suffix(".md")


def test_the_glossary_of_the_documentation_is_the_table_of_the_program():
    rows = re.findall(r"^\| (.+?) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows[0] == ("term", "meaning")
    assert dict(rows[1:]) == load_terms()
    assert len(rows) == 1 + len(load_terms()) > 40


def test_every_word_of_the_diagnosis_is_a_term():
    for stage in STAGES:
        assert "Diagnosis: " in explain_term(STAGE_NAMES.get(stage, stage))


def test_a_meaning_is_told_without_the_marks_of_code():
    assert "`" in load_terms()["late collapse"]
    assert "`" not in explain_term("late collapse")
