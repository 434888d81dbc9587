"""Tables as people have them: the right numbers, or a refusal that says where and what to do."""

import bz2
import gzip
import re
import tracemalloc
from collections.abc import Callable, Iterable
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from engines.errors import InvalidExperimentError
from engines.sources.file import FileSource
from engines.sources.readers import lines, packed_file, regular_file, tables

N = [170.9, 181.3, 161.6]
Content = str | bytes | Callable[[Path], object]


def rows(*cells: object, end: str = "\n") -> str:
    """Return cells, one a line."""
    return "".join(f"{cell}{end}" for cell in cells)


def packed(codec: str) -> bytes:
    """Return a packed table."""
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, codec) as stream:
        stream.write(TABLE.encode())
    return sink.getvalue().to_pybytes()


def parquet(**columns: Any) -> Callable[[Path], object]:
    """Return what writes a Parquet file."""
    return lambda path: pyarrow.parquet.write_table(pa.table(columns), path)


def feather(**columns: Any) -> Callable[[Path], object]:
    """Return what writes a Feather file."""
    return lambda path: pyarrow.feather.write_feather(pa.table(columns), str(path))


def arrays(**named: Any) -> Callable[[Path], object]:
    """Return what writes an archive of arrays."""
    return lambda path: np.savez(path, **named)


def array(values: Any) -> Callable[[Path], object]:
    """Return what writes an array."""
    return lambda path: np.save(path, values)


def npy_bytes(values: Any) -> bytes:
    """Return the bytes of an .npy file."""
    file = BytesIO()
    np.save(file, values)
    return file.getvalue()


TABLE = "id,height\n0,170.9\n1,181.3\n2,161.6\n"
H: dict[str, Any] = {"column": "height"}
GAPS = "height\n170.9\n{}\n181.3\n161.6\n"
SQUARE = np.column_stack([np.arange(3.0), N])
BEYOND = np.array([1, 2**53, 2**53 + 1], dtype=np.int64)

READ: dict[str, tuple[str, Content, dict[str, Any], str]] = {
    "comma": ("a.csv", TABLE, H, "3 rows of height: mean 171.267"),
    "semicolon": ("a.csv", TABLE.replace(",", ";"), H, "3 rows of height"),
    "bar": ("a.csv", TABLE.replace(",", "|"), H, "3 rows"),
    "tab in csv": ("a.csv", TABLE.replace(",", "\t"), H, "3 rows"),
    "tsv": ("a.tsv", TABLE.replace(",", "\t"), H, "3 rows"),
    "txt with a header": ("a.txt", TABLE.replace(",", "   "), H, "3 rows"),
    "txt aligned": ("a.txt", "  0 170.9\n 10  181.3 \n200 161.6\n", {"column": 1}, "column 1"),
    "numpy.savetxt": (
        "a.txt",
        lambda path: np.savetxt(path, SQUARE, header="id height"),
        {"column": 1},
        "1 comment left out, no header line",
    ),
    "tabs and gaps": ("a.txt", "0\t\t1\n1\t170.9\t2\n2\t181.3\t3\n3\t161.6\t4\n", {"column": 1},
                      "1 missing value left out"),
    "decimal comma": ("a.csv", rows("height", "170,9", "181,3", "161,6"), {}, "decimal commas"),
    "semicolon and decimal comma": ("a.csv", "id;height\n0;170,9\n1;181,3\n2;161,6\n", H,
                                    "with decimal commas"),
    "decimal comma beside points": ("a.csv", "h;w\n170,9;1.085\n181,3;1\n161,6;2\n",
                                    {"column": "h"}, "with decimal commas"),
    "tab and decimal comma": ("a.tsv", "id\theight\n0\t170,9\n1\t181,3\n2\t161,6\n", H, "commas"),
    "quoted decimal comma": ("a.csv", 'id,height\n0,"170,9"\n1,"181,3"\n2,"161,6"\n', H, "commas"),
    "decimal comma as named": ("a.csv", rows("170,9", "181,3", "161,6"),
                               {"decimal": ",", "separator": ";"}, "with decimal commas"),
    "separator as named": ("a.csv", "0:170.9\n1:181.3\n2:161.6\n",
                           {"separator": ":", "column": 1}, "column 1"),
    "tab as named": ("a.csv", "0\t170.9\n1\t181.3\n2\t161.6\n",
                     {"separator": "tab", "column": 1}, "column 1"),
    "byte order mark": ("a.csv", b"\xef\xbb\xbfheight,id\n170.9,1\n181.3,2\n161.6,3\n", H, "3"),
    "utf-16": ("a.csv", TABLE.encode("utf-16"), H, "3 rows"),
    "crlf": ("a.csv", TABLE.replace("\n", "\r\n"), H, "3 rows"),
    "cr": ("a.csv", TABLE.replace("\n", "\r"), H, "3 rows"),
    "no last line end": ("a.csv", TABLE.rstrip(), H, "3 rows"),
    "quoted": ("a.csv", '"id","height"\n"0","170.9"\n"1","181.3"\n"2","161.6"\n', H, "3 rows"),
    "quoted separators": ("a.csv", 'who,height\n"A, b",170.9\n"5"" ",181.3\nd,161.6\n', H, "3 r"),
    "spaces around": ("a.csv", "id , height\n0 , 170.9\n1 , 181.3 \n2, 161.6\n", H, "of height"),
    "comments": ("a.csv", "# cm\n" + TABLE + "# end\n", H, "2 comments left out"),
    "blank lines": ("a.csv", "\n" + TABLE.replace("1,", "\n  \n1,"), H, "3 rows of height"),
    "empty lines of one column": ("a.csv", GAPS.format(""), {}, "1 empty line left out"),
    "no header": ("a.csv", rows(*N), {}, "numbers: mean 171.267, sd 8.047, 161.6 to 181.3"),
    "header as named": ("a.csv", "2019,2020\n0,170.9\n1,181.3\n2,161.6\n",
                        {"column": 1, "header": True}, "3 rows of 2020"),
    "column of a year": ("a.csv", "2019,2020\n0,170.9\n1,181.3\n2,161.6\n",
                         {"column": "2020"}, "3 rows of 2020"),
    "year as number": ("a.csv", "id,2020\n0,170.9\n1,181.3\n2,161.6\n", {"column": 2020}, "2020"),
    "duplicate by number": ("a.csv", "x,x\n0,170.9\n1,181.3\n2,161.6\n", {"column": 1}, "of x"),
    "unnamed index": ("a.csv", ",height\n0,170.9\n1,181.3\n2,161.6\n", H, "of height"),
    "signs and exponents": ("a.csv", rows("+1.709e2", "1813E-1", "161.6"), {}, "3 rows"),
    "gz": ("a.csv.gz", gzip.compress(TABLE.encode()), H, "3 rows"),
    "bz2": ("a.csv.bz2", bz2.compress(TABLE.encode()), H, "3 rows"),
    "zst": ("a.csv.zst", packed("zstd"), H, "3 rows"),
    "lz4": ("a.csv.lz4", packed("lz4"), H, "3 rows"),
    "parquet": ("a.parquet", parquet(id=[0, 1, 2], height=N), H, "3 rows of height"),
    "parquet with gaps": ("a.parquet", parquet(height=[*N, None, float("nan")]), {},
                          "2 missing values left out"),
    "parquet of text": ("a.parquet", parquet(height=["170.9", "181.3", "161.6", None]), {},
                        "1 missing value left out"),
    "feather": ("a.feather", feather(id=[0, 1, 2], height=N), H, "3 rows of height"),
    "second of two columns of one name": (
        "a.parquet",
        lambda path: pyarrow.parquet.write_table(
            pa.Table.from_arrays([pa.array([1.0, 2.0, 3.0]), pa.array(N)], names=["h", "h"]), path
        ),
        {"column": 1},
        "rows of h",
    ),
    "column with a point beside a table": (
        "a.parquet", parquet(s=[{"h": 1}] * 3, **{"s.h": N}), {"column": "s.h"}, "rows of s.h"
    ),
    "decimals of parquet": ("a.parquet", parquet(h=[*map(Decimal, map(str, N)), None]), {},
                            "1 missing value left out"),
    "decimal commas of parquet": ("a.parquet", parquet(h=["170,9", "181,3", "161,6"]),
                                  {"decimal": ","}, "3 rows of h"),
    "point of thousands as named": ("a.csv", "a;h\n1;170.900\n2;181.300\n3;161.600\n",
                                    {"column": "h", "decimal": "."}, "3 rows of h"),
    "cell of a spreadsheet": ("a.csv", GAPS.format("#N/A"), {}, "1 missing value left out"),
    "two streams of bz2": ("a.csv.bz2", bz2.compress(TABLE[:10].encode())
                           + bz2.compress(TABLE[10:].encode()), H, "3 rows"),
    "array of an archive": ("a.npz", arrays(x=SQUARE, y=np.ones(3)), {"array": "x", "column": 1},
                            "rows of x, column 1"),
    "archive of one table": ("a.npz", arrays(x=SQUARE), {"column": 1}, "rows of x, column 1"),
    "big-endian": ("a.npy", array(np.array(N, dtype=">f8")), {}, "3 rows"),
} | {
    f"missing as {gap!r}": ("a.csv", GAPS.format(gap), {}, "1 missing value left out")
    for gap in ("NA", "NaN", "null", "-", ".", "N/A", '""', "none", "?")
}  # fmt: skip

REFUSED: dict[str, tuple[str, Content, dict[str, Any], str]] = {
    "thousands": ("a.csv", "pay,height\n17,085,170.9\n18,125,181.3\n", H,
                  "line 2 has 3 cells, .*thousands"),
    "thousands in one row": ("a.csv", "pay,height\n1,170.9\n2,181.3\n1,085,171\n", H, "line 4"),
    "quoted thousands": ("a.csv", 'a,b\n1,"1,085.5"\n2,"2,085.5"\n', {"column": "b"},
                         "line 2, column 'b': '1,085.5' seems to have thousands separators"),
    "thousands or decimals": ("a.csv", "a;b\n1;1,085\n2;2,085\n", {"column": "b"},
                              "may be a decimal mark .* source.decimal"),
    "points beside commas": ("a.csv", "a;h\n1,5;1.085\n2,5;2.085\n", {"column": "h"},
                             "line 2, column 'h': '1.085' seems to have thousands"),
    "points of thousands": ("a.csv", "a;b\n1;0,5\n2;2.085\n", {"column": "b"}, "line 3.*thousands"),
    "thin spaces": ("a.csv", rows("h", "1 085", "1 170"), {}, "line 2.*thousands"),
    "short header": ("a.csv", "heights\n0,170.9\n1,181.3\n", {}, "line 2 has 2 cells.*table 1"),
    "row numbers of short header": ("a.csv", "h\n0,170\n1,181\n2,161\n", {}, "line 2 has 2 cells"),
    "decimal comma later": ("a.csv", "a;b\n" + "1;2\n" * 1200 + "1;2,5\n", {"column": "b"},
                            "line 1202, column 'b'.*source.decimal = \",\""),
    "names of rows": ("a.txt", '"h" "w"\n"1" 170 60\n"2" 181 70\n', {"column": "h"}, "row names"),
    "short row": ("a.csv", "h,k\n1,2\n3\n", {"column": "k"}, "line 3 has 1 cell.*empty cells"),
    "title above": ("a.csv", "Heights of 2024\n\n" + TABLE, H, "line 3 has 2 cells"),
    "units": ("a.csv", rows("height", "cm", *N), {}, "line 2, column 'height': 'cm' is not"),
    "total in words": ("a.csv", rows("h", *N, "Total: 3"), {}, "line 5.*'Total: 3' is not"),
    "two tables": ("a.csv", TABLE + TABLE, H, "line 5, column 'height': 'height' is not"),
    "infinity": ("a.csv", rows("h", *N, "inf"), {}, "line 5.*not a finite number: remove"),
    "too large": ("a.csv", rows("h", *N, "1e999"), {}, "line 5.*not a finite number"),
    "fourth powers": ("a.csv", rows("h", -1e90, 1e90), {}, "from -1e\\+90 to 1e\\+90.*divide all"),
    "underscore": ("a.csv", rows("h", 1, "2001_001"), {}, "line 3.*'2001_001' is not"),
    "half an exponent": ("a.csv", rows("h", 1, "1e"), {}, "line 3.*'1e' is not a number"),
    "hexadecimal": ("a.csv", rows("h", 1, "0x10"), {}, "line 3.*'0x10' is not a number"),
    "dates": ("a.csv", rows("h", "2024-01-05", "2024-01-06"), {}, "line 2.*'2024-01-05' is not"),
    "percent": ("a.csv", rows("h", "12 %", "13 %"), {}, "line 2.*remove what follows the digits"),
    "another minus": ("a.csv", rows("h", "−5", "3"), {}, "line 2.*its minus is '−'"),
    "years or numbers": ("a.csv", "2019,2020\n0,170.9\n1,181.3\n", {"column": 1},
                         "source.header = true or source.header = false"),
    "duplicate": ("a.csv", "x,x\n0,170.9\n1,181.3\n", {"column": "x"}, "source.column = 0 or 1"),
    "two separators": ("a.csv", "1;2,3\n4;5,6\n1;2,3\n", {}, "2 columns.*source.separator"),
    "decimal commas or pairs": ("a.csv", rows("170,9", "181,3", "161,6"), {"column": 0},
                                "'170,9': its comma may be a decimal mark or stand between"),
    "header of decimal commas": ("a.csv", rows("h,", "170,9", "181,3"), {"column": "h"},
                                 "its comma may be a decimal mark or stand between"),
    "points or thousands": ("a.csv", "a;h\n1;1.085\n2;2.085\n", {"column": "h"},
                            "'1.085' between semicolons: its point may.*source.decimal"),
    "error of a spreadsheet": ("a.csv", GAPS.format("#DIV/0!"), {}, "line 3.*'#DIV/0!' is not"),
    "infinity of Windows": ("a.csv", rows("h", 1, "1.#INF"), {}, "line 3.*number: correct it"),
    "marks of thousands": ("a.csv", rows("h", 1, "1'085"), {}, "separators: remove them$"),
    "too small": ("a.csv", rows("h", 1, 0, "-2.5e-400"), {}, "line 4.*'-2.5e-400' is closer to 0"),
    "no column": ("a.csv", TABLE, {}, r"say which by source.column \(id, height\)"),
    "open quote": ("a.csv", TABLE + '3,"170\n4,180\n', H, "line 5: a quotation mark is not closed"),
    "two open quotes": ("a.csv", 'a,b\n1,"x\n2,y\n3,z"\n4,w\n', {"column": "a"}, "line 2: a quot"),
    "latin-1": ("a.csv", b"h\n1\n2 \xb5m\n", {}, "line 3, is not UTF-8 text.*save"),
    "utf-16 without mark": ("a.csv", TABLE.encode("utf-16-le"), H, "line 1.*NUL byte.*UTF-8"),
    "half a gz": ("a.csv.gz", gzip.compress(TABLE.encode())[:-9], H, "could not be read"),
    "no gz": ("a.csv.gz", TABLE, H, "could not be read"),
    "more than bz2": ("a.csv.bz2", bz2.compress(TABLE.encode()) + b"more", H, "not be read"),
    "gz without its suffix": ("a.csv", gzip.compress(TABLE.encode()), H, "packed by gzip.*suffix"),
    "spreadsheet": ("a.csv", b"PK\3\4\x14\0", H, "not text, but an archive, as .xlsx"),
    "half a zst": ("a.csv.zst", packed("zstd")[:-9], H, "could not be read"),
    "packed parquet": ("a.parquet.gz", b"x", {}, "must end in one of"),
    "beyond 2^53": ("a.csv", rows("h", *BEYOND), {}, "line 4.*9007199254740993' is a whole number"),
    "beyond with a point": ("a.csv", rows("h", 1, f"{BEYOND[2]}.0"), {}, "line 3.*a whole number"),
    "beyond in decimals": ("a.parquet", parquet(h=[Decimal(1), Decimal(int(BEYOND[2]))]), {},
                           "row 2: '9007199254740993' is a whole number"),
    "beyond in npy": ("a.npy", array(BEYOND), {}, "data row 3, is 9007199254740993"),
    "beyond in parquet": ("a.parquet", parquet(h=BEYOND), {}, "row 3, is 9007199254740993"),
    "largest of 64 bits": ("a.npy", array(np.array([1, 2**64 - 1], dtype=np.uint64)), {}, "row 2"),
    "records": ("a.npy", array(np.zeros(3, dtype=[("a", "f8")])), {}, "not a plain array"),
    "text of parquet": ("a.parquet", parquet(h=["1", "x"]), {}, "row 2: 'x' is not a number"),
    "dates of parquet": ("a.parquet", parquet(h=np.array(["2024-01-01"] * 2, dtype="M8[s]")), {},
                         "holds timestamp.*not numbers"),
    "infinity of parquet": ("a.parquet", parquet(h=[1.0, np.inf]), {}, "row 2, is inf"),
    "lists": ("a.parquet", parquet(h=[[1], [2]]), {}, "holds list.*not numbers"),
    "no parquet": ("a.parquet", b"PAR1 x", {}, "damaged or no .parquet file"),
    "no feather": ("a.feather", b"ARROW1 x", {}, "damaged or no .feather file"),
    "column of parquet": ("a.parquet", parquet(height=N, weight=N), {"column": "heights"}, "hei"),
    "stream of arrow": ("a.arrow", b"\xff\xff\xff\xff", {}, "no .arrow file of version 2"),
    "two arrays in a row": (
        "a.npy",
        lambda path: path.write_bytes(2 * npy_bytes(np.array(N))),
        {},
        r"announces 3 numbers.*more follow \(304 in all\)",
    ),
    "array of a table": ("a.csv", TABLE, {"array": "height"}, "source.array is .height., which"),
    "separator of parquet": ("a.parquet", parquet(h=N), {"separator": ";"}, "source.separator is"),
    "decimal mark of an array": ("a.npy", array(np.array(N)), {"decimal": ","}, "source.decimal"),
    "columns of parquet": ("a.parquet", parquet(h=N, k=N), {}, r"source.column \(h, k\)$"),
    "column of one array": ("a.npy", array(np.array(N)), {"column": 1}, "holds one column"),
    "array of none": ("a.npz", arrays(x=SQUARE, y=SQUARE), {"column": 1}, "source.array must name"),
}  # fmt: skip


def source_of(folder: Path, name: str, content: Content, keys: dict[str, Any]) -> FileSource:
    path = folder / name
    if callable(content):
        content(path)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return FileSource(path=str(path), **keys)


@pytest.mark.parametrize("kind", READ)
def test_the_numbers_are_those_of_the_file(tmp_path: Path, kind: str) -> None:
    *what, said = READ[kind]
    source = source_of(tmp_path, *what)
    assert source.numbers.tolist() == sorted(N)
    assert said in source.content


@pytest.mark.parametrize("kind", REFUSED)
def test_a_refusal_says_where_and_what_to_do(tmp_path: Path, kind: str) -> None:
    *what, said = REFUSED[kind]
    with pytest.raises(InvalidExperimentError) as caught:
        assert not source_of(tmp_path, *what).content
    sentence = str(caught.value)
    assert re.search(said, sentence), sentence
    assert what[0] in sentence or "source." in sentence
    assert "\n" not in sentence


def test_minus_999_is_a_number_that_is_shown(tmp_path: Path) -> None:
    source = source_of(tmp_path, "a.csv", rows("h", *N, -999), {})
    assert "-999 to 181.3" in source.content


@pytest.mark.parametrize("key", [{"separator": "ab"}, {"separator": ""}, {"separator": '"'},
                                 {"separator": ",", "decimal": ","}, {"decimal": ";"}])  # fmt: skip
def test_keys_that_cannot_be_meant(key: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"separator|decimal"):
        FileSource(path="a.csv", **key)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("length", [1, 7, 64])
def test_blocks_are_whole_lines_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, length: int
) -> None:
    monkeypatch.setattr(packed_file, "CHUNK", length)
    cells = ["größe", *N, "# x", "", "3"]
    path = tmp_path / "a.csv"
    path.write_bytes(rows(*cells, end=end).encode())
    blocks = list(lines.read_line_blocks(path))
    assert b"".join(block.content for block in blocks).decode() == rows(*cells)
    passed = np.cumsum([0, *(block.content.count(b"\n") for block in blocks)]) + 1
    assert [block.first for block in blocks] == passed[:-1].tolist()
    assert FileSource(path=str(path)).numbers.tolist() == [3.0, *sorted(N)]


def test_a_line_is_named_in_any_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed_file, "CHUNK", 50)
    source = source_of(tmp_path, "a.csv", rows("h", *range(99), "x", *range(99)), {})
    with pytest.raises(InvalidExperimentError, match="line 101, column 'h': 'x'"):
        assert source.numbers.size


def test_many_rows_take_the_memory_of_their_numbers(tmp_path: Path) -> None:
    count = 300_000
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,height\n" + b"".join(b"%d,%d.5\n" % (i, i) for i in range(count)))
    source = FileSource(path=str(path), column="height")
    tracemalloc.start()
    assert source.numbers[-1] == count - 0.5
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3.5 * 8 * count + (8 << 20)


@pytest.mark.parametrize("packing", ["gz", "bz2", "zstd", "lz4"])
def test_a_packed_table_that_explodes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packing: str
) -> None:
    monkeypatch.setattr(regular_file, "SMALL", 1_000)
    sink = pa.BufferOutputStream()
    codec = {"gz": "gzip"}.get(packing, packing)
    with pa.CompressedOutputStream(sink, codec) as stream:
        stream.write(b"1\n2\n" * 500_000)
    path = tmp_path / f"a.csv.{packing.replace('zstd', 'zst')}"
    path.write_bytes(sink.getvalue().to_pybytes())
    with pytest.raises(InvalidExperimentError, match="would unpack to"):
        assert FileSource(path=str(path)).numbers.size


def test_rows_outside_of_bins_are_counted(experiment: Callable[..., Any], tmp_path: Path) -> None:
    def built(high: float) -> Any:
        values: Iterable[object] = range(100)
        path = tmp_path / "a.csv"
        path.write_text(rows(*values))
        bins = {"low": 0, "high": high, "count": 4}
        return experiment({"name": "file", "path": str(path), "bins": bins}, "discrete")

    assert built(99).source.content.endswith("99, no header line")
    assert built(94).source.content.endswith("5 rows outside of source.bins left out")
    with pytest.raises(
        InvalidExperimentError, match=r"leave out 20 of 100 rows.*at most 10%.*high"
    ):
        built(79.5)


@pytest.mark.parametrize("kind", ["repeated.parquet", "repeated.feather", "zeros.feather"])
def test_an_arrow_file_that_explodes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(regular_file, "SMALL", 1_000)
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 9_000, pa.int32()), pa.array(["1" * 900]))
    column = np.zeros(900_000) if "zeros" in kind else text
    write = parquet if "parquet" in kind else feather
    source = source_of(tmp_path, kind, write(h=column), {})
    with pytest.raises(InvalidExperimentError, match=r"would unpack to (8,172,000|7,200,000)"):
        assert source.numbers.size


@pytest.mark.parametrize("line", ["# x\n", "\n", "# x\n\n1\n"])
def test_lines_that_are_no_rows_are_not_read_endlessly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(tables, "MOST_SKIPPED", 100)
    assert source_of(tmp_path, "a.csv", "1\n2\n" + 33 * line + "3\n", {}).numbers[-1] == 3
    source = source_of(tmp_path, "a.csv", "1\n2\n" + 120 * line + "3\n", {})
    with pytest.raises(
        InvalidExperimentError, match="more than 100 comments and empty lines before"
    ):
        assert source.numbers.size
