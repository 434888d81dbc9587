"""Numbers and ticks."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collapse_tui.number_format import (
    format_bytes,
    format_count,
    format_duration,
    format_fixed,
    format_number,
    linear_ticks,
    log_ticks,
    round_limits,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (0.0, "0"),
        (2.0, "2"),
        (2.9434, "2.94"),
        (-0.5, "−0.5"),
        (30_000.0, "30000"),
        (1.25e-7, "1.25e−7"),
        (4e12, "4e12"),
        (0.0001234, "0.000123"),
    ],
)
def test_number(value, text):
    assert format_number(value) == text


def test_a_running_value_keeps_its_width():
    assert [format_fixed(value) for value in (2.5, 2.51, 3.0)] == ["2.50", "2.51", "3.00"]


@given(st.floats(-1e9, 1e9), st.floats(1e-9, 1e9), st.integers(1, 12))
def test_ticks_are_few_and_inside(low, span, count):
    high = low + span
    if high - low < 1e-6 * max(abs(low), abs(high)):
        return
    positions, labels = linear_ticks(low, high, count)
    assert len(positions) == len(labels) <= count + 1
    slack = 1e-6 * (high - low)
    assert all(low - slack <= position <= high + slack for position in positions)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=8), st.booleans())
def test_limits_are_finite_and_apart(values, zero):
    array = np.clip(np.array(values, dtype=float), -1e150, 1e150)
    low, high = round_limits(array, zero=zero)
    assert math.isfinite(low)
    assert math.isfinite(high)
    assert low < high


def test_decades_over_many_and_few():
    assert log_ticks(-6, 0, 3)[1] == ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]
    assert log_ticks(0, 3.2, 4)[1] == ["1", "10", "100", "1000"]
    assert log_ticks(0, 3.2, 3)[1] == ["1", "10", "100", "1000"]
    assert log_ticks(-2.1, 1, 9)[1] == ["0.01", "0.1", "1", "10"]
    assert log_ticks(0, 4.2, 9)[1] == ["10⁰", "10¹", "10²", "10³", "10⁴"]
    assert log_ticks(0, 0.9, 5)[1] == ["1", "2", "5"]


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1000, "1 kB"), (1249, "1.2 kB"), (12_345, "12 kB"),
     (999_600, "1 MB"), (3_400_000_000, "3.4 GB"), (5 * 10**16, "50000 TB")],
)  # fmt: skip
def test_sizes(count: int, text: str) -> None:
    assert format_bytes(count) == text


def test_durations_have_one_unit():
    assert [format_duration(seconds) for seconds in (3.2, 89, 300, 20_000, 500_000)] == [
        "4 s", "89 s", "5 min", "5.6 h", "5.8 d",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "text"),
    [(7, "7"), (500, "500"), (9999, "9999"), (10_000, "10k"), (123_456, "123k"),
     (1_000_000, "1M"), (2_500_000, "2.5M"), (10**9, "1G"), (2 * 10**13, "20T"), (10**18, "1e18")],
)  # fmt: skip
def test_counts_in_few_characters(count: int, text: str) -> None:
    assert format_count(count) == text
