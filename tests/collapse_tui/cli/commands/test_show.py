"""`show`: stored runs on standard output."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def test_show(cli: Cli, small: Path) -> None:
    ended = cli("show", small)
    assert ended.code == 0
    assert ended.err == ""
    assert "\x1b" not in ended.out
    for word in ("Shumailov", "3 independent runs", "deviation (log_sigma): ", "w2_squared",
                 "real", "now", "density by generation · run 1 of 3", "(real 1.0)", "┃",
                 "diagnosis:", "theory", "arXiv:2305.17493"):  # fmt: skip
        assert word in ended.out
    assert max(map(len, ended.out.splitlines())) < 210
    assert sum("⡀" <= char <= "⣿" for char in ended.out) > 50


def test_show_of_other_views_and_interventions(cli: Cli) -> None:
    titles = {
        "discrete": "states by generation",
        "gaussian-nd": "density along the first principal axis",
        "rescue": "density by generation",
    }
    for preset, title in titles.items():
        settings = (
            ("--generations", 3)
            if preset != "rescue"
            else ("--generations", 4, "--set", 'interventions=[{at=2,set={"policy.fresh"=0.1}}]')
        )
        assert cli("batch", "--preset", preset, *settings, "--replicates", 2).code == 0
        ended = cli("show", "last")
        assert ended.code == 0, ended.err
        assert title in ended.out


def test_show_without_its_data(cli: Cli, tmp_path: Path) -> None:
    data = tmp_path / "mine.csv"
    data.write_text("x\n1.0\n2.0\n4.0\n")
    assert cli(
        "batch", "--preset", "shumailov", "--generations", 3, "--set", "source.name=file",
        "--set", f"source.path={data}", "--set", "schedule.size=9", "--set",
        'metrics.names=["mean"]',
    ).code == 0  # fmt: skip
    data.unlink()
    ended = cli("show", "last")
    assert ended.code == 0
    assert "note: shown without theory" in ended.err
    assert "mean of model n" in ended.out
