"""All that the page of a run shows, as one object of JSON."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from collapse_tui.experiment import document
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.number_format import format_number
from collapse_tui.presentation.claims_table import format_expected
from collapse_tui.presentation.draw_view import view_notes
from collapse_tui.presentation.figures.metric_figure import (
    axis_words,
    build_chart,
    list_references,
    recorded_values,
)
from collapse_tui.presentation.figures.run_words import (
    describe_interventions,
    describe_stored_run,
)
from collapse_tui.presentation.html.array_pool import ArrayPool
from collapse_tui.presentation.html.chart_data import describe_chart
from collapse_tui.presentation.published_values import describe_published_values
from collapse_tui.presentation.scene import Scene
from collapse_tui.presentation.stored_scene import explain_missing_view, load_scene, load_theory
from collapse_tui.presentation.stored_view import load_view
from collapse_tui.presentation.strip_kinds import STRIP_KINDS
from collapse_tui.presentation.strip_shades import explain_shades, shade_strip
from collapse_tui.presentation.verdict_text import ORIGINS, format_measurement
from collapse_tui.presentation.view_content import ViewContent, split_view, view_words
from collapse_tui.reproduction.stored_run import StoredClaim, evaluate_claims, find_preset
from collapse_tui.storage.errors import DamagedRunError
from collapse_tui.storage.saved import SavedRun
from engines.arrays import even_indices

BINS = 120
"""Bins and states of a view up to which each is drawn."""
MOST_VIEWS = 240
VIEW_BYTES = 3_000_000
"""Views that the page holds at most, and about the size that all of them may have."""


def build_page_data(run: SavedRun) -> dict[str, Any]:
    """Return the content of the page of a run.

    Parameters
    ----------
    run : SavedRun
        With at least one record.
    """
    experiment, curves, notes = load_theory(run)
    scene = load_scene(run, experiment, curves)
    found = (
        evaluate_claims(run, experiment, find_preset(experiment)) if experiment is not None else []
    )
    pool = ArrayPool()
    metrics = [_describe_metric(scene, topic, pool) for topic in scene.topics]
    views = _describe_views(run, experiment, scene, pool)
    left_out = [*notes, *_explain_left_out(run, views["generations"]), *explain_missing_view(run)]
    words = describe_stored_run(run, experiment, scene)
    return {
        "title": experiment.title if experiment is not None and experiment.title else run.name,
        "head": " ".join((words.head, *describe_interventions(scene))),
        "metrics": metrics,
        "views": views,
        "strip": _describe_strip(scene, pool),
        "claims": [_describe_claim(item) for item in found],
        "settings": _list_settings(experiment),
        "bibtex": _format_references(experiment),
        "notes": left_out,
        "arrays": pool.texts,
    }


def _describe_metric(scene: Scene, topic: str, pool: ArrayPool) -> dict[str, Any]:
    published = recorded_values(scene, topic)
    chart = build_chart(scene, topic)
    notes = [*describe_published_values(published), *list_references(scene.curves(topic))]
    words = axis_words(topic)
    return {"key": topic, "words": words, "chart": describe_chart(chart, pool), "notes": notes}


def _describe_views(
    run: SavedRun, experiment: Experiment | None, scene: Scene, pool: ArrayPool
) -> dict[str, Any]:
    before = pool.size
    last = _describe_frame(run, experiment, scene, run.last, pool)
    size = max(1, pool.size - before)
    count = int(np.clip(VIEW_BYTES // size, 2, MOST_VIEWS)) if last is not None else MOST_VIEWS
    generations = even_indices(run.last + 1, count).tolist()
    frames = [
        last
        if generation == run.last
        else _describe_frame(run, experiment, scene, generation, pool)
        for generation in generations
    ]
    return {"generations": generations, "frames": frames}


def _describe_frame(
    run: SavedRun,
    experiment: Experiment | None,
    scene: Scene,
    generation: int,
    pool: ArrayPool,
) -> dict[str, Any] | None:
    try:
        history = load_view(run, scene, experiment, generation)
    except DamagedRunError:  # a note says so
        history = None
    if history is None:
        return None
    content = split_view(history, BINS)
    return {
        "words": view_words(generation, scene.replicates),
        "charts": _describe_charts(content, pool),
        "pictures": [
            [label, *images.shape, pool.add_pixels(images)] for label, images in content.pictures
        ],
        "passages": content.passages,
        "notes": view_notes(history.view),
    }


def _describe_charts(content: ViewContent, pool: ArrayPool) -> list[dict[str, Any]]:
    return [
        {"x": chart.x_name or x, "y": y, "square": square, "chart": describe_chart(chart, pool)}
        for chart, x, y, square in content.charts
    ]


def _describe_strip(scene: Scene, pool: ArrayPool) -> dict[str, Any] | None:
    strip = scene.snapshot.strip
    if strip is None:
        return None
    shades = shade_strip(strip)
    columns, cells = shades.columns.shape
    (low, high), kind = strip.axis, STRIP_KINDS[strip.strip.name]
    who = f", run 1 of {scene.replicates:,}" if scene.replicates > 1 else ""
    return {
        "words": f"{kind.title}{who}",
        "axis": strip.strip.axis,
        "ends": [format_number(10.0**end if strip.strip.log else end) for end in (low, high)],
        "shades": explain_shades(strip.strip),
        "generations": [column * strip.width for column in range(columns)],
        "cells": cells,
        "signed": strip.strip.signed,
        "values": pool.add(shades.columns),
        "real": None if shades.real is None else pool.add(shades.real),
    }


def _explain_left_out(run: SavedRun, generations: Sequence[int]) -> list[str]:
    if len(generations) > run.last:
        return []
    kept = f"views of {len(generations):,} of {run.last + 1:,} generations, evenly spaced"
    return [f"{kept}; `collapse-tui export {run.name} FILE.png --view N` draws any"]


def _describe_claim(item: StoredClaim) -> dict[str, Any]:
    claim, judgement = item.claim, item.judgement
    parts = [f"{ORIGINS[claim.origin]}: {claim.source}".removesuffix(": ")]
    if claim.erratum:
        parts.append(f"published value is wrong: {claim.erratum}")
    if item.obtained is None:
        verdict = "not decided: asks for other settings or a longer run"
    elif judgement is None:
        verdict = "not decided: asks for another seed or other replicates"
    else:
        verdict = judgement.verdict
    return {
        "text": claim.text,
        "source": "; ".join(parts),
        "expected": format_expected(item),
        "obtained": "–" if item.obtained is None else format_measurement(item.obtained),
        "verdict": verdict,
        "good": None if judgement is None else judgement.good,
    }


def _list_settings(experiment: Experiment | None) -> list[list[str]]:
    if experiment is None:
        return []
    kept = {key: value for key, value in experiment.document.items() if key != "claims"}
    return [[key, str(value)] for key, value in document.flatten(kept).items()]


def _format_references(experiment: Experiment | None) -> str:
    if experiment is None:
        return ""
    from collapse_tui.reproduction.citations import collect_references, format_bibtex

    return "\n\n".join(map(format_bibtex, collect_references(experiment)))
