"""The page of claims: what is published without one is listed, and its reasons hold."""

import re
from pathlib import Path

import presets
from collapse_tui.presentation.claims_page import render_claims_page
from collapse_tui.presentation.unclaimed import UNCLAIMED, render_unclaimed
from collapse_tui.reproduction.by_seed import group_by_claim
from collapse_tui.reproduction.plan import resolve_claims
from collapse_tui.reproduction.verdict import judge
from engines.registry import TABLES
from engines.theory.registry import overlays

PAGE = Path(__file__).parents[3] / "docs/reproduction.md"


def test_only_the_page_of_every_preset_lists_what_has_no_claim() -> None:
    found = group_by_claim(judge(item, None) for item in resolve_claims("golden-ratio"))
    part, whole = (render_claims_page(found, "1", whole=whole) for whole in (False, True))
    assert whole == f"{part}\n{render_unclaimed()}"


def test_reasons_name_what_exists() -> None:
    known = {*presets.names(), *TABLES["engine"], *(overlay.name for overlay in overlays())}
    named = {name for item in UNCLAIMED for name in re.findall(r"`([^`]+)`", item.reason)}
    assert named
    assert named <= known


def test_rows_are_whole() -> None:
    rows = render_unclaimed().splitlines()[6:]
    assert [row.count("|") for row in rows] == [4] * len(UNCLAIMED)
    assert all(item.value and item.source and item.reason for item in UNCLAIMED)


def test_the_written_page_lists_them() -> None:
    assert render_unclaimed() in PAGE.read_text(encoding="utf-8")
