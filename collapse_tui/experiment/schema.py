"""The keys of a preset that stand outside of its source, engine, policy and schedule."""

from pydantic import Field

from engines.config import Config, Integer, Size

MOST_REPLICATES = 10**12
"""One number of each would take 8 TB: what fits into memory is asked later."""


class Top(Config):
    """The top-level keys of an experiment."""

    format: Integer = 1
    title: str = ""
    paper: str = ""
    figure: str = ""
    watch: str = ""
    seed: Integer = 0
    generations: Size = 100
    replicates: Size = Field(default=1, le=MOST_REPLICATES)


class KeepState(Config):
    """What is kept on disk: the newest checkpoints."""

    keep: Size = 3
