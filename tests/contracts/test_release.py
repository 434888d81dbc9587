"""What a release says of itself agrees with itself."""

import re
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from collapse_tui import __version__

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = [
    line
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def needed() -> list[str]:
    """The names that pyproject.toml asks for, tools and build included."""
    project = PROJECT["project"]
    asked = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in project.get("optional-dependencies", {}).values():
        asked.extend(extra)
    names = [normalised(re.split(r"[<>=!~\[; ]", item)[0]) for item in asked]
    return [name for name in names if name != project["name"]]  # the tools ask for extras


def test_the_changelog_begins_with_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## \[(\d[^\]]*)\] - (\d{4}-\d\d-\d\d)$", changelog, re.MULTILINE)
    assert releases[0][0] == __version__
    dates = [date for _, date in releases]
    assert dates == sorted(dates, reverse=True)


def test_the_citation_is_of_this_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version, date = re.findall(r"^## \[(\d[^\]]*)\] - (\S+)$", changelog, re.MULTILINE)[0]
    assert f"\nversion: {version}\n" in citation
    assert f"\ndate-released: {date}\n" in citation


@pytest.mark.parametrize("pin", PINS)
def test_a_pin_is_a_name_and_a_public_version(pin: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*", pin), "no hosts, no local versions"


def test_everything_asked_for_is_pinned() -> None:
    pinned = {normalised(pin.split("==")[0]) for pin in PINS}
    assert sorted(set(needed()) - pinned) == []


def least(requirements: list[str], name: str) -> tuple[int, ...]:
    """The least version of a package that a list of requirements allows."""
    (bound,) = {
        found[1] for item in requirements if (found := re.match(rf"{name}\s*>=\s*([\d.]+)", item))
    }
    return tuple(int(part) for part in bound.split("."))


def test_torch_is_as_new_as_transformers_asks_for() -> None:
    """With an older one it refuses every model, and `torch.OutOfMemoryError` came with 2.5."""
    ours = least(PROJECT["project"]["dependencies"], "torch")
    assert ours >= least(metadata.requires("transformers") or [], "torch")
    assert ours >= (2, 5)


def test_the_architecture_can_be_read_in_one_go() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 120


def test_the_architecture_names_what_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*(?:\.(?:py|md)|/))`", text))
    places = [ROOT, ROOT / "collapse_tui", ROOT / "engines"]
    assert len(paths) > 40
    assert sorted(p for p in paths if not any((place / p).exists() for place in places)) == []


def test_the_walk_of_one_value_passes_fewer_than_ten_files() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    walk = text.split("## One value, from the command line to the draw")[1].split("\n## ")[0]
    files = re.findall(r"^\d+\. `([a-z_/]+\.py)`", walk, re.MULTILINE)
    assert 5 < len(files) < 10
    assert len(set(files)) == len(files)
