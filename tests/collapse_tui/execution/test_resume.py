"""A run that was stopped, or lost its state, goes on to the same bytes."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collapse_tui.control import Control
from collapse_tui.events import Checkpointed, Failed, Finished, Generation
from collapse_tui.execution.runner import fork, resume, run
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.storage.errors import DamagedCheckpointError, DamagedRunError
from collapse_tui.storage.folder import RunFolder
from collapse_tui.storage.saved import SavedRun
from engines.errors import GenerationError, InvalidExperimentError
from engines.recursion import Recursion

Build = Callable[..., Experiment]
Records = Callable[[Path], bytes]

ENGINES = ("gaussian", "gaussian-points", "gaussian-nd", "kde", "discrete")
POLICIES: dict[str, dict[str, Any]] = {
    "replace": {"name": "replace"},
    "mix": {"name": "mix", "previous": 0.3, "fresh": 0.1},
    "keep": {"name": "mix", "keep": 0.4},
    "accumulate": {"name": "accumulate"},
    "subsample": {"name": "subsample"},
    "resample": {"name": "subsample", "replacement": True},
}


def stopped(built: Experiment, folder: Path, after: int) -> None:
    """Run until record `after`, and stop in order."""
    control = Control()
    for event in run(built, folder=folder, control=control):
        if isinstance(event, Generation) and event.generation == after:
            control.stop()
    assert isinstance(event, Finished)
    assert event.reason == "stopped"


def forget_state(folder: Path) -> None:
    """Remove every checkpoint, as a user may to save space."""
    for path in (folder / "state").iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def forget_checksums(folder: Path) -> None:
    """Make a run one of version 0.1.0, which knew none."""
    (folder / "checksums.jsonl").unlink()
    path = folder / "provenance.json"
    document = json.loads(path.read_text())
    del document["run"]
    path.write_text(json.dumps(document))


@pytest.mark.parametrize("damaged", ["0.npz", "0.json"])
def test_a_damaged_first_checkpoint_is_healed_by_its_advice(
    experiment: Build, tmp_path: Path, records: Records, complete: Any, damaged: str
) -> None:
    complete(run(experiment(), folder=tmp_path / "whole"))
    stopped(experiment(), tmp_path / "run", 6)
    state = tmp_path / "run" / "state"
    for path in state.glob("[1-9]*"):
        path.unlink()
    (state / damaged).write_bytes(b"{}")
    with pytest.raises(DamagedCheckpointError, match="a replay from generation 0") as caught:
        list(resume(tmp_path / "run"))
    last = int(str(caught.value).rsplit("--from ", 1)[1].rstrip("`"))
    assert last == 6
    complete(resume(tmp_path / "run", from_generation=last))
    assert records(tmp_path / "run") == records(tmp_path / "whole")


def test_a_kill_before_the_final_status(experiment: Build, tmp_path: Path, complete: Any) -> None:
    complete(run(experiment(), folder=tmp_path / "run"))
    status = tmp_path / "run" / "status.json"
    status.write_text(status.read_text().replace("finished", "running"))
    assert SavedRun.open(tmp_path / "run").state == "killed"
    complete(resume(tmp_path / "run"))
    assert SavedRun.open(tmp_path / "run").state == "finished"


def test_a_fork_wants_the_data_of_its_parent(
    experiment: Build, tmp_path: Path, complete: Any
) -> None:
    data = tmp_path / "data.csv"
    data.write_text("\n".join(str(number / 7) for number in range(40)))
    source = {"name": "file", "path": str(data)}
    complete(run(experiment(source=source), folder=tmp_path / "run"))
    data.write_text("\n".join(str(number / 9) for number in range(40)))
    for begin in (
        lambda: resume(tmp_path / "run", generations=12),
        lambda: fork(tmp_path / "run", at=2, settings={}, out=tmp_path / "fork"),
    ):
        with pytest.raises(InvalidExperimentError, match=r"data\.csv has changed since"):
            begin()


@pytest.mark.parametrize("moved", ["deleted", "replaced"])
def test_a_folder_that_goes_while_it_is_written(
    experiment: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: str
) -> None:
    monkeypatch.setattr("collapse_tui.storage.files.SYNC_INTERVAL", 0.0)
    path, events = tmp_path / "run", list[Any]()
    for event in run(experiment(), folder=path):
        events.append(event)
        if isinstance(event, Generation) and event.generation == 3:
            shutil.move(path, tmp_path / "elsewhere")
            if moved == "replaced":
                shutil.copytree(tmp_path / "elsewhere", path)
    assert isinstance(events[-1], Failed)
    assert "meanwhile" in events[-1].reason
    assert events[-1].folder is None
    assert moved == "replaced" or not path.exists()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("policy", POLICIES)
def test_a_stopped_run_goes_on_to_the_same_bytes(
    experiment: Build, tmp_path: Path, records: Records, complete: Any, engine: str, policy: str
) -> None:
    built = experiment(engine, POLICIES[policy])
    complete(run(built, folder=tmp_path / "whole"))
    stopped(built, tmp_path / "parts", 4)
    assert records(tmp_path / "parts") != records(tmp_path / "whole")
    complete(resume(tmp_path / "parts"))
    assert records(tmp_path / "parts") == records(tmp_path / "whole")


@pytest.mark.parametrize("engine", ["gaussian-nd", "kde"])
@pytest.mark.parametrize("policy", ["mix", "accumulate", "subsample"])
def test_without_any_checkpoint_all_is_replayed(
    experiment: Build, tmp_path: Path, records: Records, complete: Any, engine: str, policy: str
) -> None:
    built = experiment(engine, POLICIES[policy])
    complete(run(built, folder=tmp_path / "whole"))
    stopped(built, tmp_path / "parts", 6)
    forget_state(tmp_path / "parts")
    complete(resume(tmp_path / "parts"))
    assert records(tmp_path / "parts") == records(tmp_path / "whole")


@pytest.mark.parametrize("struck", ["save_checkpoint", "set_status"])
def test_a_second_signal_while_the_state_is_stored(
    experiment: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, struck: str
) -> None:
    original, control, seen = getattr(RunFolder, struck), Control(), list[str]()

    def interrupt_once(self: RunFolder, *given: Any) -> None:
        if control.answered and not seen:
            seen.append(struck)
            raise KeyboardInterrupt
        original(self, *given)

    monkeypatch.setattr(RunFolder, struck, interrupt_once)
    events = run(experiment(), folder=tmp_path / "run", control=control)
    next(event for event in events if isinstance(event, Generation) and event.generation == 4)
    control.stop("stopped by SIGINT")
    with pytest.raises(KeyboardInterrupt):
        list(events)
    assert seen
    status = SavedRun.open(tmp_path / "run").status
    assert (status["state"], status["reason"]) == ("interrupted", "stopped by SIGINT")


def test_abandoned_events_save_their_state(
    experiment: Build, tmp_path: Path, records: Records, complete: Any
) -> None:
    built = experiment("gaussian", POLICIES["accumulate"])
    complete(run(built, folder=tmp_path / "whole"))
    events = run(built, folder=tmp_path / "parts")
    for event in events:
        if isinstance(event, Generation) and event.generation == 5:
            break
    events.close()  # type: ignore[attr-defined]
    folder = RunFolder.open(tmp_path / "parts")
    assert folder.checkpoints.generations()[-1] == 5
    folder.close()
    complete(resume(tmp_path / "parts"))
    assert records(tmp_path / "parts") == records(tmp_path / "whole")


@pytest.mark.parametrize("policy", POLICIES)
def test_more_generations_are_those_of_a_longer_run(
    experiment: Build, tmp_path: Path, records: Records, complete: Any, policy: str
) -> None:
    complete(run(experiment("gaussian", POLICIES[policy]), folder=tmp_path / "short"))
    longer = experiment("gaussian", POLICIES[policy], generations=14)
    complete(run(longer, folder=tmp_path / "long"))
    complete(resume(tmp_path / "short", generations=14))
    assert records(tmp_path / "short") == records(tmp_path / "long")


def test_a_discarded_tail_is_made_again(
    experiment: Build, tmp_path: Path, records: Records, complete: Any
) -> None:
    complete(run(experiment(), folder=tmp_path / "run"))
    before = records(tmp_path / "run")
    complete(resume(tmp_path / "run", from_generation=3))
    assert records(tmp_path / "run") == before


def test_a_finished_run_only_says_so(experiment: Build, tmp_path: Path, complete: Any) -> None:
    complete(run(experiment(), folder=tmp_path / "run"))
    events = complete(resume(tmp_path / "run"))
    assert not any(isinstance(event, Generation) for event in events)
    with pytest.raises(InvalidExperimentError, match="already has generation 10"):
        resume(tmp_path / "run", generations=7)


def test_an_edited_experiment_is_found_out(experiment: Build, tmp_path: Path) -> None:
    """By its checksum; in a run without one, replay gives other numbers than those recorded."""
    stopped(experiment(), tmp_path / "run", 6)
    text = (tmp_path / "run" / "experiment.toml").read_text()
    (tmp_path / "run" / "experiment.toml").write_text(text.replace("size = 20", "size = 30"))
    with pytest.raises(DamagedRunError, match=r"experiment\.toml was changed since"):
        resume(tmp_path / "run")
    with pytest.raises(DamagedRunError, match=r"experiment\.toml was changed since"):
        fork(tmp_path / "run", at=2, settings={}, out=tmp_path / "fork")
    forget_checksums(tmp_path / "run")
    forget_state(tmp_path / "run")
    events = list(resume(tmp_path / "run"))
    assert isinstance(events[-1], Failed)
    assert "differs from its record" in events[-1].reason
    assert events[-1].generation == 1


def test_two_hundred_replicates_resume_too(
    experiment: Build, tmp_path: Path, records: Records, complete: Any
) -> None:
    """Above 100 the values lie in metrics/*.f64."""
    built = experiment("gaussian", POLICIES["mix"], replicates=120)
    complete(run(built, folder=tmp_path / "whole"))
    stopped(built, tmp_path / "parts", 4)
    complete(resume(tmp_path / "parts"))
    assert (tmp_path / "whole" / "metrics").is_dir()
    assert records(tmp_path / "parts") == records(tmp_path / "whole")


def test_a_generation_that_fails_is_named_and_the_rest_kept(
    experiment: Build, tmp_path: Path, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the step, or when its result is measured: the number is the same."""
    from collapse_tui.execution.recorder import Recorder

    step = Recursion.step
    measure = Recorder.measure

    def failing_step(self: Any, state: Any, begun: Any) -> Any:
        if state.generation == 3:
            raise GenerationError("no")
        return (yield from step(self, state, begun))

    def failing_measure(self: Any, outcomes: Any) -> Any:
        if any(outcome.generation == 4 for outcome in outcomes):
            raise FloatingPointError("not a number")
        return measure(self, outcomes)

    for name, owner, attribute, replacement in (
        ("step", Recursion, "step", failing_step),
        ("measure", Recorder, "measure", failing_measure),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(owner, attribute, replacement)
            last = list(run(experiment(), folder=tmp_path / name))[-1]
            in_memory = list(run(experiment()))[-1]
        for event in (last, in_memory):
            assert isinstance(event, Failed)
            assert event.generation == 4, name
        assert len(records(tmp_path / name).splitlines()) == 4
        assert isinstance(list(resume(tmp_path / name))[-1], Finished)


def test_a_stop_inside_a_long_step_is_heeded(
    experiment: Build, tmp_path: Path, records: Records, complete: Any, monkeypatch: Any
) -> None:
    """Also while a resumed run replays: the records stay, and the next resume goes on."""
    from engines.runtime.step import Step

    step = Recursion.step

    def slow(self: Any, state: Any, begun: Any) -> Any:
        yield Step(0.5, "fitting")
        return (yield from step(self, state, begun))

    complete(run(experiment(), folder=tmp_path / "whole"))
    monkeypatch.setattr(Recursion, "step", slow)
    stopped(experiment(), tmp_path / "parts", 6)
    forget_state(tmp_path / "parts")
    control = Control()
    control.stop()
    last = list(resume(tmp_path / "parts", control=control))[-1]
    assert isinstance(last, Finished)
    assert last.reason == "stopped"
    complete(resume(tmp_path / "parts"))
    assert records(tmp_path / "parts") == records(tmp_path / "whole")


def test_state_is_saved_as_it_goes(
    experiment: Build, tmp_path: Path, complete: Any, eager: None
) -> None:
    del eager
    events = complete(run(experiment(), folder=tmp_path / "run"))
    saved = [event.generation for event in events if isinstance(event, Checkpointed)]
    assert saved == list(range(11))


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def computed_differently(folder: Path) -> None:
    """Make record 1 of a run one of another version, with checksums to it and no state after 0."""
    path = folder / "metrics.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    lines[1] = lines[1].replace('"variance":[', '"variance":[1', 1)
    path.write_text("".join(lines))
    table = folder / "checksums.jsonl"
    kept = table.read_bytes().splitlines(keepends=True)
    table.write_bytes(b"".join(line for line in kept if b'"last"' not in line))
    for state in (folder / "state").glob("[1-9]*"):
        state.unlink()


@pytest.mark.parametrize("options", [{"generations": 12}, {"from_generation": 5}, {}])
@pytest.mark.parametrize("damage", ["checkpoint", "record"])
def test_a_refused_resume_leaves_the_folder_as_it_was(
    experiment: Build, tmp_path: Path, damage: str, options: dict[str, int]
) -> None:
    folder = tmp_path / "run"
    stopped(experiment(), folder, 8)
    if damage == "checkpoint":
        for path in (folder / "state").glob("*.npz"):
            path.unlink()
        if "from_generation" in options:
            return  # then a replay serves
    else:
        computed_differently(folder)
        RunFolder.open(folder).close()
    before = files_of(folder)
    try:
        assert isinstance(list(resume(folder, **options))[-1], Failed)
    except (DamagedCheckpointError, GenerationError):
        assert damage == "checkpoint" or "from_generation" in options
    after = files_of(folder)
    for one in (before, after):
        one.pop(str(folder / "lock"))
    assert after == before


def test_a_fork_that_cannot_be_replayed_leaves_no_folder(experiment: Build, tmp_path: Path) -> None:
    folder, out = tmp_path / "run", tmp_path / "fork"
    stopped(experiment(), folder, 8)
    computed_differently(folder)
    RunFolder.open(folder).close()
    (last,) = [event for event in fork(folder, at=7, settings={}, out=out) if
               isinstance(event, Failed)]  # fmt: skip
    assert f"differs from its record in {folder}:" in last.reason
    assert last.folder is None
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_an_experiment_of_other_replicates_is_refused_though_no_checksum_tells(
    experiment: Build, tmp_path: Path
) -> None:
    run_of_three = tmp_path / "run"
    list(run(experiment("gaussian", replicates=3), folder=run_of_three))
    forget_checksums(run_of_three)
    path = run_of_three / "experiment.toml"
    path.write_text(path.read_text().replace("replicates = 3", "replicates = 1"))
    said = r"they have 3 replicates and .* it has 1 and"
    with pytest.raises(DamagedRunError, match=said):
        list(fork(run_of_three, at=2, settings={}, out=tmp_path / "fork"))
    (run_of_three / "checksums.jsonl").write_text("garbled\n")
    with pytest.raises(DamagedRunError, match=said):
        list(resume(run_of_three, from_generation=2))
