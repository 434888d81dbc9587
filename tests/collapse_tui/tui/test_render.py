"""The order in which waiting charts are drawn."""

import threading

from collapse_tui.charts.canvas import blank_canvas
from collapse_tui.tui.render import Job, Renderer


def draw_while_one_waits(*rounds: dict[str, str]) -> list[str]:
    """Return the order in which jobs that wait for a slow one are drawn.

    Each round is submitted in order: slot → what the job is called.
    """
    drawn: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def job(name: str) -> Job:
        def paint(width: int, height: int, _marker: str):
            drawn.append(name)
            return blank_canvas(width, height)

        return Job(paint, 3, 1, "braille", "dark", lambda *_: None)

    def slow(width: int, height: int, _marker: str):
        begun.set()
        go_on.wait(10)
        return blank_canvas(width, height)

    renderer = Renderer(lambda fault: drawn.append(str(fault)))
    renderer.start()
    renderer.submit("slow", Job(slow, 3, 1, "braille", "dark", lambda *_: None))
    assert begun.wait(10)
    for jobs in rounds:
        if len(jobs) == 1:
            renderer.submit(*((slot, job(name)) for slot, name in jobs.items()).__next__())
        else:
            renderer.submit_in_order({slot: job(name) for slot, name in jobs.items()})
    go_on.set()
    assert renderer.drain()
    renderer.close()
    return drawn


def test_the_newest_job_of_a_slot_is_drawn():
    assert draw_while_one_waits({"view": "old"}, {"view": "new"}) == ["new"]


def test_a_job_that_waits_does_not_overtake_the_one_it_uses():
    order = draw_while_one_waits({"strip": "s1"}, {"view": "v1"}, {"main": "m2", "strip": "s2"})
    assert order == ["m2", "s2", "v1"]


def test_none_waits_for_ever_where_others_come_again():
    order = draw_while_one_waits(
        {"main": "m1", "strip": "s1"}, {"view": "v1"}, {"main": "m2", "strip": "s2"}
    )
    assert order == ["m2", "s2", "v1"]
    order = draw_while_one_waits({"view": "v1"}, {"main": "m1", "strip": "s1"}, {"view": "v2"})
    assert order == ["v2", "m1", "s1"]
