"""The user's own numbers: every kind of file, and one sentence for what is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from collapse_tui.events import Started
from collapse_tui.execution.runner import run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load
from engines.data import Form, Points
from engines.errors import InvalidExperimentError
from engines.sources.file import FileSource
from engines.streams import Streams

MakeExperiment = Callable[..., Experiment]
NUMBERS = [3.5, -1.25, 7.0, 1e-3, 2.0]


def written(folder: Path, name: str, text: str) -> Path:
    """Return a text file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def saved(folder: Path, name: str, array: Any) -> Path:
    """Return an .npy file."""
    path = folder / name
    np.save(path, array)
    return path


def zipped(folder: Path, name: str, **arrays: Any) -> Path:
    """Return an .npz file."""
    path = folder / name
    np.savez(path, **arrays)
    return path


def column(*cells: object) -> str:
    """Return cells, one a line."""
    return "".join(f"{cell}\n" for cell in cells)


TABLE = np.column_stack([np.arange(5.0), NUMBERS])
CSV_TABLE = "id,height\n" + "".join(f"{i},{x}\n" for i, x in enumerate(NUMBERS))

GOOD: dict[str, tuple[Callable[[Path], Path], str | int | None]] = {
    "csv": (lambda f: written(f, "a.csv", column(*NUMBERS)), None),
    "csv with a header": (lambda f: written(f, "a.csv", column("height", *NUMBERS)), None),
    "csv by name": (lambda f: written(f, "a.csv", CSV_TABLE), "height"),
    "csv by number": (lambda f: written(f, "a.csv", CSV_TABLE), 1),
    "csv of Excel": (lambda f: written(f, "a.csv", "\ufeff" + CSV_TABLE), "height"),
    "csv with a gap in its first row": (
        lambda f: written(
            f, "a.csv", "".join(f"{x},{x if i else ''}\n" for i, x in enumerate(NUMBERS))
        ),
        0,
    ),
    "csv with empty lines": (lambda f: written(f, "A.CSV", "\n" + CSV_TABLE + "\n\n"), "height"),
    "txt": (lambda f: written(f, "a.txt", "# cm\n" + column(*NUMBERS)), None),
    "txt by number": (
        lambda f: written(f, "a.txt", column(*(f"{i} {x}" for i, x in enumerate(NUMBERS)))),
        1,
    ),
    "npy": (lambda f: saved(f, "a.npy", np.array(NUMBERS)), None),
    "npy table": (lambda f: saved(f, "a.npy", TABLE), 1),
    "npy of one column": (lambda f: saved(f, "a.npy", np.array(NUMBERS)[:, None]), None),
    "npz": (lambda f: zipped(f, "a.npz", height=np.array(NUMBERS)), None),
    "npz by name": (
        lambda f: zipped(f, "a.npz", other=np.zeros(3), height=np.array(NUMBERS)),
        "height",
    ),
}


@pytest.mark.parametrize("kind", GOOD)
def test_numbers_are_read(tmp_path: Path, kind: str) -> None:
    make, which = GOOD[kind]
    source = FileSource(path=str(make(tmp_path)), column=which)
    assert source.numbers.tolist() == sorted(NUMBERS)
    assert source.natural_size == 5


def test_integers_and_booleans_are_numbers(tmp_path: Path) -> None:
    assert FileSource(path=str(saved(tmp_path, "a.npy", np.array([3, 1, 2])))).numbers.tolist() == [
        1,
        2,
        3,
    ]
    flags = saved(tmp_path, "b.npy", np.array([True, False]))
    assert FileSource(path=str(flags)).numbers.tolist() == [0, 1]


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _bytes(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _pickled(path: Path) -> Path:
    np.save(path, np.array([{}, 1], dtype=object), allow_pickle=True)
    return path


def _renamed(folder: Path) -> Path:
    return zipped(folder, "b.npz", height=np.ones(3)).rename(folder / "a.npy")


def _torn(folder: Path) -> Path:
    path = zipped(folder, "a.npz", height=np.ones(1_000))
    path.write_bytes(path.read_bytes()[:500])
    return path


BAD: dict[str, tuple[Callable[[Path], Path], str | int | None, str]] = {
    "missing": (lambda f: f / "none.csv", None, "does not exist"),
    "suffix": (lambda f: written(f, "a.xlsx", "1"), None, r"must end in one of \.csv"),
    "folder": (lambda f: _folder(f / "a.csv"), None, "could not be read"),
    "empty": (lambda f: written(f, "a.csv", ""), None, "holds 0 numbers"),
    "only a header": (lambda f: written(f, "a.csv", "height\n"), None, "holds 0 numbers"),
    "one number": (lambda f: written(f, "a.csv", "4\n"), None, "holds 1 numbers"),
    "no number": (
        lambda f: written(f, "a.csv", column("h", 1, "x", 3)),
        None,
        "line 3.*'x' is not",
    ),
    "gap": (lambda f: written(f, "a.csv", "h,k\n1,2\n3\n"), "k", "line 3 has 1 cell, .* table 2"),
    "inf": (
        lambda f: written(f, "a.txt", column(1, 2, "1e999")),
        None,
        "line 3, column 0: '1e999' is not a finite",
    ),
    "nan in npy": (
        lambda f: saved(f, "a.npy", np.array([1.0, 2.0, np.nan, np.nan])),
        None,
        r"data row 3 \(2 such rows\)",
    ),
    "constant": (lambda f: written(f, "a.csv", column(2, 2, 2)), None, "the same number 2.0"),
    "which column": (lambda f: written(f, "a.csv", CSV_TABLE), None, r"2 columns.*id, height"),
    "which number": (lambda f: saved(f, "a.npy", TABLE), None, "2 columns.*0 … 1"),
    "nearest": (lambda f: written(f, "a.csv", CSV_TABLE), "hieght", "did you mean 'height'"),
    "too far": (lambda f: written(f, "a.csv", CSV_TABLE), 2, "columns 0 … 1"),
    "negative": (lambda f: written(f, "a.csv", CSV_TABLE), -1, "columns 0 … 1"),
    "no header": (lambda f: written(f, "a.csv", column(*NUMBERS)), "height", "no header line"),
    "text file": (
        lambda f: written(f, "a.txt", "1\ntwo\n"),
        None,
        "line 2, column 0: 'two' is not a number",
    ),
    "latin-1": (lambda f: _bytes(f / "a.csv", b"h\xf6he\n1\n2\n"), None, "line 1, is not UTF-8"),
    "long cell": (
        lambda f: written(f, "a.csv", "h\n" + "1" * 200_000 + "\n2\n"),
        None,
        "line 2, column 'h': '111",
    ),
    "words in npy": (lambda f: saved(f, "a.npy", np.array(["a", "b"])), None, "not numbers"),
    "complex": (lambda f: saved(f, "a.npy", np.array([1j, 2j])), None, "not numbers"),
    "objects": (lambda f: _pickled(f / "a.npy"), None, "not a plain array"),
    "cube": (lambda f: saved(f, "a.npy", np.zeros((2, 2, 2))), None, r"shape \(2, 2, 2\)"),
    "no npy": (lambda f: _bytes(f / "a.npy", b"hello"), None, "not a plain array"),
    "empty npy": (lambda f: _bytes(f / "a.npy", b""), None, "could not be read"),
    "npz called npy": (_renamed, None, "suffix .npz"),
    "which array": (
        lambda f: zipped(f, "a.npz", height=np.ones(3), width=np.ones(3)),
        None,
        "must name an array",
    ),
    "other array": (
        lambda f: zipped(f, "a.npz", height=np.ones(3)),
        "heigth",
        "did you mean 'height'",
    ),
    "npy called npz": (
        lambda f: saved(f, "b.npy", np.arange(3)).rename(f / "a.npz"),
        None,
        "suffix .npy",
    ),
    "torn npz": (_torn, None, "could not be read"),
    "no npz": (lambda f: _bytes(f / "a.npz", b"hello"), None, "not an archive"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_fault_is_one_sentence_that_names_the_file(
    experiment: MakeExperiment, tmp_path: Path, fault: str
) -> None:
    make, which, sentence = BAD[fault]
    path = make(tmp_path)
    table = {"name": "file", "path": str(path)}
    with pytest.raises(InvalidExperimentError, match=sentence) as caught:
        experiment(table if which is None else {**table, "column": which}, "kde")
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)


def drawn(source: FileSource, size: int, replicates: int = 1) -> list[list[float]]:
    """Return D_0 of each replicate, sorted."""
    data = source.real(size, replicates, Form.POINTS, Streams(1, 0))
    assert isinstance(data, Points)
    return np.sort(data.rows, axis=1).tolist()


def test_the_real_data_are_the_file_or_a_part_of_it(tmp_path: Path) -> None:
    path = str(written(tmp_path, "a.csv", column(*range(20))))
    source = FileSource(path=path)
    assert drawn(source, 20, 2) == [[float(i) for i in range(20)]] * 2
    few = drawn(source, 8, 2)
    assert few[0] == few[1]
    assert len(set(few[0])) == 8
    many = drawn(source, 60)[0]
    assert len(many) == 60
    assert set(many) <= set(range(20))
    assert len(set(many)) < 20 or many != sorted(list(range(20)) * 3)
    redrawn = drawn(FileSource(path=path, redraw=True), 8, 2)
    assert redrawn[0] != redrawn[1]


def test_fresh_data_are_rows_with_replacement(tmp_path: Path) -> None:
    source = FileSource(path=str(written(tmp_path, "a.csv", column(*range(5)))))
    data = source.sample(np.array([2_000, 3_000]), Form.POINTS, Streams(1, 1))
    assert isinstance(data, Points)
    counts = np.bincount(data.values.astype(int), minlength=5)
    assert (np.abs(counts - 1_000) < 4 * np.sqrt(1_000)).all()


PRESET = """format = 1
generations = 2
[source]
name = "file"
path = "data/numbers.csv"
[engine]
name = "kde"
"""


def test_a_relative_path_is_relative_to_its_preset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "presets" / "data").mkdir(parents=True)
    preset = written(tmp_path / "presets", "mine.toml", PRESET)
    written(tmp_path / "presets" / "data", "numbers.csv", column(*NUMBERS))
    monkeypatch.chdir(tmp_path)
    built = load(str(preset))
    assert built.real_size == 5
    assert list(built.sizes) == [5, 5, 5]
    assert built.document["source"]["path"] == str(tmp_path / "presets" / "data" / "numbers.csv")
    # A path given by --set is relative to where one stands.
    written(tmp_path, "other.csv", column(1, 2, 3))
    changed = load(str(preset), **{"source.path": "other.csv"})
    assert changed.real_size == 3


def test_a_binned_file_is_counted_as_numpy_counts_it(
    experiment: MakeExperiment, outcomes: Any, tmp_path: Path
) -> None:
    """Rows on an edge belong to the bin above it, in D_0 and in p_0 alike."""
    values = [0, 1, 1, 2, 2, 2, 3, 4, 4, 9]
    path = written(tmp_path, "a.csv", column(*values))
    table = {"name": "file", "path": str(path), "bins": {"low": 0, "high": 4, "count": 4}}
    built = experiment(table, "discrete", metrics=["tv", "w1_sample"], schedule=30)
    law: Any = built.source.law()
    assert law.values.tolist() == [0.5, 1.5, 2.5, 3.5]
    np.testing.assert_allclose(law.probabilities[0], np.array([1, 2, 3, 3]) / 9)
    assert built.real_size == 9
    state, outcome = next(outcomes(built))
    assert outcome.drawn.counts.tolist() == [[1, 2, 3, 3]] * 3
    assert state.training.sizes.tolist() == [9, 9, 9]


def test_bins_that_hold_nothing_are_refused(experiment: MakeExperiment, tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", column(*NUMBERS))
    table = {"name": "file", "path": str(path), "bins": {"low": 50, "high": 60, "count": 4}}
    with pytest.raises(InvalidExperimentError, match="none of the source's mass"):
        experiment(table, "discrete")


def test_a_divergence_from_atoms_is_refused(experiment: MakeExperiment) -> None:
    for name in ("kl", "kl_reverse", "js", "tv"):
        with pytest.raises(InvalidExperimentError, match="needs a density"):
            experiment("file", "kde", metrics=[name])


def test_whole_numbers_of_a_file_go_through_the_engine_of_counts(
    experiment: Any, records: Any, tmp_path: Path
) -> None:
    """Every metric of counts, against the numbers of the file; Poisson laws are not drawn."""
    path = tmp_path / "counts.csv"
    path.write_text("3\n0\n4\n2\n5\n1\n3\n2\n")
    source = {"name": "file", "path": str(path)}
    names = ["mean", "variance", "w1", "tail_mass", "alive"]
    built = experiment(source, "poisson", schedule=8, generations=3, metrics=names)
    found = records(built)
    assert found[0].metrics["mean"].tolist() == [2.5] * 3
    assert found[1].metrics["mean"].tolist() == [2.5] * 3  # fitted on the file itself
    k = np.arange(60)
    ours = stats.poisson.cdf(k, 2.5)
    theirs = np.searchsorted([0, 1, 2, 2, 3, 3, 4, 5], k, side="right") / 8
    assert found[1].metrics["w1"] == pytest.approx(np.abs(ours - theirs).sum(), abs=1e-9)
    assert len(set(found[3].metrics["mean"].tolist())) == 3
    for redraw in (False, True):
        size = {"size": 5, "redraw": True} if redraw else {}
        other = experiment({**source, **size}, "poisson", schedule=8, metrics=["alive"])
        started = next(iter(run(other)))
        assert isinstance(started, Started)
        assert started.curves == ()
        assert started.absent["poisson.replace.alive.mean"] == "the source must be a Poisson law"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [("1\n2.5\n", "holds 2.5, but"), ("1\n-2\n", "holds -2, but")],
)
def test_what_counts_nothing_is_refused(
    experiment: Any, tmp_path: Path, content: str, sentence: str
) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(content)
    with pytest.raises(InvalidExperimentError, match=sentence):
        experiment({"name": "file", "path": str(path)}, "poisson", schedule=8)
