"""Data files of strangers: headers that lie, bombs, endless lines, files that are none."""

import functools
import gzip
import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

SEED = 2
Generator = np.random.Generator
NUMBERS = np.arange(1.0, 13.0)
ZEROS = 400 << 20
"""Bytes that a bomb unpacks to."""


def npy(array: np.ndarray) -> bytes:
    """Return the bytes of an .npy file."""
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return file.getvalue()


def npy_header(text: str, version: tuple[int, int] = (1, 0), body: bytes = b"\0" * 80) -> bytes:
    """Return an .npy file with a header of one's own."""
    size = struct.pack("<H" if version[0] == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + size + text.encode() + body


def described(descr: str, shape: str, order: str = "False") -> bytes:
    """Return an .npy file whose header announces something."""
    return npy_header(f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n")


NPY: tuple[Callable[[], bytes], ...] = (
    *(
        functools.partial(described, "'<f8'", shape)
        for shape in (
            "(1000000000000,)", "(10, 1000000000)", "(-1,)", "(-5, -2)", "(True,)", "(1.5,)",
            "10", "((10,),)", "(0,)", "()", "(10, 0)", "(99999999999999999999999999,)", "(1,)*3",
            "(10,", "None", "'x'", "(2, 2, 2)", "(" * 900 + ")" * 900, "-" * 5_000 + "1",
            "(4611686018427387904, 4)", "(1,) + (1,)", "[10]", "(10, 1, 1, 1, 1, 1, 1, 1, 1)",
        )
    ),
    *(
        functools.partial(described, descr, "(10,)")
        for descr in (
            "'O'", "'|O8'", "'<U10'", "'|S8'", "'|V8'", "'<M8[s]'", "'<c16'", "'<f16'", "'>f8'",
            "'<f2'", "'|b1'", "'<u8'", "'x'", "[('a', '<f8')]", "[('a', 'O')]", "{'a': 1}",
            "('<f8', (1000000,))", "'<f8,<f8'", "'1000000000f8'", "None", "__import__('os')",
            "''", "'<i8'",
        )
    ),
    lambda: described("'<f8'", "(10,)", "3"),
    lambda: described("'<f8'", "(10,)", "True"),
    lambda: npy_header("{'descr': '<f8'}\n"),
    lambda: npy_header("x" * 60_000),
    lambda: npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}", (2, 0)),
    lambda: npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}", (3, 0)),
    lambda: npy_header("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}", (9, 0)),
    lambda: b"\x93NUMPY\x02\0\xff\xff\xff\xff{",
    lambda: npy(np.array([{}, 1], dtype=object)),
    lambda: npy(np.array([1e308, -1e308, 1.0])),
    lambda: npy(np.array([np.nan, 1.0])),
    lambda: npy(np.array([5e-324, 0.0, 1e-310])),
    lambda: npy(np.full(20, 3.0)),
    lambda: npy(np.array([2**63, 1], dtype=np.uint64)),
    lambda: npy(NUMBERS)[:-7],
    lambda: npy(NUMBERS)[:20],
    lambda: b"",
)  # fmt: skip


def archive(name: str = "a.npy", body: bytes | None = None, method: int = 0) -> bytes:
    """Return an .npz file of one entry."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as written:
        written.writestr(name, npy(NUMBERS) if body is None else body)
    return file.getvalue()


@functools.cache
def zip_bomb() -> bytes:
    """Return an archive of zeros that unpacks a thousandfold."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({ZEROS // 8},), }}"
        with written.open("a.npy", "w") as entry:
            entry.write(npy_header(header, body=b""))
            for _ in range(ZEROS >> 20):
                entry.write(bytes(1 << 20))
    return file.getvalue()


def encrypted() -> bytes:
    """Return an archive whose entry says that it is encrypted."""
    data = bytearray(archive())
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + offset] |= 1
    return bytes(data)


def other_size(size: int) -> bytes:
    """Return an archive that gives its entry another size."""
    data = bytearray(archive())
    for mark, offset in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        at = data.index(mark) + offset
        data[at : at + 4] = struct.pack("<I", size)
    return bytes(data)


def many_arrays() -> bytes:
    """Return an archive of 5,000 arrays."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        for number in range(5_000):
            written.writestr(f"{'x' * 50}{number}.npy", b"")
    return file.getvalue()


NPZ: tuple[Callable[[], bytes], ...] = (
    zip_bomb,
    encrypted,
    many_arrays,
    lambda: other_size(3),
    lambda: other_size(0xFFFFFFF0),
    lambda: archive(method=zipfile.ZIP_DEFLATED),
    lambda: archive(method=zipfile.ZIP_LZMA),
    lambda: archive(method=zipfile.ZIP_BZIP2),
    lambda: archive("../../canary/a.npy"),
    lambda: archive("/etc/passwd.npy"),
    lambda: archive("\x1b]0;x\x07.npy"),
    lambda: archive("a.txt"),
    lambda: archive(body=b""),
    lambda: archive(body=b"nonsense"),
    lambda: archive()[:-10],
    lambda: archive()[:40],
    lambda: b"PK\5\6" + b"\0" * 18,
    lambda: b"PK\3\4",
    lambda: npy(NUMBERS),
    lambda: b"",
)

CSV: tuple[Callable[[], bytes], ...] = (
    lambda: b"1\n2\n3\n",
    lambda: b"",
    lambda: b"\0" * 1_000,
    lambda: b"h\n" + b"1" * 200_000 + b"\n2\n",
    lambda: b"1," * 1_000_000,
    lambda: b"1," * 100_000 + b"\n2\n",
    lambda: b"9" * 4_000_000,
    lambda: b'"' + b"1\n" * 200_000,
    lambda: b'"1\n2\n',
    lambda: b"1\r2\r3\r",
    lambda: b"1e400\n1\n",
    lambda: b"nan\ninf\n1\n",
    lambda: b"-1e308\n1e308\n1\n",
    lambda: b"5e-324\n0\n1e-310\n",
    lambda: b"1_000\n2\n",
    "٣\n٤\n".encode,
    lambda: b"h\xf6he\n1\n2\n",
    lambda: "1\n2\n".encode("utf-16"),
    lambda: b"\xef\xbb\xbf1\n2\n",
    lambda: b"\xff\xfe\xfd",
    lambda: b"\x1b]52;c;aGk=\x07\n1\n2\n",
    lambda: b"x" * 100_000 + b"\n1\n2\n",
    lambda: b"1,2\n3\n4,5,6\n",
    lambda: b"\n" * 300_000,
    lambda: b"1\n" * 300_000,
    lambda: b"# 1\n" * 100_000,
    lambda: b"0x10\n1\n",
)

TEXT: tuple[Callable[[], bytes], ...] = (
    lambda: b"",
    lambda: b" " * 100_000,
    lambda: b"word " * 100_000,
    lambda: b"x" * 3_000_000,
    lambda: bytes(range(256)) * 100,
    lambda: b"a b c\0d",
    lambda: "שלום \u202e abc ".encode() * 300,
    ("e\u0301" * 10_000).encode,
    lambda: "word ".encode("utf-16") * 100,
    lambda: b"\x1b]52;c;aGk=\x07 " * 500,
    lambda: " ".join(map(str, range(60_000))).encode(),
)


def idx(shape: tuple[int, ...], body: bytes | None = None, start: bytes = b"\0\0\x08") -> bytes:
    """Return an IDX file."""
    size = int(np.prod(shape)) if body is None else 0
    data = bytes(n % 251 for n in range(size)) if body is None else body
    return start + bytes([len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + data


@functools.cache
def idx_bomb() -> bytes:
    """Return an IDX.gz file that unpacks a thousandfold."""
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        packed.write(idx((ZEROS >> 10, 32, 32), b""))
        for _ in range(ZEROS >> 20):
            packed.write(bytes(1 << 20))
    return file.getvalue()


IDX: tuple[tuple[str, Callable[[], bytes]], ...] = (
    ("", lambda: idx((12, 4, 4))),
    (".gz", lambda: gzip.compress(idx((12, 4, 4)))),
    ("", lambda: idx((0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF), b"")),
    ("", lambda: idx((60_000, 28, 28), b"\1\2")),
    ("", lambda: idx((0, 4, 4))),
    ("", lambda: idx(())),
    ("", lambda: idx((1,) * 200)),
    ("", lambda: b"\0\0\x08\xff"),
    ("", lambda: idx((3, 4, 4), start=b"\0\0\x0d")),
    ("", lambda: idx((3, 4, 4)) + b"more"),
    ("", lambda: b""),
    (".gz", idx_bomb),
    (".gz", lambda: gzip.compress(idx((12, 4, 4)))[:-9]),
    (".gz", lambda: gzip.compress(idx((12, 4, 4)))[:12]),
    (".gz", lambda: b"\x1f\x8b"),
    (".gz", lambda: gzip.compress(idx((3, 4, 4)) + bytes(10_000_000))),
)
FILES = {".csv": CSV, ".txt": CSV, ".npy": NPY, ".npz": NPZ, "text": TEXT}
IMAGES = "train-images-idx3-ubyte"
ENGINES = {"text": "ngram", "idx": "vae"}


def put_file(generator: Generator, path: Path, content: bytes) -> str:
    """Write a file, as it is, damaged, sparse, or as what is no file; return which."""
    share = generator.random()
    if share < 0.6 or not content:
        path.write_bytes(content)
        return "as it is"
    if share < 0.9:
        data = bytearray(content[: 1 << 20])
        for _ in range(generator.integers(1, 12)):
            data[generator.integers(len(data))] ^= 1 << int(generator.integers(8))
        path.write_bytes(bytes(data[: generator.integers(1, len(data) + 1)]))
        return "damaged"
    match generator.integers(5):
        case 0:
            os.mkfifo(path)
        case 1:
            path.symlink_to("/dev/zero")
        case 2:
            path.symlink_to(path)
        case 3:
            path.mkdir()
        case _:
            path.write_bytes(content)
            os.truncate(path, 1 << 40)  # a terabyte of nothing
    return "no file, or too much"


def prepare(generator: Generator, folder: Path) -> tuple[str, list[list[str]]]:
    """Write one data file and a preset that names it; return what it is, and the commands."""
    kinds = [*FILES, "idx"]
    kind = kinds[generator.integers(len(kinds))]
    source, path = {"text": "text", "idx": "images"}.get(kind, "file"), folder / f"data{kind}"
    if kind == "idx":
        path.mkdir()
        suffix, make = IDX[generator.integers(len(IDX))]
        place = path / (IMAGES + suffix)
    else:
        make, place = FILES[kind][generator.integers(len(FILES[kind]))], path
    what = put_file(generator, place, make())
    engine = ENGINES.get(kind, "kde")
    column = "column = 0\n" if generator.random() < 0.3 and source == "file" else ""
    more = {"vae": "epochs = 1\nhidden = 2\nlatent = 2\n", "ngram": "passage = 3\n"}.get(engine, "")
    preset = folder / "preset.toml"
    preset.write_text(
        f'format = 1\ngenerations = 1\n[source]\nname = "{source}"\npath = "{path}"\n{column}'
        f'[engine]\nname = "{engine}"\n{more}[schedule]\nsize = 12\n'
    )
    commands = [["presets", "check", str(preset)]]
    if kind != "idx" or generator.random() < 0.1:  # a network takes seconds
        commands += [["batch", "--preset", str(preset), "--out", str(folder / "run"), "--quiet"]]
    return f"{kind}, {what}", commands
