"""What theory starts anew from, where settings change: ``theory.jsonl``.

One line for each state: ``{"generation": n, "averages": {name: number}}``, with a checksum as in
`checksums`. No record depends on it, and each line follows from the state alone: a line that is
damaged or missing is left out, and written again when the run passes its generation.
"""

from collections.abc import Mapping
from typing import Any

from collapse_tui.storage.checksums import decode_checked, encode_checked
from collapse_tui.storage.file_names import THEORY
from collapse_tui.storage.run_directory import RunDirectory

StateAverages = Mapping[str, float]


def read_states(directory: RunDirectory) -> dict[int, StateAverages]:
    """Return generation → averages over the replicates of its state, for those that are stored."""
    try:
        lines = directory.read(THEORY).splitlines(keepends=True)
    except OSError:
        return {}
    found: dict[int, StateAverages] = {}
    for line in lines:
        document = decode_checked(line)
        if document is not None and _is_entry(document):
            found[document["generation"]] = document["averages"]
    return found


def write_states(directory: RunDirectory, states: Mapping[int, StateAverages]) -> None:
    """Replace what is stored; without any state there is no file."""
    if not states:
        directory.delete(THEORY)
        return
    lines = [
        encode_checked({"generation": generation, "averages": dict(states[generation])})
        for generation in sorted(states)
    ]
    directory.replace(THEORY, b"".join(lines))


def _is_entry(document: Mapping[str, Any]) -> bool:
    averages = document.get("averages")
    numbers = isinstance(averages, dict) and all(isinstance(x, float) for x in averages.values())  # pyright: ignore[reportUnknownVariableType]
    return isinstance(document.get("generation"), int) and numbers
