"""Libraries that take seconds to load, without what they would write to the terminal."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any


@cache
def transformers() -> Any:
    """Return the library `transformers`; loading it takes seconds.

    Its progress bars and logs are turned off: the screen is drawn on the same terminal.
    """
    # Read when a process forks after a tokenizer has used threads: it would warn of it.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with _existing_directory():
        import transformers

    library: Any = transformers
    library.utils.logging.set_verbosity_error()
    library.utils.logging.disable_progress_bar()
    # what it still says goes the way of all loggers, not to standard error at once
    library.utils.logging.disable_default_handler()
    library.utils.logging.enable_propagation()
    return library


def torch() -> Any:
    """Return the library `torch`; loading it takes a second."""
    with _existing_directory():
        import torch as library

    return library


@contextmanager
def _existing_directory() -> Generator[None]:
    """Load a library elsewhere where the working directory was deleted.

    oneMKL, which torch brings, then does not find itself and ends the process.
    """
    here = None
    try:
        os.getcwd()  # noqa: PTH109 - asked of the system, not of a path
    except FileNotFoundError:
        here = os.open(".", os.O_RDONLY)
    if here is None:
        yield
        return
    try:
        os.chdir("/")
        yield
    finally:
        os.fchdir(here)
        os.close(here)
