"""The pages of docs/ agree with the sources: sections, names, tests, metrics."""

import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from benchmarks.picture import PICTURES
from engines.metrics.registry import METRICS
from engines.theory.gaussian import chi
from engines.theory.given_state.registry import state_laws
from engines.theory.registry import overlays

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
THEORY = (DOCS / "theory.md").read_text(encoding="utf-8")
QUOTED = re.findall(r"`([^`\n]+)`", THEORY)
SECTIONS = set(re.findall(r"^#+ §([\d.]+) ", THEORY, re.MULTILINE))
ERRATA = set(re.findall(r"^- \*\*(E\d+)\*\*", THEORY, re.MULTILINE))
NAMES = sorted(law.name for law in (*overlays(), *state_laws()))
FAMILIES = {name.split(".")[0] for name in NAMES}
PATTERNS = sorted({name for name in QUOTED if "." in name and name.split(".")[0] in FAMILIES})


def sources(*patterns: str) -> dict[str, str]:
    """Return the text of files by their path from the root, without this file."""
    files = [path for pattern in patterns for path in ROOT.glob(pattern) if path != Path(__file__)]
    return {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}


@cache
def citations(pattern: str) -> dict[str, str]:
    """Return what the sources cite, each with one file that cites it."""
    found = sources("engines/**/*.py", "tests/**/*.py", "presets/*.toml", "docs/metrics.md")
    return {name: file for file, text in found.items() for name in re.findall(pattern, text)}


def matches(pattern: str, name: str) -> bool:
    """Return whether an overlay's name is the pattern, or begins with the part before ``.*``."""
    if pattern.endswith(".*"):
        return name.startswith(pattern[:-1])
    return name == pattern


def test_every_section_that_is_cited_exists() -> None:
    found = citations(r"§(\d+(?:\.\d+)?)")
    assert len(found) > 10
    assert not {name: file for name, file in found.items() if name not in SECTIONS}


def test_the_page_is_called_by_its_path() -> None:
    found = sources("engines/**/*.py", "tests/**/*.py", "presets/*.toml")
    assert not [file for file, text in found.items() if re.search(r"(?<!docs/)\btheory\.md", text)]


def test_sections_that_the_page_names_itself_exist() -> None:
    assert set(re.findall(r"§(\d+(?:\.\d+)?)", THEORY)) <= SECTIONS


def test_every_erratum_that_is_cited_exists() -> None:
    found = citations(r"\b(E[1-9]\d?)\b(?=[:;,. )])")
    assert {"E2", "E3", "E9"} <= set(found)
    assert not {name: file for name, file in found.items() if name not in ERRATA}
    assert [int(name[1:]) for name in sorted(ERRATA, key=lambda name: int(name[1:]))] == [
        *range(1, len(ERRATA) + 1)
    ]


@pytest.mark.parametrize("name", sorted({name for name in QUOTED if name.startswith("engines.")}))
def test_names_of_code_exist(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        assert hasattr(importlib.import_module(module), attribute)


def test_names_of_overlays_exist() -> None:
    assert len(PATTERNS) > 50
    assert not [
        pattern for pattern in PATTERNS if not any(matches(pattern, name) for name in NAMES)
    ]


def test_every_overlay_is_on_the_page() -> None:
    assert not [name for name in NAMES if not any(matches(pattern, name) for pattern in PATTERNS)]


@pytest.mark.parametrize(
    "place", sorted({place for place in QUOTED if re.search(r"\.py(::\w+)?$", place)})
)
def test_tests_that_the_page_names_exist(place: str) -> None:
    file, _, function = place.partition("::")
    text = (ROOT / "tests" / file.removeprefix("tests/")).read_text(encoding="utf-8")
    assert not function or f"def {function}(" in text


def test_runs_that_the_page_names_are_reproduced() -> None:
    page = (DOCS / "reproduction.md").read_text(encoding="utf-8")
    reproduced = set(re.findall(r"^## ([\w-]+):", page, re.MULTILINE))
    rows = re.findall(r"^\| [\d., ]+ \|.*\| ([^|]+) \|$", THEORY, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([\w-]+)`", row)]
    named += re.findall(r"[Rr]eproduction\s+`([\w-]+)`", THEORY)
    assert len(named) > 20
    assert set(named) <= reproduced


def test_the_table_of_chi_square_factors() -> None:
    rows = re.findall(r"^\| (\d+) \| (\S+) \| (\S+) \| (\S+) \|$", THEORY, re.MULTILINE)
    rows = [[float(cell) for cell in row] for row in rows]
    assert len(rows) == 5
    for size, *factors in rows:
        found = [float(law(size)) for law in (chi.c4, chi.log_mean, chi.log_variance)]
        assert factors == pytest.approx(found, abs=5.1e-9)


def test_every_metric_has_its_line() -> None:
    page = (DOCS / "metrics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([\w, -]+) \| (.*?) \|", page, re.MULTILINE)
    assert [(name, kinds) for name, kinds, _ in rows] == [
        (metric.name, ", ".join(metric.kinds)) for metric in METRICS.values()
    ]
    titles = re.findall(r"^\| `\w+` \| .* \| ([^|]+) \|$", page, re.MULTILINE)
    assert titles == [metric.title for metric in METRICS.values()]
    with_density = {name for name, _, sentence in rows if sentence.startswith("density:")}
    assert with_density == {metric.name for metric in METRICS.values() if metric.density}


def test_pages_that_are_mentioned_exist() -> None:
    texts = sources("*.md", "docs/*.md", "benchmarks/*.md", "*.toml", "presets/*.toml")
    texts |= sources(*(f"{top}/**/*.py" for top in ("engines", "collapse_tui", "tests", "presets")))
    missing = {
        (file, page)
        for file, text in texts.items()
        for page in re.findall(r"\w[\w./-]*\w\.md\b", text)
        if not any((base / page).exists() for base in (ROOT, (ROOT / file).parent))
    }
    assert not missing


def test_every_picture_that_is_shown_is_drawn_and_the_other_way_round() -> None:
    shown = {
        (ROOT / page).parent / name
        for page, text in sources("*.md", "docs/*.md").items()
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    }
    assert not [path for path in shown if not path.is_file()]
    assert shown == {DOCS / f"{name}.svg" for name in PICTURES}
