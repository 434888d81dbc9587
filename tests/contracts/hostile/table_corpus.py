"""Tables of strangers: Parquet, Feather, packed text; damaged, or far larger than they look."""

import bz2
import functools
import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

SEED = 4
Generator = np.random.Generator
COUNT = 12
NUMBERS = np.arange(1.5, 1.5 + COUNT)
MANY = 1 << 25
"""Rows of a bomb: as numbers a quarter of a gigabyte, as much as is unpacked of any file."""
LONG = "9" * 1_000_000
COPIES = 1_024
"""Packed streams one after another, which unpack to four gigabytes."""


def parquet(table: Any, **options: Any) -> bytes:
    """Return the bytes of a Parquet file."""
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, **options)
    return file.getvalue()


def feather(table: Any, **options: Any) -> bytes:
    """Return the bytes of a Feather file."""
    file = io.BytesIO()
    pyarrow.feather.write_feather(table, file, **options)
    return file.getvalue()


def packed(codec: str, content: bytes) -> bytes:
    """Return packed bytes."""
    if codec in {"gz", "bz2"}:
        return (gzip if codec == "gz" else bz2).compress(content)
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, codec) as stream:
        stream.write(content)
    return sink.getvalue().to_pybytes()


def zigzag(number: int) -> bytes:
    """Return a whole number as the footer of a Parquet file writes it."""
    number, found = 2 * number, b""
    while number > 127:
        found += bytes([number & 127 | 128])
        number >>= 7
    return found + bytes([number])


def claiming(rows: int) -> bytes:
    """Return a Parquet file of twelve rows whose footer claims others."""
    data = parquet(pa.table({"h": NUMBERS}))
    size = int.from_bytes(data[-8:-4], "little")
    body, footer = data[: -8 - size], data[-8 - size : -8]
    footer = footer.replace(b"\x16" + zigzag(COUNT), b"\x16" + zigzag(rows))
    return body + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def repeated(text: str, rows: int) -> Any:
    """Return a table of one text in all rows, stored once."""
    places = pa.array(np.zeros(rows, dtype=np.int32))
    return pa.table({"h": pa.DictionaryArray.from_arrays(places, pa.array([text]))})


def plain() -> Any:
    """Return a small table with columns of several types."""
    texts = [str(number) for number in NUMBERS]
    return pa.table({
        "h": NUMBERS, "text": texts, "codes": pa.array(texts).dictionary_encode(),
        "nested": [{"h": 1}] * COUNT, "none": pa.nulls(COUNT), "lists": [[1.0]] * COUNT,
        "gaps": [None, *NUMBERS[1:].tolist()], "days": np.arange(COUNT).astype("M8[s]"),
    })  # fmt: skip


@functools.cache
def many() -> Any:
    """Return a table of zeros."""
    return pa.table({"h": np.zeros(MANY + 2)})


@functools.cache
def bomb(codec: str, line: bytes) -> bytes:
    """Return lines that were packed many times over."""
    return packed(codec, line * ((4 << 20) // len(line))) * COPIES


PARQUET: tuple[Callable[[], bytes], ...] = (
    lambda: parquet(plain()),
    lambda: parquet(plain(), compression="zstd", row_group_size=5),
    lambda: parquet(plain(), use_dictionary=False, data_page_version="2.0"),
    lambda: claiming(10**12),
    lambda: claiming(2**62),
    lambda: claiming(COUNT + 1),
    lambda: claiming(0),
    lambda: parquet(many()),
    lambda: parquet(repeated(LONG, 1 << 16), store_schema=False),
    lambda: parquet(repeated(LONG, 1 << 16)),
    lambda: parquet(pa.table({"h": [LONG * 50, "2"]})),
    lambda: parquet(pa.table({"h" * 100_000: NUMBERS})),
    lambda: parquet(pa.table({f"h{number}": [1.0, 2.0] for number in range(3_000)})),
    lambda: parquet(pa.table({"\x1b]52;c;aGk=\x07": NUMBERS, "b": NUMBERS})),
    lambda: parquet(plain().select([])),
    lambda: parquet(plain().slice(0, 0)),
    lambda: feather(plain()),
    lambda: b"PAR1PAR1",
    lambda: b"PAR1" + b"\xff" * 4_000 + b"\xff\xff\xff\x7fPAR1",
    lambda: b"PARE" + bytes(100) + b"\x10\0\0\0PARE",
    lambda: b"",
)
FEATHER: tuple[Callable[[], bytes], ...] = (
    lambda: feather(plain()),
    lambda: feather(plain(), compression="zstd", chunksize=5),
    lambda: feather(plain(), compression="uncompressed"),
    lambda: feather(many(), compression="zstd", chunksize=MANY + 2),
    lambda: feather(repeated(LONG, 1 << 16), compression="zstd"),
    lambda: feather(pa.table({"h" * 100_000: NUMBERS})),
    lambda: feather(plain().slice(0, 0)),
    lambda: parquet(plain()),
    lambda: b"FEA1" + bytes(100) + b"FEA1",
    lambda: b"ARROW1\0\0" + b"\xff" * 400 + b"\xff\xff\xff\x7fARROW1",
    lambda: b"\xff\xff\xff\xff" + bytes(100),
    lambda: b"",
)
TABLE = b"id,h\n" + b"".join(b"%d,%f\n" % pair for pair in enumerate(NUMBERS))
LINES = (b"1\n", b"\n", b"#\n", b"1,2\n", b"\0", b",", b"word ", b'"\n')


def texts(codec: str) -> tuple[Callable[[], bytes], ...]:
    """Return packed tables, and what unpacks to gigabytes."""
    return (
        lambda: packed(codec, TABLE),
        lambda: packed(codec, TABLE) + packed(codec, b"13,14\n"),
        lambda: packed(codec, TABLE) + b"more",
        lambda: packed(codec, TABLE)[:-5],
        lambda: packed(codec, b""),
        lambda: TABLE,
        lambda: b"",
        *(functools.partial(bomb, codec, line) for line in LINES),
    )


FILES = {
    ".parquet": PARQUET,
    ".feather": FEATHER,
    ".csv.gz": texts("gz"),
    ".csv.bz2": texts("bz2"),
    ".txt.zst": texts("zstd"),
    ".csv.lz4": texts("lz4"),
}


def damage(generator: Generator, content: bytes) -> bytes:
    """Return what is left of a file after flips of bits, a cut, or a part that is there twice."""
    data = bytearray(content[: 1 << 20])
    for _ in range(generator.integers(1, 6)):
        # what such files are is said at their ends
        reach = int(min(len(data), 10 ** generator.integers(1, 7)))
        place = int(generator.integers(reach))
        data[-1 - place if generator.random() < 0.6 else place] ^= 1 << int(generator.integers(8))
    if generator.random() < 0.3:
        start, stop = sorted(generator.integers(len(data) + 1, size=2).tolist())
        data[start:stop] = data[start:stop] * 2 if generator.random() < 0.5 else b""
    return bytes(data)


def prepare(generator: Generator, folder: Path) -> tuple[str, list[list[str]]]:
    """Write one table and a preset that names it; return what it is, and the commands."""
    suffix = [*FILES][generator.integers(len(FILES))]
    number = int(generator.integers(len(FILES[suffix])))
    content = FILES[suffix][number]()
    damaged = bool(content) and generator.random() < 0.5
    path = folder / f"data{suffix}"
    path.write_bytes(damage(generator, content) if damaged else content)
    columns = ("h", "text", "codes", "gaps", "nested")
    column = columns[generator.integers(len(columns))] if generator.random() < 0.3 else "h"
    key = "column = 0\n" if generator.random() < 0.4 else f'column = "{column}"\n'
    preset = folder / "preset.toml"
    preset.write_text(
        f'format = 1\ngenerations = 1\n[source]\nname = "file"\npath = "{path}"\n{key}'
        '[engine]\nname = "kde"\n[schedule]\nsize = 12\n'
    )
    what = f"{suffix} {number}, {'damaged' if damaged else 'as it is'}"
    return what, [["presets", "check", str(preset)]]
