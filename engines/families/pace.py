"""How fast a computation goes, for its messages; no number depends on it."""

import time


class Pace:
    """Tokens a second since the beginning."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._tokens = 0

    def after(self, tokens: int) -> str:
        """Return the mean pace, so many more tokens being done, in words."""
        self._tokens += tokens
        seconds = max(time.monotonic() - self._started, 1e-9)
        return f"{self._tokens / seconds:,.0f} tokens/s"
