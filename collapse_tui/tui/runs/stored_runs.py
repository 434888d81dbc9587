"""Stored runs as the screen opens them: to follow one of another process, to fork one."""

from dataclasses import replace
from pathlib import Path

from collapse_tui.control import Control
from collapse_tui.tui.runs.launcher import OpenRun, translate_errors


def attach_run(folder: Path) -> OpenRun:
    """Return a run that another process writes, followed read-only; it ends with that process.

    One that nobody writes is shown as it stands.

    Raises
    ------
    CannotStart
        If it cannot be read; the message says why in one sentence.
    """
    from collapse_tui.execution.attached_run import AttachedRun
    from collapse_tui.storage.saved import SavedRun

    control = Control()
    with translate_errors():
        attached = AttachedRun(SavedRun.open(folder), control)
    writer = attached.writer
    whose = f"{writer} writes this run" if writer else "nobody writes this run now"
    run = OpenRun(
        attached.experiment, control, folder, attached.events(), watched=f"read-only: {whose}",
        writer=writer,
    )  # fmt: skip
    run.about = replace(run.about, title=f"read-only · {writer or run.about.title}")
    return run


def read_parent(folder: Path) -> OpenRun:
    """Return a stored run from which another can be forked; it does not go on itself.

    Raises
    ------
    CannotStart
    """
    from collapse_tui.execution.stored_experiment import stored_experiment
    from collapse_tui.storage.catalogue import STAMP
    from collapse_tui.storage.saved import SavedRun

    with translate_errors():
        experiment = stored_experiment(SavedRun.open(folder))
    return OpenRun(experiment, Control(), folder, iter(()), STAMP.sub("", folder.name))
