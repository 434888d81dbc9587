"""``python -m benchmarks.source_size``: lines of code, without blanks, comments and docstrings."""

import ast
import io
import tokenize
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("collapse_tui", "engines", "presets")
NO_CODE = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}


def docstring_lines(tree: ast.AST) -> set[int]:
    """Return the numbers of the lines on which strings stand that are statements of their own."""
    return {
        number
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def lines_of_code(path: Path) -> int:
    """Return how many lines of a Python file hold code."""
    text = path.read_text(encoding="utf-8")
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - docstring_lines(ast.parse(text)))


def main() -> None:
    """Print the lines of code of each folder of the packages, and their sum."""
    by_folder: Counter[str] = Counter()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            by_folder[str(path.parent.relative_to(ROOT))] += lines_of_code(path)
    for folder, count in sorted(by_folder.items()):
        print(f"{count:7,}  {folder}")
    print(f"{by_folder.total():7,}  all")


if __name__ == "__main__":
    main()
