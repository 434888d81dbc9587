"""What keeps the sources readable: short files, short functions, names that say something."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("collapse_tui", "engines", "presets", "tests", "benchmarks")
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
PAGES = sorted(
    path for end in ("css", "html", "js") for path in ROOT.glob(f"collapse_tui/**/*.{end}")
)
NAMELESS = {"common.py", "helper.py", "helpers.py", "misc.py", "util.py", "utils.py"}
LINES = 400
LINES_OF_A_FUNCTION = 40


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with the length of its body, the docstring left out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[ast.get_docstring(node) is not None :]
            if body:
                yield node.name, (node.end_lineno or 0) - body[0].lineno + 1


def test_there_are_files() -> None:
    assert len(FILES) > 100


def test_files_are_short() -> None:
    assert PAGES
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in FILES + PAGES
    }
    long = {name: length for name, length in lengths.items() if length > LINES}
    assert not long, f"more than {LINES} lines: cut it in two along what it is about"


def test_files_are_named_after_what_is_in_them() -> None:
    assert not [named(path) for path in FILES if path.name in NAMELESS]


def test_functions_are_short() -> None:
    long = {
        f"{named(path)}:{name}": length
        for path in FILES
        for name, length in functions(path)
        if length > LINES_OF_A_FUNCTION
    }
    assert not long, f"more than {LINES_OF_A_FUNCTION} lines of body"


def test_length_of_a_function_leaves_the_docstring_out(tmp_path: Path) -> None:
    file = tmp_path / "sample.py"
    file.write_text('def f():\n    """First.\n\n    Second.\n    """\n    a = 1\n    return a\n')
    assert list(functions(file)) == [("f", 2)]
