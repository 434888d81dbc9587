"""Sketches: small, true to a fresh run, and drawn by the charts of a run."""

import json
from itertools import product

import numpy as np
import pytest

import presets
from benchmarks.sketches import run_scene
from collapse_tui.charts.palette import PLAIN
from collapse_tui.charts.terminal_text import to_plain_text
from collapse_tui.experiment.document import read
from collapse_tui.presentation.scene import Scene, split_topic
from collapse_tui.presentation.sketch import (
    MOST_BYTES,
    Sketch,
    read_sketch,
    round_number,
    take_sketch,
    to_scene,
    to_sparkline,
)
from collapse_tui.presentation.sketch_chart import draw_sketch
from collapse_tui.presentation.sketch_strip import decode_strip, encode_strip
from collapse_tui.presentation.strip import RunStrip
from engines.views.strip import STRIPS

WITHOUT_DATA = {"opt", "opt-keep10", "opt-penalty", "suresh-unigram", "vae-mnist"}
"""Presets whose model or data have to be fetched."""
SHIPPED = [name for name in presets.names() if name not in WITHOUT_DATA]
COMPARED = {
    "borji": 3, "borji-gamma": 3, "borji-gaussian": 3, "borji-three": 3, "functional": 6,
    "gmm": 2, "gmm-2d": 2, "ngram": 4, "opt-tiny": 2, "seddik-partial": 12, "shumailov": 12,
    "suresh-gaussian": 8, "suresh-poisson": 6, "unigram": 3, "vae": 2,
}  # fmt: skip
"""Of how many of their points a fresh run is compared, where all of them would take long."""
SLOW = {"gmm", "gmm-2d", "opt-tiny", "unigram", "vae"}
NETWORKS = {"opt-tiny", "vae"}
ACROSS_PROCESSORS, OF_NETWORKS = 0.03, 0.4
"""Share of a curve's span by which a run on another processor may differ."""


def shipped(name: str) -> Sketch:
    return read_sketch(presets.sketch_path(name).read_text(encoding="utf-8"))


def test_each_preset_has_a_sketch_but_those_whose_data_have_to_be_fetched() -> None:
    found = {path.stem for path in presets.sketch_path("any").parent.glob("*.json")}
    assert found == set(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_sketch_is_small_and_of_its_preset(name: str) -> None:
    path, sketch, document = presets.sketch_path(name), shipped(name), read(name)[1]
    assert path.stat().st_size <= MOST_BYTES
    assert (sketch.preset, sketch.seed) == (name, document["seed"])
    assert sketch.generations == document["generations"]
    assert sketch.replicates == document["replicates"]
    assert sketch.version
    assert sketch.at[0] == 0
    assert sketch.at[-1] == sketch.generations
    assert sketch.strip is not None


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in SHIPPED],
)
def test_a_fresh_run_gives_the_same_sketch(name: str) -> None:
    stored = shipped(name)
    points = COMPARED.get(name, len(stored.at))
    rows = list(stored.at[:points])
    scene = run_scene(name, until=rows[-1])
    allowed = OF_NETWORKS if name in NETWORKS else ACROSS_PROCESSORS
    assert scene.topic == stored.topic
    metric, _ = split_topic(stored.topic)
    pairs = [
        (values, scene.snapshot.column(metric, key)[rows]) for key, values in stored.series.items()
    ]
    fresh = {law.label: law.values for law in scene.curves(stored.topic)}
    assert {law.label for law in stored.laws} <= set(fresh)
    pairs += [(law.values, fresh[law.label][rows]) for law in stored.laws]
    for before, after in pairs:
        whole, new = np.array(before, dtype=float), np.asarray(after)
        old = whole[:points]
        assert (np.isnan(old) == np.isnan(new)).all()
        assert np.nanmax(np.abs(old - new)) <= allowed * np.nanmax(np.abs(whole)) + 1e-12
    if points == len(stored.at):
        check_strip(stored, scene)


def check_strip(stored: Sketch, scene: Scene) -> None:
    fresh = encode_strip(scene.snapshot.strip)
    assert [len(column) for column in fresh.columns] == [
        len(column) for column in stored.strip.columns
    ]
    one, other = (decode_strip(strip).values for strip in (stored.strip, fresh))
    differing = np.abs(one - other) > ACROSS_PROCESSORS * np.nanmax(np.abs(one))
    assert differing.mean() <= 0.02


@pytest.mark.parametrize(
    ("size", "name"),
    product([(26, 5), (45, 9), (80, 12), (130, 16)], ["borji", "borkar", "shumailov"]),
)
def test_a_sketch_is_drawn_at_every_size(size: tuple[int, int], name: str) -> None:
    for marker in ("braille", "ascii"):
        canvas = draw_sketch(to_scene(shipped(name)), *size, marker)
        text = to_plain_text(canvas, PLAIN, ascii_only=marker == "ascii")
        lines = text.splitlines()
        assert canvas.chars.shape == (size[1], size[0])
        assert "by generation" in lines[0] or size[0] < 40
        assert "…" not in lines[0]
        assert len("".join(text.split())) > size[0]
        assert marker != "ascii" or text.isascii()
    assert draw_sketch(to_scene(shipped(name)), 0, 0, "braille").chars.size == 0


def test_a_sketch_of_a_sketch_is_the_same() -> None:
    """What is drawn of a sketch is the run that it was taken from."""
    sketch = shipped("shumailov")
    again = take_sketch(to_scene(sketch), sketch.preset, sketch.version, sketch.seed)
    assert again.series == sketch.series
    assert [law.values for law in again.laws] == [law.values for law in sketch.laws]
    assert read_sketch(sketch.to_text()) == read_sketch(again.to_text())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"laws": 3}', "null", '{"preset": "x"}'])
def test_what_is_no_sketch_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of any kind
        read_sketch(text)


def test_a_sparkline_rises_with_the_curve() -> None:
    sketch = shipped("borji")
    spark = to_sparkline(sketch)
    assert len(spark) == 8
    assert spark[0] == "▁"
    assert spark[-1] == "█"
    assert list(spark) == sorted(spark)


def strip_of(name: str, values: np.ndarray, *, real: bool = True) -> RunStrip:
    rows = values.astype(np.float32)
    return RunStrip(STRIPS[name], (-1.0, 3.0), 1, rows[:-1], rows[-1], rows[0] if real else None)


def test_a_strip_survives_its_letters() -> None:
    generator = np.random.Generator(np.random.PCG64(1))
    values = generator.gamma(0.3, size=(30, 16)) * (generator.random((30, 16)) > 0.2)
    sketch = encode_strip(strip_of("states", values))
    again = decode_strip(sketch).values
    assert (again == 0).tolist() == (values == 0).tolist()
    seen = values > 2e-4 * values.max()
    assert np.allclose(again[seen], values[seen], rtol=0.09)
    assert sketch.axis == [-1.0, 3.0]
    signed = decode_strip(encode_strip(strip_of("weights", values - 0.4))).values
    assert np.abs(signed - (values - 0.4)).max() < 0.02 * np.abs(values - 0.4).max()


def test_a_long_strip_is_merged_and_shares_still_sum_to_one() -> None:
    generator = np.random.Generator(np.random.PCG64(1))
    values = generator.dirichlet(np.ones(64), size=500)
    values[7] = np.nan
    again = decode_strip(encode_strip(strip_of("density", values, real=False)))
    assert again.values.shape[0] <= 40
    assert again.values.shape[1] <= 20
    assert np.allclose(again.values.sum(axis=1), 1.0, rtol=0.1)
    assert again.real is None
    assert again.width * again.values.shape[0] >= 500


def test_columns_without_numbers_stay_without() -> None:
    values = np.ones((3, 4))
    values[0] = np.nan
    sketch = encode_strip(strip_of("perplexity", values, real=False))
    assert sketch.columns[0] == "...."
    assert np.isnan(decode_strip(sketch).values[0]).all()


def test_numbers_are_rounded_as_json_writes_them() -> None:
    rounded = [round_number(value) for value in (1234.56, 0.0123456, -3.0, 0.0, float("nan"), 2e9)]
    assert rounded == [1230, 0.0123, -3, 0, None, 2e9]
    assert json.loads(json.dumps(rounded)) == rounded
