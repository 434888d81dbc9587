"""Names that explain themselves: files, public classes and functions, folders of tests."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("collapse_tui", "engines")
SOURCES = sorted(
    path for folder in (*PACKAGES, "benchmarks") for path in (ROOT / folder).rglob("*.py")
)

NAMELESS = {"common", "helper", "helpers", "misc", "util", "utils"}
NOUNS = {"decoding", "encoding", "sampling", "scoring", "setting", "sorting", "training"}
"""Words in -ing that are nouns of the field: they may stand in a file's name."""

PARTICIPLES = re.compile(
    r"(?:[a-z]{2,}[^e]ed|[a-z]+ing|begun|chosen|done|drawn|given"
    r"|held|kept|known|led|made|said|seen|shown|sought|stood|taken|thrown|told|understood|written)$"
)
NOT_PARTICIPLES = {"embed", "heading", "listing", "nothing", "string", "thing"}

SAME_QUANTITY = (
    "engines/laws/",  # each law answers the same questions
    "engines/metrics/",  # each pair of laws has the same distances
    "engines/theory/",  # each engine has the same overlays, from moments of the same name
    "collapse_tui/cli/commands/",  # a command is called what the program's part is called
)
SHARED_NAMES: dict[str, str] = {}
"""Public names that two modules share, and why."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def public_definitions(
    path: Path,
) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        is_definition = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if is_definition and not node.name.startswith("_"):
            yield node


def public_functions(path: Path) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Each public function and method of a file, as written in it."""
    for node in public_definitions(path):
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                is_method = isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)
                if is_method and not part.name.startswith("_"):
                    yield f"{node.name}.{part.name}", part
        else:
            yield node.name, node


def decorators(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {ast.unparse(each).split("(")[0].split(".")[-1] for each in function.decorator_list}


def gerunds(stem: str) -> list[str]:
    return [
        word
        for word in stem.split("_")
        if re.fullmatch(r"[a-z]{2,}ing", word) and word not in NOUNS
    ]


def is_participle(name: str) -> bool:
    """Whether a name is a bare participle: `fitted`, `held`; `fixed_counts` is a noun."""
    return name not in NOT_PARTICIPLES | NOUNS and bool(PARTICIPLES.fullmatch(name))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_file_is_named_after_what_is_in_it(path: Path) -> None:
    assert path.stem not in NAMELESS
    assert not gerunds(path.stem), "a noun, or a verb where the file is one action"


def test_functions_are_called_by_verbs_or_nouns() -> None:
    found = [
        f"{named(path)}:{name}"
        for path in SOURCES
        for name, function in public_functions(path)
        # A property states a fact, and what Textual calls has the name that Textual gives it.
        if is_participle(function.name)
        and not decorators(function) & {"property", "cached_property", "override"}
    ]
    assert not found


def places_of_names(paths: list[Path], kinds: type | tuple[type, ...]) -> dict[str, list[str]]:
    """The files in which each public class or function of these kinds is defined."""
    places: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        for node in public_definitions(path):
            if isinstance(node, kinds):
                places[node.name].append(named(path))
    return places


def shared(places: dict[str, list[str]]) -> dict[str, list[str]]:
    return {n: files for n, files in places.items() if len(files) > 1 and n not in SHARED_NAMES}


def test_a_public_name_has_one_meaning() -> None:
    exempt = (*SAME_QUANTITY, "benchmarks/")
    paths = [path for path in SOURCES if not named(path).startswith(exempt)]
    places = places_of_names(paths, ast.AST)
    assert not shared(places)
    assert set(SHARED_NAMES) <= set(places), "an entry of the list that is no longer needed"


def test_a_class_name_has_one_meaning_everywhere() -> None:
    assert not shared(places_of_names(SOURCES, ast.ClassDef))


def test_public_functions_have_a_docstring() -> None:
    """A method marked `@override` inherits that of its protocol."""
    found = [
        f"{named(path)}:{name}"
        for path in SOURCES
        for name, function in public_functions(path)
        if not ast.get_docstring(function) and not decorators(function) & {"override", "overload"}
    ]
    assert not found


def test_test_folders_mirror_the_source_folders() -> None:
    folders = {
        path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")
    }
    assert [
        str(folder)
        for folder in sorted(folders)
        if folder != Path("contracts") and not (ROOT / folder).is_dir()
    ] == []


def test_the_rules_find_what_they_are_for() -> None:
    assert gerunds("claim_keeping") == ["keeping"]
    assert not gerunds("training")
    for name in ("fitted", "written", "held", "measuring", "embedded"):
        assert is_participle(name), name
    for name in ("fit", "seed", "sampling", "need", "embed", "fixed_counts", "is_given"):
        assert not is_participle(name), name
