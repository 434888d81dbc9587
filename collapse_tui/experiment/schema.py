"""The keys of a preset that stand outside of its source, engine, policy and schedule."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from engines.config import Config, Integer, Size

MOST_REPLICATES = 10**12
"""One number of each would take 8 TB: what fits into memory is asked later."""

Group = Literal["tails", "variance", "kernels", "remedies", "networks", "rates", "other"]
"""What one wants to see; presets are listed by it, in this order."""

GROUPS: dict[str, str] = {
    "tails": "what is rare is lost first",
    "variance": "the spread vanishes",
    "kernels": "each refit adds width",
    "remedies": "what stops or slows it",
    "networks": "images and text",
    "rates": "how fast, to the digit",
    "other": "without a group",
}
"""Group → what its presets show, in a few words."""


class Top(Config):
    """The top-level keys of an experiment."""

    format: Integer = Field(default=1, description="version of the keys")
    title: str = Field(default="", description="what it shows, in one line")
    paper: str = Field(default="", description="the paper that it reproduces")
    figure: str = Field(default="", description="the figure or theorem of the paper")
    watch: str = Field(default="", description="what to look at while it runs")
    group: Group = Field(default="other", description="what one wants to see, for lists")
    seed: Integer = Field(default=0, description="stream of random numbers: same seed, same run")
    generations: Size = Field(default=100, description="how often the model is refitted")
    replicates: Size = Field(
        default=1, le=MOST_REPLICATES, description="independent runs side by side"
    )


def group_of(document: Mapping[str, Any]) -> str:
    """Return the group of a preset, ``"other"`` where it names none that is known."""
    group = document.get("group")
    return group if isinstance(group, str) and group in GROUPS else "other"


class KeepState(Config):
    """What is kept on disk: the newest checkpoints."""

    keep: Size = Field(default=3, description="newest checkpoints that stay on disk")
