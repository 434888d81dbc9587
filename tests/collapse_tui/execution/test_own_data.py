"""A preset with the user's own data: nothing of the preset's own data is left."""

import re
import shlex
import subprocess
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.events import Started
from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.experiment.document import with_settings
from collapse_tui.experiment.loader import load
from engines.errors import InvalidExperimentError


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("height\n" + "".join(f"{150 + n % 40}.5\n" for n in range(500)))
    return path


@pytest.mark.parametrize("preset", ["borji", "borji-gamma", "gmm", "shumailov", "kazdan"])
def test_sizes_are_those_of_the_file(people: Path, preset: str) -> None:
    own = {"source.name": "file", "source.path": str(people)}
    built = load(preset, **own, generations=2)
    assert (built.real_size, list(built.sizes)) == (500, [500] * 3)
    assert load(preset, **own, **{"schedule.size": 80}, generations=2).real_size == 500
    assert load(preset, **own, **{"source.size": 80}, generations=2).real_size == 80


def test_a_path_or_a_data_set_takes_the_place_of_the_other(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("the cat sat on the mat and the dog saw the cat " * 400)
    built = load("suresh-unigram", **{"source.path": str(words)})
    source: Any = built.source
    assert (source.dataset, source.path) == (None, str(words))
    assert built.real_size == source.natural_size == 4320
    assert not load("opt-tiny", **{"source.path": str(words)}).document["source"].get("size")


@pytest.mark.parametrize(
    ("before", "settings", "after"),
    [
        ({"source": {"name": "normal", "size": 9, "sd": 2.0}}, {"source.name": "mixture"}, {}),
        ({"source": {"name": "normal", "sd": 2.0}}, {"source.name": "normal"}, {"sd": 2.0}),
        ({"source": {"name": "file", "path": "/a", "column": "h", "size": 4}},
         {"source.path": "/b"}, {"path": "/b", "column": "h"}),
        ({"source": {"name": "file", "path": "/a", "size": 4}},
         {"source.column": 1}, {"path": "/a", "size": 4, "column": 1}),
        ({"engine": {"name": "vae", "epochs": 3, "hidden": 8}}, {"engine.name": "lm"}, {}),
        ({"policy": {"name": "mix", "fresh": 0.5, "previous": 0.1}},
         {"policy.name": "weighted"}, {}),
        ({"schedule": {"name": "constant", "size": 7}}, {"schedule.name": "linear"}, {"size": 7}),
    ],
)  # fmt: skip
def test_a_new_name_starts_from_its_defaults(
    before: dict[str, Any], settings: dict[str, Any], after: dict[str, Any]
) -> None:
    (table,) = before
    changed = with_settings(before, settings)[table]
    assert {key: value for key, value in changed.items() if key != "name"} == after


def test_a_run_says_what_it_read(people: Path) -> None:
    own = {"source.name": "file", "source.path": str(people), "source.size": 80}
    started = next(iter(run(load("borji", **own))))
    assert isinstance(started, Started)
    (said,) = (note for note in started.notes if note.startswith("reads"))
    assert f"reads {people} (3 kB): 500 rows of height: mean 169.6, sd 11.54," in said
    assert "150.5 to 189.5; generation 0 draws 80 of 500 without replacement" in said


def test_moved_data_are_found_again_as_the_message_says(
    people: Path, tmp_path: Path, complete: Callable[..., Any]
) -> None:
    own = {"source.name": "file", "source.path": str(people), "replicates": 1}
    events = run(load("shumailov", **own, generations=4), folder=tmp_path / "run")
    list(islice(events, 3))
    events.close()
    moved = people.rename(tmp_path / "moved.csv")
    sentences = set[str]()
    for begin in (
        lambda: resume(tmp_path / "run"),
        lambda: fork(tmp_path / "run", at=0, settings={}, out=tmp_path / "fork"),
    ):
        with pytest.raises(InvalidExperimentError, match="which does not exist") as caught:
            begin()
        sentences.add(str(caught.value))
    (sentence,) = sentences
    found = re.search("`(ln -s .*?)`", sentence)
    assert found
    subprocess.run(shlex.split(found[1].replace("NEW_PATH", str(moved))), check=True)
    complete(resume(tmp_path / "run"))
    complete(fork(tmp_path / "run", at=0, settings={}, out=tmp_path / "fork"))
