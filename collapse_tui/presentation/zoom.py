"""The part of a run that charts over generations show: narrower, wider, moved along."""

Window = tuple[float, float]
"""First and last generation that are shown."""

SMALLEST = 4
"""Generations from the first to the last of the narrowest window."""

AHEAD = 0.25
"""Share of a window that is kept free for generations to come, when it follows a run."""


def zoom_in(window: Window | None, at: float, last: int) -> Window | None:
    """Return half of a window, in which generation `at` stays where it is.

    Parameters
    ----------
    window : (float, float) or None
        None: the whole run.
    at : float
    last : int
        The last generation of the run.

    Returns
    -------
    (float, float) or None
        None where the run is too short for a part of it.
    """
    low, high = window or (0.0, float(last))
    span = max(float(SMALLEST), (high - low) // 2)
    if span >= last:
        return None
    place = min(max(at, low), high)
    share = (place - low) / (high - low)
    return _within(round(place - share * span), span, last)


def zoom_out(window: Window | None, at: float, last: int) -> Window | None:
    """Return twice a window, in which generation `at` stays where it is; None: the whole run."""
    if window is None:
        return None
    low, high = window
    span = 2 * (high - low)
    if span >= last:
        return None
    place = min(max(at, low), high)
    return _within(round(place - (place - low) / (high - low) * span), span, last)


def select_span(start: float, stop: float, last: int) -> Window | None:
    """Return the window from one generation to another, at least the narrowest one around them."""
    low, high = sorted((round(start), round(stop)))
    span = max(SMALLEST, high - low)
    return None if span >= last else _within(low - (span - (high - low)) // 2, span, last)


def move_window(window: Window | None, share: float, last: int) -> Window | None:
    """Return a window moved by a share of its own width, as far as the run goes."""
    if window is None:
        return None
    low, high = window
    return _within(round(low + share * (high - low)), high - low, last)


def include(window: Window | None, at: int, last: int) -> Window | None:
    """Return a window moved just so far that generation `at` is in it."""
    if window is None or window[0] <= at <= window[1]:
        return window
    low, high = window
    return _within(at if at < low else at - (high - low), high - low, last)


def follow(window: Window | None, newest: int, last: int) -> Window | None:
    """Return a window that shows the newest generation, moved in strides: each repaints charts."""
    if window is None or newest <= window[1]:
        return window
    span = window[1] - window[0]
    return _within(round(newest - (1 - AHEAD) * span), span, last)


def _within(low: float, span: float, last: int) -> Window:
    """Return a window of a given width, pushed into the run."""
    start = min(max(0.0, float(low)), last - span)
    return start, start + span
