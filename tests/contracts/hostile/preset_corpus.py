"""Presets of strangers: damaged bytes, wrong values under every key, files that are none."""

import os
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w
from values import HOSTILE_KEYS, HOSTILE_TOML

import presets

SEED = 1
Generator = np.random.Generator
Document = dict[str, Any]
LIGHT = (
    "shumailov", "borji-gaussian", "discrete", "gaussian-nd", "gmm", "poisson", "kazdan",
    "regression", "weighted", "detector", "file", "text",
)  # fmt: skip
SOURCES: dict[str, Document] = {
    "shumailov": {"name": "normal", "mean": 0.0, "sd": 1.0},
    "borji-gaussian": {"name": "normal", "size": 30},
    "discrete": {"name": "zipf", "states": 6, "exponent": 1.0},
    "gaussian-nd": {"name": "normal-nd", "mean": [0, 0], "covariance": [[1, 0], [0, 1]]},
    "gmm": {
        "name": "mixture",
        "components": [
            {"family": "normal", "weight": 1.0, "mean": -2.0, "sd": 1.0},
            {"family": "gamma", "weight": 1.0, "shape": 2.0, "scale": 1.0},
        ],
    },
    "poisson": {"name": "poisson", "rate": 3.0},
    "kazdan": {"name": "normal", "bins": {"low": -3.0, "high": 3.0, "count": 7}},
    "regression": {"name": "linear", "inputs": 2, "noise": 1.0},
    "weighted": {"name": "categorical", "probabilities": [0.5, 0.3, 0.2], "values": [0, 1, 2]},
    "detector": {"name": "bernoulli", "probability": 0.3},
    "file": {"name": "file", "path": "canary/numbers.csv", "column": 0},
    "text": {"name": "text", "path": "canary/numbers.csv"},
}
ENGINES: dict[str, Document] = {
    "shumailov": {"name": "gaussian", "estimator": "mle"},
    "borji-gaussian": {"name": "kde", "bandwidth": 0.5, "kernel": "gaussian"},
    "discrete": {"name": "discrete"},
    "gaussian-nd": {"name": "gaussian"},
    "gmm": {"name": "gmm", "components": 2, "tolerance": 0.01},
    "poisson": {"name": "poisson"},
    "kazdan": {"name": "discrete"},
    "regression": {"name": "regression"},
    "weighted": {"name": "discrete"},
    "detector": {"name": "bernoulli"},
    "file": {"name": "kde", "bandwidth": "scott"},
    "text": {"name": "ngram", "order": 2, "passage": 5},
}
POLICIES: tuple[Document, ...] = (
    {"name": "replace"},
    {"name": "mix", "fresh": 0.2, "previous": 0.1},
    {"name": "accumulate"},
    {"name": "subsample", "replacement": True},
    {"name": "weighted", "weight": 0.6},
)
SCHEDULES: tuple[Document, ...] = (
    {"name": "constant", "size": 20},
    {"name": "linear", "size": 10},
    {"name": "power", "size": 10, "exponent": 1.5},
    {"name": "geometric", "size": 30, "ratio": 0.9},
    {"name": "list", "sizes": [20, 20, 20]},
)


def base_document(generator: Generator) -> Document:
    """Return a document that is right, small, and of every kind in turn."""
    kind = LIGHT[generator.integers(len(LIGHT))]
    return {
        "format": 1,
        "title": "a title",
        "paper": "Author 2024, arXiv:2401.00001",
        "watch": "the variance",
        "seed": 1,
        "generations": 2,
        "replicates": 2,
        "source": dict(SOURCES[kind]),
        "engine": dict(ENGINES[kind]),
        "policy": dict(POLICIES[generator.integers(len(POLICIES))]),
        "schedule": dict(SCHEDULES[generator.integers(len(SCHEDULES))]),
        "state": {"keep": 2},
        "interventions": [{"at": 1, "set": {"seed": 2}}],
        "sweep": [{"over": ["schedule.size=10,20"]}],
    }


def _tables(value: Any) -> list[Document]:
    found = [value] if isinstance(value, dict) else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return found + [table for item in inner for table in _tables(item)]


def _place(generator: Generator, document: Document) -> tuple[Document, str]:
    tables = [table for table in _tables(document) if table]
    table = tables[generator.integers(len(tables))]
    return table, list(table)[generator.integers(len(table))]


def to_text(document: Document, raw: str = "") -> str:
    """Return TOML in which every value "@@" stands as the raw text."""
    return tomli_w.dumps(document).replace('"@@"', raw)


def wrong_value(generator: Generator) -> str:
    """Put a hostile value under one to three keys."""
    document = base_document(generator)
    for _ in range(generator.integers(1, 3)):
        table, key = _place(generator, document)
        table[key] = "@@"
    return to_text(document, HOSTILE_TOML[generator.integers(len(HOSTILE_TOML))])


def wrong_key(generator: Generator) -> str:
    """Rename a key, or add one."""
    document = base_document(generator)
    table, key = _place(generator, document)
    name = HOSTILE_KEYS[generator.integers(len(HOSTILE_KEYS))]
    table[name] = table.pop(key) if generator.random() < 0.5 else "@@"
    return to_text(document, HOSTILE_TOML[generator.integers(len(HOSTILE_TOML))])


def missing_key(generator: Generator) -> str:
    """Leave out a key or a table."""
    document = base_document(generator)
    table, key = _place(generator, document)
    del table[key]
    return to_text(document)


def other_table(generator: Generator) -> str:
    """Mix the tables of two presets, or those of the program's own."""
    document, other = base_document(generator), base_document(generator)
    for name in ("source", "engine", "policy", "schedule"):
        if generator.random() < 0.4:
            document[name] = other[name]
    if generator.random() < 0.3:
        document["source"]["bins"] = {"low": -1.0, "high": 1.0, "count": 3}
    document["metrics"] = {"names": [["w1"], ["kl", "js"], ["modes"], ["mmd"]][
        generator.integers(4)
    ]}  # fmt: skip
    return to_text(document)


def damaged_bytes(generator: Generator) -> bytes:
    """Flip, cut, insert or repeat bytes."""
    data = bytearray(to_text(base_document(generator)).encode())
    for _ in range(generator.integers(1, 8)):
        at = int(generator.integers(len(data)))
        match generator.integers(4):
            case 0:
                data[at] ^= 1 << int(generator.integers(8))
            case 1:
                data[at : at + int(generator.integers(30))] = b""
            case 2:
                data[at:at] = generator.bytes(int(generator.integers(1, 9)))
            case _:
                data[at:at] = data[at : at + 40] * int(generator.integers(1, 4))
        if not data:
            return b""
    return bytes(data)


def own_preset(generator: Generator) -> bytes:
    """Damage a preset that comes with the program, with its claims."""
    names = [name for name in presets.names() if not re.match("opt|vae|suresh|ngram", name)]
    text = presets.path(names[generator.integers(len(names))]).read_text(encoding="utf-8")
    lines = text.splitlines()
    for _ in range(generator.integers(1, 4)):
        at = int(generator.integers(len(lines)))
        key, mark, _ = lines[at].partition("=")
        raw = HOSTILE_TOML[generator.integers(len(HOSTILE_TOML))]
        lines[at] = f"{key}= {raw}" if mark else ""
    return "\n".join(lines).encode()


BASE = b'format = 1\n[source]\nname = "normal"\n[engine]\nname = "gaussian"\n[schedule]\nsize = 9\n'
WHOLE: tuple[Callable[[], bytes], ...] = (
    lambda: b"",
    lambda: b"\n" * 100_000,
    lambda: b"#" * 100_000,
    lambda: b"\xef\xbb\xbf" + BASE,
    lambda: BASE.decode().encode("utf-16"),
    lambda: b'title = "caf\xe9"\n' + BASE,
    lambda: BASE.replace(b"\n", b"\r\n"),
    lambda: BASE.replace(b"\n", b"\r"),
    lambda: b"\0" * 1_000,
    lambda: b"x = " + b"[" * 5_000,
    lambda: b"x = " + b"[" * 5_000 + b"]" * 5_000,
    lambda: b"x = " + b"{a=" * 3_000,
    lambda: b".".join([b"a"] * 30_000) + b" = 1\n" + BASE,
    lambda: b"[" + b".".join([b"a"] * 30_000) + b"]\n" + BASE,
    lambda: b'"a".' * 30_000 + b"a = 1\n" + BASE,
    lambda: b"k" * 5_000_000 + b" = 1\n" + BASE,
    lambda: b'title = "' + b"t" * 5_000_000 + b'"\n' + BASE,
    lambda: b"seed = " + b"1" * 5_000 + b"\n" + BASE,
    lambda: b"seed = 0x" + b"f" * 500_000 + b"\n" + BASE,
    lambda: b"x = [" + b"1," * 3_000_000 + b"]\n" + BASE,
    lambda: b"[[claims]]\n" * 300_000 + BASE,
    lambda: b"".join(b"k%d = 1\n" % n for n in range(150_000)) + BASE,
    lambda: b'"""' + b'\\"""' * 1_000_000 + b"\\",
    lambda: b"a" * 17_000_000,
    lambda: b"'''" * 1_000_001,
    lambda: b'x = "' + b"\\n" * 1_000_000,
    lambda: BASE + b"[source]\n" + BASE,
    lambda: BASE + b"[[sweep]]\nover = 3\n",
    lambda: BASE + b"[[sweep]]\n",
    lambda: b"sweep = 3\nclaims = 4\ninterventions = 5\n" + BASE,
    lambda: BASE + b"[metrics]\nnames = [1]\n",
)


def special_file(generator: Generator, path: Path) -> None:
    """Put what is no regular file in the place of a preset."""
    match generator.integers(7):
        case 0:
            os.mkfifo(path)
        case 1:
            path.symlink_to("/dev/zero")
        case 2:
            path.mkdir()
        case 3:
            path.symlink_to(path)
        case 4:
            path.symlink_to("nothing")
        case 5:
            path.symlink_to("/proc/self/mem")
        case _:
            with socket.socket(socket.AF_UNIX) as end:
                os.chdir(path.parent)
                end.bind(path.name)


ARGUMENTS = (
    ["--seed", "1" * 5_000],
    ["--replicates", "1e300"],
    *(
        [word for setting in settings for word in ("--set", setting)]
        for settings in (
            ["source=3", "source.mean=1"], ["source.mean=1", "source=3"],
            ["source=3", "source.path=x"], ["a" * 5_000 + "=1"],
            [".".join(["source"] * 30_000) + "=1"], ["source.mean=" + "[" * 5_000],
            ["seed=" + "1" * 5_000], ["engine.name=" + "x" * 1_000], ["="],
            ["source.mean.deep=1"], ["policy=[]"], ["metrics.names=3"], ["seed=1\ngenerations=2"],
            ["schedule.size=1e300"], ["source.path=a\udc80"], ["source.bins=[1]"],
            ["engine.name=[]"], ["interventions=[1]"], ["schedule.size=" + "[" * 40],
            ["source.name=file", "source.path=~nobody/x"], ["\x1b]0;x\x07=1"],
        )
    ),
)  # fmt: skip


def prepare(generator: Generator, folder: Path) -> tuple[str, list[list[str]]]:
    """Write one preset and return what it is, and the commands that read it."""
    path, extra = folder / "preset.toml", list[str]()
    makers = (wrong_value, wrong_value, wrong_value, wrong_key, missing_key, other_table,
              damaged_bytes, damaged_bytes, own_preset)  # fmt: skip
    share = generator.random()
    if share < 0.06:
        name = "special file"
        special_file(generator, path)
    elif share < 0.16:
        number = int(generator.integers(len(WHOLE)))
        name = f"whole file {number}"
        path.write_bytes(WHOLE[number]())
    elif share < 0.24:
        name = "arguments"
        extra = ARGUMENTS[generator.integers(len(ARGUMENTS))]
        path.write_bytes(BASE)
    else:
        maker = makers[generator.integers(len(makers))]
        name, content = maker.__name__, maker(generator)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = ["--out", str(folder / "run"), "--quiet", "--generations", "2"]
    if name == "arguments":
        return name, [["batch", "--preset", str(path), *extra, *out]]
    checks = [["presets", "check", str(path)], ["presets", "show", str(path)]]
    return name, [*checks, ["batch", "--preset", str(path), *out]]
