"""The loop in one line: of every preset, at every width, with the settings in force."""

import pytest

import presets
from collapse_tui.charts.canvas import ASCII
from collapse_tui.experiment.document import read
from collapse_tui.experiment.edit import with_intervention
from collapse_tui.experiment.loader import load
from collapse_tui.experiment.validation import build
from collapse_tui.presentation.loop_words import describe_loop, loop_spans
from engines.recursion import Setup

TABLES = ("source", "engine", "policy", "schedule")


def words_of(name, **settings):
    """Return the loop of a preset without its data, which may be missing."""
    document = read(name)[1]
    tables = {table: dict(document[table]) for table in TABLES if table in document}
    tables.setdefault("schedule", {"name": "constant", "size": 1000})
    tables["source"].pop("bins", None)
    tables |= settings
    source, engine, policy, schedule = (build(table, tables[table]) for table in TABLES)
    setup = Setup(engine, policy, schedule, document["seed"])
    return describe_loop(source, setup, setup, 1, 1000, document["replicates"])


def text(spans):
    return "".join(part for part, _ in spans)


@pytest.mark.parametrize("width", [58, 78, 118, 158])
@pytest.mark.parametrize("name", presets.names())
def test_every_preset_says_what_is_fitted_to_what(name, width):
    words = words_of(name)
    line = text(loop_spans(words, width))
    assert len(line) <= width
    assert line.count(" ─▶ ") >= 3
    real, fit, sample, keep = words.short
    assert real in line or words.long[0] in line
    assert fit in line or words.long[1] in line
    assert sample.partition(" ")[0] in line
    if width > 100:
        assert line.startswith("REAL ")
        assert "KEEP " in line
    if width >= 78:
        assert keep in line or words.long[3] in line
    assert all(len(one) <= 24 for one in words.short)
    assert line.translate(ASCII).isascii()


def test_the_seed_and_the_runs_stand_at_the_right_edge():
    line = text(loop_spans(words_of("shumailov"), 158))
    assert len(line) == 158
    assert line.endswith("seed 1 · 100 runs")


def test_an_intervention_counts_from_its_step_on():
    experiment = with_intervention(load("borji"), 10, {"policy.fresh": 0.05})
    lines = [
        describe_loop(
            experiment.source, experiment.setup(n), experiment.setup(1), n, experiment.real_size, 1
        )
        for n in (9, 10)
    ]
    assert "0 % real data" in text(loop_spans(lines[0], 100))
    assert "5 % real data" in text(loop_spans(lines[1], 100))
    assert lines[0].changed == frozenset()
    assert lines[1].changed == {3}


def test_sizes_of_a_growing_schedule_are_those_of_the_generation():
    power = {"schedule": {"name": "power", "size": 20, "exponent": 1.5}}
    words = words_of("shumailov-superlinear", **power)
    assert words.short[2] == "57 samples"
    assert "growing as n^1.5" in words.long[2]


def test_names_too_long_are_cut_and_control_characters_are_visible():
    words = words_of(
        "borji", source={"name": "file", "path": "/data/\x1bheights-of-everyone-in-town.csv"}
    )
    line = text(loop_spans(words, 58))
    assert len(line) <= 58
    assert "\x1b" not in line
    assert "…" in line
