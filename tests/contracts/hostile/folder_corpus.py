"""Run folders of strangers: damaged, mixed with others, with links, pipes and foreign names."""

import functools
import json
import os
import re
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import tomli_w
from trial import run_command
from values import HOSTILE_JSON, HOSTILE_TOML

SEED = 3
Generator = np.random.Generator
RUNS: dict[str, dict[str, object]] = {
    "moments": {"replicates": 3},
    "values": {"replicates": 120, "metrics": {"names": ["mean", "variance"]}},
    "past": {"policy": {"name": "mix", "previous": 0.4, "fresh": 0.1}, "engine": {"name": "kde"}},
    "states": {
        "source": {"name": "zipf", "states": 5, "exponent": 1.0},
        "engine": {"name": "discrete"},
        "policy": {"name": "accumulate"},
    },
    "points": {"engine": {"name": "gmm", "components": 2}, "policy": {"name": "subsample"}},
    "turned": {"interventions": [{"at": 2, "set": {"schedule.size": 30}}]},
}
FORMATS = (".csv", ".replicates.csv", ".json", ".npz", ".parquet", ".svg")
HAS_CHECK = find_spec("collapse_tui.storage.run_directory") is not None
"""Whether this program has ``runs check``."""


@functools.cache
def templates(root: Path) -> dict[str, Path]:
    """Return finished runs of six generations, made once for each process."""
    made: dict[str, Path] = {}
    for name, tables in RUNS.items():
        document = {
            "format": 1,
            "title": name,
            "generations": 6,
            "source": {"name": "normal"},
            "engine": {"name": "gaussian"},
            "schedule": {"name": "constant", "size": 20},
            **tables,
        }
        preset = root / f"{name}.toml"
        preset.write_text(tomli_w.dumps(document))
        made[name] = root / f"template-{name}"
        ended = run_command(["batch", "--preset", str(preset), "--out", str(made[name]), "--quiet"])
        assert ended.code == 0, ended
    return made


def files(run: Path) -> list[Path]:
    """Return the regular files of a run, in order."""
    return sorted(path for path in run.rglob("*") if path.is_file() and not path.is_symlink())


def _one(generator: Generator, run: Path, pattern: str = "") -> Path:
    found = [path for path in files(run) if re.search(pattern, str(path.relative_to(run)))]
    return found[generator.integers(len(found))] if found else run / "status.json"


def flip(generator: Generator, run: Path, _: Path) -> None:
    """Flip one to eight bits of a file."""
    path = _one(generator, run)
    data = bytearray(path.read_bytes() or b"\0")
    for _flip in range(generator.integers(1, 9)):
        data[generator.integers(len(data))] ^= 1 << int(generator.integers(8))
    path.write_bytes(bytes(data))


def cut(generator: Generator, run: Path, _: Path) -> None:
    """Cut a file, or let it grow."""
    path = _one(generator, run)
    data = path.read_bytes()
    if generator.random() < 0.7:
        path.write_bytes(data[: generator.integers(len(data) + 1)])
    else:
        path.write_bytes(data + generator.bytes(int(generator.integers(1, 200))))


def delete(generator: Generator, run: Path, _: Path) -> None:
    """Delete a file or a folder of the run."""
    found = sorted(path for path in run.rglob("*"))
    path = found[generator.integers(len(found))]
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def mix(generator: Generator, run: Path, _: Path) -> None:
    """Take a file or folder from another run."""
    other = list(templates(run.parent.parent).values())[generator.integers(len(RUNS))]
    names = sorted(os.listdir(other))
    name = names[generator.integers(len(names))]
    if (run / name).is_dir():
        shutil.rmtree(run / name)
    elif (run / name).exists():
        (run / name).unlink()
    copy = shutil.copytree if (other / name).is_dir() else shutil.copy
    copy(other / name, run / name)


LINKED = (
    "lock", "status.json", ".status.json.tmp", "views", "views/arrays.bin", "views/index.jsonl",
    "state", "state/0.json", "state/6.npz", "state/once", "metrics.jsonl", "timing.jsonl",
    "provenance.json", ".provenance.json.tmp", "experiment.toml", ".experiment.toml.tmp",
    "metrics", "checksums.jsonl", "state/partial-a.npz", "state/weights", "state/.7.json.tmp",
)  # fmt: skip


def replace(generator: Generator, run: Path, canary: Path) -> None:
    """Put a link, a pipe, a device or a folder in the place of a file."""
    path = run / LINKED[generator.integers(len(LINKED))]
    path.parent.mkdir(exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    match generator.integers(8):
        case 0 | 1:
            path.symlink_to(canary / "secret.txt")
        case 2:
            path.symlink_to(canary / "state")
        case 3:
            path.symlink_to(os.path.relpath(canary / "metrics.jsonl", path.parent))
        case 4:
            os.mkfifo(path)
        case 5:
            path.mkdir()
        case 6:
            os.link(canary / "secret.txt", path)
        case _:
            path.symlink_to("/dev/zero")


def name_others(generator: Generator, run: Path, canary: Path) -> None:
    """Let a manifest name files that are not the run's."""
    foreign = (str(canary / "secret.txt"), "../../canary/secret.txt", "../experiment.toml", "..",
               "once/../../../canary/secret.txt", "", ".", "0.json", "a\0b", "x" * 400)  # fmt: skip
    path = _one(generator, run, r"state/\d+\.json$")
    text = path.read_text()
    name = json.dumps(foreign[generator.integers(len(foreign))])
    path.write_text(re.sub(r'("file": )"[^"]*"', lambda found: found[1] + name, text))


def garble(generator: Generator, run: Path, _: Path) -> None:
    """Put a hostile value in the place of a value of JSON, or of a whole line."""
    path = _one(generator, run, r"json")
    text = path.read_text()
    raw = HOSTILE_JSON[generator.integers(len(HOSTILE_JSON))]
    places = list(re.finditer(r'(?<=": )[^,\[\]{}\n]+|(?<=":)[^,\[\]{}\n]+|\{.*\}', text))
    place = places[generator.integers(len(places))] if places else re.match("", text)
    assert place is not None
    path.write_text(text[: place.start()] + raw + text[place.end() :])


def edit(generator: Generator, run: Path, _: Path) -> None:
    """Change a value of experiment.toml."""
    path = run / "experiment.toml"
    if path not in files(run):
        return  # an earlier change put a pipe or a link in its place
    lines = path.read_text().splitlines()
    at = int(generator.integers(len(lines)))
    key, mark, _ = lines[at].partition("=")
    number = generator.integers(len(HOSTILE_TOML) + 6)
    raw = HOSTILE_TOML[number] if number < len(HOSTILE_TOML) else str(number)
    lines[at] = f"{key}= {raw}" if mark else ""
    path.write_text("\n".join(lines))


def garbage(generator: Generator, run: Path, _: Path) -> None:
    """Put bytes that mean nothing, or nothing but depth, in the place of a file."""
    path = _one(generator, run)
    contents = (b"", b"\0" * 5_000, generator.bytes(3_000), b"[" * 200_000, b"caf\xe9 \xff\xfe",
                b'{"a":' * 100_000, b"{}\n" * 5_000, b"1" * 20_000, b"\n" * 1_000,
                b"PK\3\4" + generator.bytes(300), b"[1]\n", b"null\n")  # fmt: skip
    path.write_bytes(contents[generator.integers(len(contents))])


def leave_more(generator: Generator, run: Path, canary: Path) -> None:
    """Leave files that are not the program's, an unfinished status, and leftovers."""
    (run / "notes.txt").write_text("mine")
    (run.parent / ".x.partial").mkdir(exist_ok=True)
    if not (run / "link").is_symlink():
        (run / "link").symlink_to(canary)
    state = run / "state"
    if state.is_dir() and not state.is_symlink() and not (state / "99.json").exists():
        (state / "99.json").write_text('{"generation": 99, "durable": true, "files": []}')
        (state / "x.npz").symlink_to(canary / "secret.txt")
    status = '{"state": "running", "changed": 1e300, "reason": [1]}'
    if run / "status.json" in files(run):
        (run / "status.json").write_text(status if generator.random() < 0.5 else '{"state": 3}')


CHANGES: tuple[Callable[[Generator, Path, Path], None], ...] = (
    flip, flip, cut, delete, mix, replace, replace, name_others, garble, garble, edit, garbage,
    leave_more,
)  # fmt: skip


def prepare(generator: Generator, folder: Path) -> tuple[str, list[list[str]]]:
    """Copy a run, change it as a stranger would, and return all commands that read it."""
    kind = list(RUNS)[generator.integers(len(RUNS))]
    runs = folder / "runs"
    run = runs / "run"
    shutil.copytree(templates(folder.parent)[kind], run)
    shutil.copytree(templates(folder.parent)["moments"], runs / "whole")
    changes = [CHANGES[n] for n in generator.integers(len(CHANGES), size=generator.integers(1, 3))]
    for change in changes:
        change(generator, run, folder / "canary")
    path, listed = str(run), ["--runs", str(runs), "runs"]
    commands = [["show", path], listed, [*listed, "--json"], ["cite", path]]
    if HAS_CHECK:
        commands += [[*listed, "check", path], [*listed, "check", "--all"]]
    commands += [["export", path, str(folder / f"table{suffix}")] for suffix in FORMATS]
    fork = ["fork", path, "--at", "2", "--set", "seed=5", "--out", str(folder / "fork"), "--quiet"]
    again = ["--out", str(folder / "again"), "--quiet", "--generations", "3"]
    commands += [
        fork,
        ["batch", "--preset", str(run / "experiment.toml"), *again],
        ["resume", path, "--quiet"],
        ["resume", path, "--generations", "8", "--quiet"],
        ["resume", path, "--from", "3", "--quiet"],
        ["show", path],
        [*listed, "delete", path],
    ]
    return f"{kind}: {', '.join(change.__name__ for change in changes)}", commands
