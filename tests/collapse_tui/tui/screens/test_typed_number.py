"""Digits that make a number, until they are used or too old."""

from collapse_tui.tui.screens.typed_number import LONGEST, PATIENCE, TypedNumber


def test_digits_make_a_number_that_is_taken_once() -> None:
    typed = TypedNumber(clock=lambda: 0.0)
    assert typed.take() is None
    assert [typed.add(digit) for digit in "042"] == ["0", "04", "042"]
    assert typed.take() == 42
    assert typed.take() is None


def test_old_digits_do_not_count() -> None:
    now = [0.0]
    typed = TypedNumber(clock=lambda: now[0])
    typed.add("4")
    now[0] += PATIENCE / 2
    typed.add("2")
    now[0] += PATIENCE
    assert typed.digits == "42"
    now[0] += PATIENCE
    assert typed.digits == ""
    assert typed.add("7") == "7"


def test_a_number_has_an_end() -> None:
    typed = TypedNumber(clock=lambda: 0.0)
    for _ in range(50):
        typed.add("9")
    assert len(str(typed.take())) == LONGEST
