"""The keys of a preset that stand outside of its source, engine, policy and schedule."""

from engines.config import Config, Integer, Size


class Top(Config):
    """The top-level keys of an experiment."""

    format: Integer = 1
    title: str = ""
    paper: str = ""
    figure: str = ""
    watch: str = ""
    seed: Integer = 0
    generations: Size = 100
    replicates: Size = 1


class KeepState(Config):
    """What is kept on disk: the newest checkpoints."""

    keep: Size = 3
