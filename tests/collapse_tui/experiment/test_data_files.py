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

    def described(files: list[Path], content: str = "", drawn: int = 5) -> str:
        source = SimpleNamespace(files=files, content=content, natural_size=5)
        experiment: Any = SimpleNamespace(source=source, real_size=drawn)
        return describe_files(experiment)

    assert not described([])
    assert described(files) == f"reads {shown} and 2 more files"
    assert described(files[4:]) == f"reads {files[4]}"  # it is gone meanwhile
    assert described(files[4:], "5 rows") == f"reads {files[4]}: 5 rows"
    assert described(files[4:], "5 rows", 8).endswith(
        "; generation 0 draws 8 of 5 with replacement"
    )
    assert described(files[4:], "", 2).endswith("; generation 0 draws 2 of 5 without replacement")
