"""``python -m benchmarks [NAME…]``: run the benchmarks and print one line a figure.

Exit code 1 where a figure misses half of its claim.
"""

import sys
from importlib import import_module

NAMES = ("start", "kde", "gaussian", "suresh", "gmm", "ngram", "lm", "screen")


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, or all, and return the exit code."""
    missed = 0
    for name in names or NAMES:
        for figure in import_module(f"benchmarks.{name}").report():
            print(figure.text, "" if figure.holds else "  MISSED", flush=True)
            missed += not figure.holds
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
