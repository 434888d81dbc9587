"""`reproduce` as it is used, and the verdicts that `show` prints."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import presets

Cli = Callable[..., Any]
Preset = Callable[..., Path]
LISTING = """
[[claims]]
text = "The variance stays, by the listing too."
metric = "variance"
generation = 5
expected = 1.0
standard_errors = 4
source = "listing 1"
"""


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def test_reproduce_prints_a_table(cli: Cli, preset: Preset) -> None:
    ended = cli("reproduce", preset("right", "law", "erratum", "slow"))
    assert ended.code == 0
    for words in ("expected", "obtained", "tolerance", "verdict", "eq. 3", "not run"):
        assert words in ended.out
    assert "published value is wrong: E2: eq. 5 is wrong" in ended.out
    assert "4 claims: 2 hold, 1 erratum confirmed, 1 not run" in ended.err


def test_a_value_says_where_it_is_from(cli: Cli, preset: Preset, tmp_path: Path) -> None:
    """A law and our run of a listing do not pass for what a paper prints."""
    listing = LISTING.replace("[[claims]]", "[[claims]]\norigin = 'listing'")
    ended = cli("reproduce", preset("right", "law", listing), "--write", tmp_path / "a.md")
    for words in ("paper: eq. 3", "law: theory", "listing, run by us: listing 1"):
        assert words in ended.out
    page = (tmp_path / "a.md").read_text()
    for words in ("| paper | eq. 3 |", "| law | theory |", "| listing, run by us | listing 1 |"):
        assert words in page
    lines = cli("reproduce", preset("right", "law", listing), "--json").out.splitlines()
    assert [json.loads(line)["origin"] for line in lines] == ["paper", "law", "listing"]


def test_a_failed_claim_ends_with_3(cli: Cli, preset: Preset) -> None:
    ended = cli("reproduce", preset("right", "wrong"))
    assert ended.code == 3
    assert "fails" in ended.out
    assert cli("reproduce", preset("right")).code == 0


def test_json(cli: Cli, preset: Preset) -> None:
    ended = cli("reproduce", preset("right", "law", "erratum", "slow"), "--json", "--slow")
    rows = [json.loads(line) for line in ended.out.splitlines()]
    assert [row["verdict"] for row in rows] == ["holds", "holds", "erratum confirmed", "holds"]
    first, law, erratum, slow = rows
    assert (first["preset"], first["claim"], first["expected"]) == ("small", 1, 1.0)
    assert abs(first["obtained"] - 1.0) <= first["tolerance"]
    assert first["tolerance"] == pytest.approx(4 * first["standard_error"])
    assert law["laws"] == {"expected": "gaussian.replace.log_sigma.mean"}
    assert erratum["corrected"] != erratum["expected"]
    assert (slow["seed"], slow["set"]) == (2, {"seed": 2})
    assert all(row.keys() == first.keys() for row in rows)


def test_the_share_of_seeds_at_which_a_claim_holds(
    cli: Cli, preset: Preset, tmp_path: Path
) -> None:
    path, page = preset("right", "wrong", "slow"), tmp_path / "a.md"
    ended = cli("reproduce", path, "--seed", 5, "--seeds", 3, "--write", page)
    assert ended.code == 3
    assert "3 claims: 1 holds, 1 fails, 1 not run" in ended.err
    for words in ("holds at 3 of 3 seeds", "fails at 3 of 3 seeds", "not run: slow"):
        assert words in ended.out
        assert words in page.read_text()
    assert "seeds 5, 6, 7." in page.read_text()
    lines = cli("reproduce", path, "--seed", 5, "--seeds", 3, "--json").out.splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["seed"] for row in rows] == [5, 6, 7] * 3
    assert [row["share"] for row in rows] == [1.0] * 3 + [0.0] * 3 + [None] * 3
    alone = cli("reproduce", path, "--seed", 6, "--json", "--no-cache").out.splitlines()[0]
    assert json.loads(alone) == rows[1]


def test_claims_whose_data_are_missing_are_on_the_page(
    cli: Cli, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are counted as not run, with what they need; a preset that is named must run."""
    monkeypatch.setattr("engines.external.hub.cached_folder", lambda _: None)
    folder, page = preset("right").parent, tmp_path / "a.md"
    opt = presets.path("opt").read_text()
    monkeypatch.setattr(presets, "FOLDER", folder)
    (folder / "opt.toml").write_text(opt)
    ended = cli("reproduce", "--all", "--write", page)
    assert ended.code == 0
    assert "5 claims: 1 holds, 4 not run" in ended.err
    assert "5 claims: 1 holds, 4 not run" in page.read_text()
    assert page.read_text().count("| not run: needs collapse-tui fetch opt |") == 4
    rows = [json.loads(line) for line in cli("reproduce", "--all", "--json").out.splitlines()]
    assert {row["note"] for row in rows} == {None, "needs collapse-tui fetch opt"}
    assert cli("reproduce", "opt").code == 2


def test_what_is_refused(cli: Cli, preset: Preset, tmp_path: Path) -> None:
    bare = preset().rename(tmp_path / "bare.toml")
    for arguments, words in {
        (): "--all",
        ("borij",): "'borji'",
        (bare,): "no claims",
        (preset("right"), "--write", tmp_path / "none" / "x.md"): "no folder",
        (preset("right"), "--seed", "one"): "--seed must be an integer, at least 0, got 'one'",
        (preset("right"), "--seeds", 0): "--seeds must be an integer, at least 1, got '0'",
    }.items():
        ended = cli("reproduce", *arguments)
        assert ended.code == 2
        assert words in ended.err
        assert not ended.out


def test_the_page_is_the_same_each_time(cli: Cli, preset: Preset, tmp_path: Path) -> None:
    path = preset("right", "law", "erratum", "wrong", "slow")
    for name in ("a.md", "b.md"):
        assert cli("reproduce", path, "--no-cache", "--write", tmp_path / name).code == 3
    page = (tmp_path / "a.md").read_text()
    assert page == (tmp_path / "b.md").read_text()
    assert "seeds 1, 2" in page
    assert "5 claims: 2 hold, 1 erratum confirmed, 1 fails, 1 not run" in page
    assert "| **fails** |" in page
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {10}
    assert not re.search(r"20\d\d-\d\d|\d\d:\d\d", page)


def test_the_old_name_of_no_cache_works(cli: Cli, preset: Preset, cache: Path) -> None:
    path = preset("right")
    cli("reproduce", path)
    (file,) = cache.iterdir()
    file.write_text(
        file.read_text().replace('"value": 1', '"value": 2').replace('"value": 0', '"value": 2')
    )
    assert cli("reproduce", path).code == 3
    assert cli("reproduce", path, "--anew").code == 0
    assert "--anew" not in cli("reproduce", "--help").out


def test_all_takes_every_preset_with_claims(
    cli: Cli, preset: Preset, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = preset("right").parent
    monkeypatch.setattr(presets, "FOLDER", folder)
    (folder / "bare.toml").write_text(preset().read_text())
    preset("right")
    ended = cli("reproduce", "--all", "--json")
    assert [json.loads(line)["preset"] for line in ended.out.splitlines()] == ["small"]


def test_check_knows_the_claims(cli: Cli, preset: Preset) -> None:
    assert "2 claims" in cli("presets", "check", preset("right", "law")).out
    bad = 'set = { "engine.x" = 1 }\n'
    ended = cli("presets", "check", preset("right", bad))
    assert (ended.code, "claim 1" in ended.err) == (2, True)


def shown(cli: Cli, run: Path) -> str:
    return cli("show", run).out.partition("what its paper says")[2]


def test_show_judges_what_the_records_of_a_run_decide(
    cli: Cli, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The verdicts are those of `reproduce`, without running anything."""
    path, out = preset("right", "law", "erratum", "wrong"), tmp_path / "runs" / "r"
    assert cli("batch", "--preset", path, "--out", out, "--quiet").code == 0
    lines = cli("reproduce", path, "--json").out.splitlines()
    verdicts = [json.loads(line)["verdict"] for line in lines]
    assert verdicts == ["holds", "holds", "erratum confirmed", "fails"]
    monkeypatch.setattr("collapse_tui.reproduction.observe.run", lambda *_: pytest.fail("ran"))
    monkeypatch.setenv("COLUMNS", "90")
    text = shown(cli, out)
    rows = [line for line in text.splitlines() if re.search(r"holds|confirmed|fails", line)]
    assert [re.search(r"(\w+( confirmed)?)$", row)[1] for row in rows] == verdicts
    assert max(map(len, text.partition("judged")[0].splitlines())) <= 90
    assert "gaussian.replace" not in text
    assert f"judged from what is recorded, as `collapse-tui reproduce {out}/experiment" in text


def test_show_gives_no_verdict_on_another_run_than_was_asked_for(
    cli: Cli, preset: Preset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = preset("right", "law", "slow"), tmp_path / "runs"
    monkeypatch.setattr(presets, "FOLDER", path.parent)
    few = ("--replicates", 50, "--out", folder / "few", "--quiet")
    assert cli("batch", "--preset", "small", *few).code == 0
    text = shown(cli, folder / "few")
    assert "The mean of the variance stays." in text
    assert "verdict\n" not in text
    assert "no verdict: 3 ask for another seed or other replicates than this run's" in text
    assert "`collapse-tui reproduce small --slow` judges all of them" in text
    cli("batch", "--preset", "small", "--out", folder / "whole", "--quiet")
    text = shown(cli, folder / "whole")
    assert text.count("holds") == 2
    assert "no verdict: 1 asks for another seed" in text
    cli("batch", "--preset", "small", "--generations", 3, "--out", folder / "short", "--quiet")
    text = shown(cli, folder / "short")
    assert "3 of 3 claims ask for other settings or a longer run" in text
