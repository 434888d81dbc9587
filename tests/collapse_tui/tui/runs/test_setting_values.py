"""Values of settings on their way along a slider, and as text."""

from typing import Any

import pytest

from collapse_tui.experiment.knobs import Knob
from collapse_tui.tui.runs.setting_values import (
    next_value,
    show_setting,
    slider_scale,
    slider_share,
    slider_value,
)

SHARE = Knob("policy.fresh", 0.0, 0, 1)
SIZE = Knob("schedule.size", 30_000, 1, 2**63 - 1)
WIDTH = Knob("engine.bandwidth", 0.5, 0, None, choices=("scott", "silverman"), low_open=True)
KERNEL = Knob("engine.kernel", "gaussian", choices=("gaussian", "tophat", "cosine"))
FLAG = Knob("engine.warm_start", value=False, choices=(False, True))
RIDGE = Knob("engine.ridge", 0.0, 0, None)
TOP_K = Knob("engine.top_k", 0, 0, None)


@pytest.mark.parametrize(
    ("knob", "value", "scale"),
    [
        (SIZE, 30_000, "300 to 3M, log scale"),
        (WIDTH, 0.5, "0.005 to 50, log scale"),
        (WIDTH, "silverman", ""),
        (SHARE, 0.1, ""),
        (KERNEL, "tophat", ""),
        (FLAG, True, ""),
        (RIDGE, 0.3, ""),
    ],
)
def test_a_scale_that_is_not_even_is_told(knob: Knob, value: Any, scale: str) -> None:
    assert slider_scale(knob, value) == scale


@pytest.mark.parametrize(
    ("knob", "value", "share"),
    [
        (SHARE, 0.0, 0.0),
        (SHARE, 0.25, 0.25),
        (SHARE, 1, 1.0),
        (SIZE, 30_000, 0.5),
        (SIZE, 300, 0.0),
        (SIZE, 1, 0.0),
        (SIZE, 10**9, 1.0),
        (WIDTH, 5.0, 0.75),
        (WIDTH, "silverman", 1.0),
        (KERNEL, "tophat", 0.5),
        (FLAG, True, 1.0),
        (RIDGE, 0.3, 0.3),
        (TOP_K, 50, 0.5),
        (Knob("engine.chunk", None), None, None),
        (Knob("schedule.sizes", (1, 2)), (1, 2), None),
        (Knob("engine.model", "opt"), "opt", None),
    ],
)
def test_where_a_value_is_on_its_slider(knob: Knob, value: Any, share: float | None) -> None:
    found = slider_share(knob, value)
    assert found == (None if share is None else pytest.approx(share))


@pytest.mark.parametrize("knob", [SHARE, SIZE, WIDTH, KERNEL, FLAG, RIDGE, TOP_K])
def test_a_slider_is_let_go_where_it_shows(knob: Knob) -> None:
    for step in range(21):
        value = slider_value(knob, step / 20, knob.value)
        assert type(value) is type(knob.value)
        found = slider_share(knob, value)
        assert found is not None
        tolerance = 0.5 if knob.choices and isinstance(value, str | bool) else 0.03
        assert found == pytest.approx(step / 20, abs=tolerance)
        if isinstance(value, float):
            assert knob.allows(value)


def test_pointing_gives_round_numbers() -> None:
    assert slider_value(SHARE, 0.123, 0.0) == 0.12
    assert slider_value(SIZE, 0.617, 30_000) == 88_000
    assert slider_value(WIDTH, 0.9, 0.5) == 20.0
    assert slider_value(KERNEL, 0.4, "gaussian") == "tophat"
    assert slider_value(SHARE, -3, 0.4) == 0.0
    # a bound that is no value itself is not taken
    part = Knob("policy.fresh", 0.5, 0, 1, low_open=True, high_open=True)
    assert slider_value(part, 1.0, 0.5) == 0.5
    assert slider_value(Knob("engine.chunk", None), 0.3, None) is None


@pytest.mark.parametrize(
    ("knob", "value", "down", "up"),
    [
        (SHARE, 0, None, 0.01),  # 0 may have been typed without a point
        (SHARE, 1.0, 0.75, None),
        (SIZE, 30_000, 20_000, 50_000),
        (SIZE, 1, None, 2),
        (TOP_K, 0, None, 1),
        (RIDGE, 0.0, None, 0.001),
        (RIDGE, 0.001, 0.0, 0.002),
        (WIDTH, 0.5, 0.2, 1.0),
        (WIDTH, "scott", None, "silverman"),
        (KERNEL, "tophat", "gaussian", "cosine"),
        (KERNEL, "cosine", "tophat", None),
        (FLAG, True, False, False),
        (Knob("engine.tolerance", 1e-5, 0, None), 1e-5, 5e-6, 2e-5),
        (Knob("policy.fresh", 0.5, 0, 1, low_open=True), 0.01, None, 0.02),
        (Knob("engine.chunk", None), None, None, None),
    ],
)
def test_the_next_value(knob: Knob, value: Any, down: Any, up: Any) -> None:
    assert (next_value(knob, value, -1), next_value(knob, value, 1)) == (down, up)


@pytest.mark.parametrize(
    ("knob", "value", "text"),
    [
        (SHARE, 0.125, "12.5 %"),
        (SHARE, 1, "100 %"),
        (SIZE, 30_000, "30,000"),
        (WIDTH, 0.5, "0.5"),
        (WIDTH, "scott", "scott"),
        (FLAG, True, "yes"),
        (Knob("engine.chunk", None), None, "none"),
        (Knob("schedule.sizes", (1,)), (1, 2, 3), "3 values"),
        (Knob("policy.detector", None), object(), "set"),
    ],
)
def test_settings_as_a_reader_sees_them(knob: Knob, value: Any, text: str) -> None:
    assert show_setting(knob, value) == text
