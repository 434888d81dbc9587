"""Many values become few calls, and the last value is never lost."""

from collapse_tui.tui.throttle import Throttle


class Clock:
    """Timers that go off when they are told to."""

    def __init__(self) -> None:
        self.timers = []

    def set_timer(self, interval, callback):
        """Keep the callback."""
        self.timers.append((interval, callback))
        return object()

    def go_off(self) -> None:
        """Call back."""
        self.timers.pop()[1]()


def test_the_first_at_once_then_the_newest():
    clock, seen = Clock(), []
    throttle = Throttle(clock, 0.05, seen.append)
    throttle.offer(1)
    assert seen == [1]
    for value in range(2, 100):
        throttle.offer(value)
    assert seen == [1]
    assert [interval for interval, _ in clock.timers] == [0.05]
    clock.go_off()
    assert seen == [1, 99]
    clock.go_off()
    assert seen == [1, 99]
    assert not clock.timers
    throttle.offer(None)
    assert seen == [1, 99, None]
