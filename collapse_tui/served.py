"""Whether the screen of this process is shown in a browser, by `collapse-tui serve`."""

import os

DRIVER = "TEXTUAL_DRIVER"
WEB_DRIVER = "textual.drivers.web_driver:WebDriver"


def is_served() -> bool:
    """Return whether standard input and output lead to a browser instead of a terminal."""
    return os.environ.get(DRIVER) == WEB_DRIVER
