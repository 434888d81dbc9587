"""``python -m benchmarks [NAME…]``: run the benchmarks and print one line a figure."""

import sys
from importlib import import_module

NAMES = ("kde", "gaussian", "suresh", "gmm", "ngram", "lm", "screen")


def main(chosen: list[str]) -> None:
    """Run the chosen benchmarks, or all."""
    for name in chosen or NAMES:
        for line in import_module(f"benchmarks.{name}").report():
            print(line, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
