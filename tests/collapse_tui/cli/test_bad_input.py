"""Every mistake of the user's: one sentence, exit code 2, nothing begun, nothing lost."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.storage.folder import RunFolder

BATCH = ("batch", "--preset", "shumailov")

MISTAKES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "unknown preset": (("batch", "--preset", "shumailow"), ("shumailow", "'shumailov'")),
    "unknown preset of the screen": (("--preset", "shumailow"), ("shumailow", "'shumailov'")),
    "missing preset file": (("batch", "--preset", "./none.toml"), ("none.toml",)),
    "no TOML": (("batch", "--preset", "{tmp}/bad.toml"), ("bad.toml", "TOML", "line 1")),
    "a folder as preset": (("batch", "--preset", "{tmp}/"), ("folder",)),
    "no preset": (("batch",), ("--preset",)),
    "unknown key": ((*BATCH, "--set", "schedule.sizzze=3"), ("schedule.sizzze", "'size'")),
    "unknown table": ((*BATCH, "--set", "schedulee.size=3"), ("schedulee.size", "'schedule'")),
    "unknown top key": ((*BATCH, "--set", "sede=3"), ("sede", "'seed'")),
    "a key that is load's own": ((*BATCH, "--set", "preset=3"), ("preset",)),
    "no assignment": ((*BATCH, "--set", "seed"), ("--set", "key=value")),
    "wrong type": ((*BATCH, "--set", "schedule.size=many"), ("schedule.size", "'many'")),
    "half a sample": ((*BATCH, "--set", "schedule.size=2.5"), ("schedule.size", "2.5")),
    "negative size": ((*BATCH, "--set", "schedule.size=-3"), ("schedule.size", "-3")),
    "NaN": ((*BATCH, "--set", "source.sd=nan"), ("source.sd", "nan")),
    "one sample": ((*BATCH, "--set", "schedule.size=1"), ("1 samples", "at least 2")),
    "no generations": ((*BATCH, "--generations", "0"), ("generations", "0")),
    "generations are no number": ((*BATCH, "--generations", "few"), ("generations", "'few'")),
    "no replicates": ((*BATCH, "--replicates", "0"), ("replicates", "0")),
    "seed is no number": ((*BATCH, "--seed", "x"), ("seed", "'x'")),
    "no threads": ((*BATCH, "--threads", "0"), ("--threads", "0")),
    "unknown device": ((*BATCH, "--device", "gpu"), ("--device", "'gpu'", "cuda:N")),
    "a device of no engine": ((*BATCH, "--device", "cuda:1"), ("cuda:1", "CPU")),
    "a device on the screen": (("--preset", "borji", "--device", "tpu"), ("--device", "'tpu'")),
    "unknown engine": ((*BATCH, "--set", "engine.name=gaussiann"), ("gaussiann", "'gaussian'")),
    "unknown metric": ((*BATCH, "--set", 'metrics.names=["w3"]'), ("w3", "'w")),
    "no metric": ((*BATCH, "--set", "metrics.names=[]"), ("metrics.names",)),
    "wrong kind of source": ((*BATCH, "--set", "engine.name=discrete"), ("discrete", "numbers")),
    "keep beyond M_0": (
        (*BATCH, "--set", "policy.name=mix", "--set", "policy.keep=0.5", "--set",
         "source.size=10"), ("keep", "10", "50"),
    ),
    "points beyond memory": (
        ("batch", "--preset", "borji", "--set", "schedule.size=1e9", "--replicates", "1000"),
        ("GB", "schedule.size"),
    ),
    "uncountable samples": ((*BATCH, "--set", "schedule.size=1e18"), ("samples", "1e+15")),
    "no integer of 64 bits": (
        (*BATCH, "--set", "schedule.size=1e300"),
        ("schedule.size", "9223372036854775807"),
    ),
    "missing data file": (
        (*BATCH, "--set", "source.name=file", "--set", "source.path={tmp}/none.csv"),
        ("none.csv",),
    ),
    "infinity in the data": (
        (*BATCH, "--set", "source.name=file", "--set", "source.path={tmp}/nan.csv"),
        ("nan.csv, line 3", "inf"),
    ),
    "text in the data": (
        (*BATCH, "--set", "source.name=file", "--set", "source.path={tmp}/bad.toml"),
        ("bad.toml",),
    ),
    "intervention on the source": (
        (*BATCH, "--set", 'interventions=[{at=2,set={"source.sd"=2.0}}]'), ("source.sd",),
    ),
    "another format": ((*BATCH, "--set", "format=2"), ("format", "2")),
    "a folder that is not empty": ((*BATCH, "--out", "{tmp}/full"), ("full", "not empty")),
    "--force is for runs": ((*BATCH, "--force", "--out", "{tmp}/full"), ("full", "not empty")),
    "out is a file": ((*BATCH, "--out", "{tmp}/nan.csv"), ("nan.csv",)),
    "out below a file": ((*BATCH, "--out", "{tmp}/nan.csv/run"), ("nan.csv",)),
    "out where nothing can be": ((*BATCH, "--out", "/proc/collapse/run"), ("/proc",)),
    "runs folder is a file": ((*BATCH, "--runs", "{tmp}/nan.csv"), ("nan.csv",)),
    "unknown command": (("bach",), ("bach", "'batch'")),
    "unknown subcommand": (("runs", "deletee", "x"), ("deletee", "'delete'")),
    "unknown command of presets": (("presets", "showw", "x"), ("showw", "'show'")),
    "unknown option": ((*BATCH, "--replicate", "3"), ("--replicate", "'--replicates'")),
    "unknown short option": ((*BATCH, "-g", "3"), ("-g",)),
    "option without a value": ((*BATCH, "--seed"), ("--seed",)),
    "one argument too many": ((*BATCH, "more"), ("more",)),
    "screen options before a command": (("--seed", "3", *BATCH), ("--seed", "batch")),
    "unknown marker": (("--marker", "dots"), ("dots", "braille")),
    "settings without a preset": (("--seed", "3"), ("--preset",)),
    "no terminal": (("--preset", "borji"), ("terminal", "batch --preset borji")),
    "no terminal for the picker": ((), ("terminal",)),
    "no such run": (("show", "smalll"), ("smalll", "'small'")),
    "resume nothing": (("resume", "{tmp}"), ("not a run",)),
    "resume a file": (("resume", "{tmp}/nan.csv"), ("nan.csv", "file")),
    "resume from beyond": (("resume", "small", "--from", "99"), ("--from", "12", "99")),
    "resume from no number": (("resume", "small", "--from", "x"), ("--from", "'x'")),
    "resume to the past": (("resume", "small", "--generations", "5"), ("--generations", "5")),
    "resume on no device": (("resume", "small", "--device", "gpu"), ("--device", "'gpu'")),
    "fork on a device of no engine": (
        ("fork", "small", "--at", "3", "--device", "cuda"), ("--device cuda", "CPU"),
    ),
    "fork beyond": (("fork", "small", "--at", "12"), ("--at", "11", "12")),
    "fork nowhere": (("fork", "small"), ("--at",)),
    "fork to a fixed key": (("fork", "small", "--at", "3", "--set", "source.sd=2"), ("source.sd",)),
    "fork into a full folder": (
        ("fork", "small", "--at", "3", "--out", "{tmp}/full"), ("full", "not empty"),
    ),
    "fork that needs points": (
        ("fork", "small", "--at", "3", "--set", "policy.name=subsample"), ("points",),
    ),
    "delete one of two": (("runs", "delete", "small", "smell"), ("smell",)),
    "age": (("runs", "prune", "--older", "soon"), ("--older", "30d", "'soon'")),
    "export format": (("export", "small", "{tmp}/run.xls"), (".xls", ".csv")),
    "export onto a file": (("export", "small", "{tmp}/old.csv"), ("old.csv", "--force")),
    "export into nothing": (("export", "small", "{tmp}/none/x.csv"), ("none",)),
    "check no TOML": (("presets", "check", "{tmp}/bad.toml"), ("bad.toml", "TOML")),
    "check what cannot run": (("presets", "check", "{tmp}/kind.toml"), ("discrete", "numbers")),
    "check nothing": (("presets", "check", "{tmp}/none.toml"), ("none.toml",)),
    "show no preset": (("presets", "show", "borij"), ("borij", "'borji'")),
    "copy onto a file": (("presets", "copy", "borji", "{tmp}/bad.toml"), ("exists",)),
    "copy below a file": (("presets", "copy", "borji", "{tmp}/nan.csv/x.toml"), ("nan.csv",)),
    "copy to no preset": (("presets", "copy", "borji", "{tmp}/x.txt"), ("x.txt", ".toml")),
}  # fmt: skip


@pytest.fixture
def prepared(tmp_path: Path, small: Path) -> Path:
    (tmp_path / "bad.toml").write_text("format = = 1\n")
    (tmp_path / "kind.toml").write_text(
        'generations = 2\n[source]\nname = "normal"\n[engine]\nname = "discrete"\n'
        "[schedule]\nname = 'constant'\nsize = 10\n"
    )
    (tmp_path / "nan.csv").write_text("x\n1.0\ninf\n2.0\n")
    (tmp_path / "old.csv").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    assert small.is_dir()
    return tmp_path


def everything(folder: Path) -> dict[str, bytes]:
    """Return all files; who holds a lock is no content."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path): path.read_bytes() for path in files}


def refused(ended: Any, *words: str, code: int = 2) -> None:
    """Check that `ended` is one good sentence."""
    assert ended.code == code, ended.err
    assert ended.out == ""
    assert ended.err.startswith("error: ")
    assert ended.err.count("\n") == 1, ended.err
    assert "Traceback" not in ended.err
    assert "internal error" not in ended.err
    for word in words:
        assert word in ended.err


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(name: str, cli: Callable[..., Any], prepared: Path) -> None:
    arguments, words = MISTAKES[name]
    before = everything(prepared)
    ended = cli(*(argument.replace("{tmp}", str(prepared)) for argument in arguments))
    refused(ended, *words)
    assert everything(prepared) == before


def test_a_run_in_use_is_left_alone(cli: Callable[..., Any], small: Path) -> None:
    before = everything(small)
    with RunFolder.open(small):
        for arguments in (
            ("resume", "small", "--generations", 20), ("runs", "delete", "small"),
            ("batch", "--preset", "shumailov", "--force", "--out", small),
        ):  # fmt: skip
            refused(cli(*arguments), "in use by process")
    assert everything(small) == before


@pytest.mark.parametrize("damage", ["truncated", "edited", "emptied"])
def test_a_damaged_checkpoint(cli: Callable[..., Any], small: Path, damage: str) -> None:
    newest = max((small / "state").glob("*.npz"), key=lambda path: path.name)
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 0xFF
    new = {"truncated": content[: len(content) // 2], "edited": content, "emptied": b""}[damage]
    newest.write_bytes(bytes(new))
    records = (small / "metrics.jsonl").read_bytes()
    ended = cli("resume", "small", "--generations", 20)
    refused(ended, newest.name, "collapse-tui resume", "--from")
    assert (small / "metrics.jsonl").read_bytes() == records


@pytest.mark.parametrize(
    ("checksums", "words"),
    [(True, "was changed in records 1 to 12"), (False, "checksums.jsonl is missing")],
)
def test_edited_records_are_refused(
    cli: Callable[..., Any], small: Path, checksums: bool, words: str
) -> None:
    shutil.rmtree(small / "state")
    (small / "state").mkdir()
    path = small / "metrics.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    lines[5] = lines[5].replace("0.", "0.9", 1)
    path.write_text("".join(lines))
    if not checksums:
        (small / "checksums.jsonl").unlink()
    ended = cli("resume", "small", "--generations", 20)
    refused(ended, words)


@pytest.mark.parametrize(
    ("file", "old", "new", "word"),
    [
        ("provenance.json", '"format": 1', '"format": 99', "storage.format"),
        ("provenance.json", "", "{}", "provenance.json"),
        ("provenance.json", "", "not JSON", "provenance.json"),
        ("experiment.toml", "format = 1", "format = 7", "was changed since"),
        ("experiment.toml", "", "= =", "experiment.toml"),
    ],
)
@pytest.mark.parametrize(
    "command", [("resume", "small", "--generations", "20"), ("fork", "small", "--at", "3")]
)
def test_a_run_that_is_not_as_it_was(
    cli: Callable[..., Any], small: Path, file: str, old: str, new: str, word: str,
    command: tuple[str, ...],
) -> None:  # fmt: skip
    path = small / file
    path.write_text(path.read_text().replace(old, new) if old else new)
    before = everything(small.parent)
    refused(cli(*command), word)
    assert everything(small.parent) == before


def test_data_that_changed_since(cli: Callable[..., Any], tmp_path: Path, runs: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("x\n1.0\n2.0\n4.0\n")
    preset = ("batch", "--preset", "shumailov", "--generations", 3, "--set", "source.name=file")
    metrics = ("--set", 'metrics.names=["mean","variance"]', "--set", "schedule.size=50")
    ended = cli(*preset, *metrics, "--set", f"source.path={data}", "--out", runs / "mine")
    assert ended.code == 0, ended.err
    data.write_text("x\n1.0\n2.0\n5.0\n")
    refused(cli("resume", "mine", "--generations", 5), "data.csv")


def test_an_internal_error_is_one_sentence_with_a_log(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("never")

    monkeypatch.setattr("collapse_tui.execution.runner.run", broken)
    ended = cli("batch", "--preset", "shumailov")
    assert ended.code == 1
    assert ended.err.count("\n") == 1
    assert "internal error of collapse-tui" in ended.err
    path = Path(ended.err.strip().rpartition(" ")[2])
    assert "Traceback" in path.read_text()
    assert "ZeroDivisionError: never" in path.read_text()


def test_a_failing_generation(
    cli: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, runs: Path
) -> None:
    from engines.errors import GenerationError
    from engines.families.gaussian import Gaussian

    fit = Gaussian.fit

    def failing(self: Gaussian, data: Any, context: Any) -> Any:
        if context.streams.generation == 6:
            raise GenerationError("the scatter is not finite")
        return fit(self, data, context)

    monkeypatch.setattr(Gaussian, "fit", failing)
    ended = cli("batch", "--preset", "shumailov", "--quiet", "--out", runs / "failed")
    refused(ended, "the scatter is not finite", str(runs / "failed"), code=1)
    facts = json.loads(cli("runs", "--json").out)
    assert (facts["state"], facts["generation"]) == ("failed", 5)
