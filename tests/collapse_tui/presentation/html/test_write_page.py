"""The page of a run: one file that needs no other, whatever stands in the run's files."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.presentation.export_run import export_run
from collapse_tui.presentation.html import page_data
from collapse_tui.presentation.html.array_pool import ArrayPool
from collapse_tui.presentation.html.write_page import encode_json
from collapse_tui.storage.saved import SavedRun
from engines.views.view import View


def page(run: SavedRun, folder: Path) -> str:
    export_run(run, folder / "page.html")
    return (folder / "page.html").read_text(encoding="utf-8")


def data_of(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def numbers(data: dict[str, Any], index: int) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(data["arrays"][index]), "<f4")


def test_it_holds_curves_laws_views_claims_settings_and_references(
    gaussians: SavedRun, tmp_path: Path
) -> None:
    data = data_of(page(gaussians, tmp_path))
    keys = [metric["key"] for metric in data["metrics"]]
    assert keys[:3] == ["variance", "w2_squared", "log_sigma"]
    lines = {line["label"]: line for line in data["metrics"][0]["chart"]["lines"]}
    assert {"median", "mean", "exact mean"} <= lines.keys()
    stored = gaussians.summaries()["variance"]["q50"]
    assert numbers(data, lines["median"]["y"]) == pytest.approx(stored, rel=1e-6)
    assert numbers(data, lines["median"]["x"]).tolist() == list(range(61))
    assert data["views"]["generations"] == list(range(61))
    strip = data["strip"]
    assert strip["generations"] == list(range(61))
    shades = numbers(data, strip["values"]).reshape(61, strip["cells"])
    assert ((shades >= 0) & (shades <= 1)).all()
    assert shades.max(axis=1).min() > 0
    assert len(data["claims"]) == len(load("shumailov").claims)
    assert ["seed", "1"] in data["settings"]
    assert "@misc{shumailov2024" in data["bibtex"] or "@misc{shumailov2023" in data["bibtex"]


def test_it_asks_for_nothing_from_anywhere(gaussians: SavedRun, tmp_path: Path) -> None:
    text = page(gaussians, tmp_path)
    for address in re.findall(r"https?:[^\s\"'<>\\]+", text):
        known = ("http://www.w3.org/2000/svg",)
        assert address in known or address in data_of(text)["bibtex"], address
    assert not re.search(r"<(link|img|iframe|object|embed|base)\b", text)
    assert not re.search(r"\b(src|href|srcset|action)=", text)
    assert "@import" not in text
    assert "url(" not in text


def test_only_its_own_script_and_style_may_run(gaussians: SavedRun, tmp_path: Path) -> None:
    text = page(gaussians, tmp_path)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none';")
    assert "unsafe" not in policy[1]
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{rule} 'sha256-{digest}'" in policy[1]


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e{{data}}"
    experiment = load("shumailov", generations=2, replicates=2, title=evil, watch=evil)
    folder = tmp_path / "<b>&run"
    list(run(experiment, folder=folder, device="cpu"))
    text = page(SavedRun.open(folder), tmp_path)
    assert text.count("<script") == 2, "the data and the script of the page"
    assert "<img" not in text
    assert "\u202e" not in text
    assert data_of(text)["title"].startswith("</script><script>alert(1)")
    assert "<title>&lt;/script&gt;" in text


def test_the_same_run_gives_the_same_page(gaussians: SavedRun, tmp_path: Path) -> None:
    first = page(gaussians, tmp_path)
    export_run(gaussians, tmp_path / "again.html")
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == first


def test_views_that_would_make_it_large_are_left_out_and_it_says_so(
    gaussians: SavedRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = len(page(gaussians, tmp_path))
    monkeypatch.setattr(page_data, "VIEW_BYTES", 20_000)
    written = export_run(gaussians, tmp_path / "page.html", force=True)
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    data = data_of(text)
    kept = data["views"]["generations"]
    assert 2 <= len(kept) < 61
    assert (kept[0], kept[-1]) == (0, 60)
    assert len(text) < whole
    (note,) = [note for note in written.notes if "views of" in note]
    assert f"views of {len(kept)} of 61 generations" in note
    assert note in data["notes"]


def test_arrays_are_stored_once_and_numbers_without_a_value_are_null() -> None:
    pool = ArrayPool()
    assert pool.add(np.arange(3.0)) == pool.add(np.arange(3)) == 0
    assert pool.add(np.arange(4.0)) == 1
    assert pool.add_pixels(np.array([0.0, 0.5, 1.0])) == 2
    assert base64.b64decode(pool.texts[2]) == bytes([0, 128, 255])
    assert encode_json({"a": float("nan"), "b": ("<", 1)}) == '{"a":null,"b":["\\u003c",1]}'


@pytest.mark.parametrize("kind", ["images", "text"])
def test_pictures_and_passages_are_on_it(
    kind: str,
    made_views: Mapping[str, Callable[[int], View]],
    gaussians: SavedRun,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(SavedRun, "view", lambda _self, n: made_views[kind](n))
    data = data_of(page(gaussians, tmp_path))
    frame = data["views"]["frames"][-1]
    assert frame["charts"]
    if kind == "images":
        assert [row[:4] for row in frame["pictures"]] == [
            ["real", 64, 8, 8],
            ["generated", 64, 8, 8],
        ]
    else:
        assert frame["passages"][1][0] == "The city 東京"
