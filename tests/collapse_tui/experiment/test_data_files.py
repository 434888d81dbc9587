"""Files of data are named with their sizes; many are counted."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from collapse_tui.experiment.data_files import describe_files


def test_files_and_their_sizes(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.csv" for number in range(5)]
    for file in files[:4]:
        file.write_bytes(b"1\n" * 50)
    shown = ", ".join(f"{file} (100 bytes)" for file in files[:3])

    def described(files: list[Path], content: str = "") -> str:
        source: Any = SimpleNamespace(files=files, content=content)
        return describe_files(source)

    assert not described([])
    assert described(files) == f"reads {shown} and 2 more files"
    assert described(files[4:]) == f"reads {files[4]}"  # it is gone meanwhile
    assert described(files[4:], "5 rows") == f"reads {files[4]}: 5 rows"
