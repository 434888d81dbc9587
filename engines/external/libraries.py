"""Libraries that take seconds to load, without what they would write to the terminal."""

import os
from functools import cache
from typing import Any


@cache
def transformers() -> Any:
    """Return the library `transformers`; loading it takes seconds.

    Its progress bars and logs are turned off: the screen is drawn on the same terminal.
    """
    # Read when a process forks after a tokenizer has used threads: it would warn of it.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import transformers

    library: Any = transformers
    library.utils.logging.set_verbosity_error()
    library.utils.logging.disable_progress_bar()
    return library


def torch() -> Any:
    """Return the library `torch`; loading it takes a second."""
    import torch as library

    return library
