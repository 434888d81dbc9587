"""What the system refuses has one wording, whoever meets it."""

import errno
import os
from pathlib import Path

import pytest

from collapse_tui.cli.errors import CommandError
from collapse_tui.cli.machine_faults import PLACE, find_machine_fault
from collapse_tui.cli.output import write_file
from collapse_tui.os_errors import explain_os_error
from collapse_tui.storage.errors import StorageFailedError
from collapse_tui.storage.files import translate_os_errors


@pytest.mark.parametrize("number", sorted(PLACE))
def test_storage_and_commands_say_the_same(
    number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    error = OSError(number, os.strerror(number), "/some/where")
    said = explain_os_error(error)
    assert ";" in said
    fault = find_machine_fault(error)
    assert fault is not None
    assert fault.sentence == f"cannot use /some/where: {said}"

    def refuse(*_: object) -> None:
        raise error

    with (
        pytest.raises(StorageFailedError, match="cannot write /some/where: ") as caught,
        translate_os_errors(tmp_path),
    ):
        refuse()
    assert str(caught.value).endswith(said)
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(CommandError) as told:
        write_file(tmp_path / "x", b"", replace=True)
    assert str(told.value).endswith(said)


def test_an_unknown_error_is_the_systems_word() -> None:
    assert explain_os_error(OSError(errno.EXDEV, "far away")) == "far away"
    assert explain_os_error(OSError("no number")) == "no number"
