"""`export`: every format."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from collapse_tui.storage.saved import SavedRun

Cli = Callable[..., Any]


@pytest.mark.parametrize("suffix", [".csv", ".replicates.csv", ".json", ".npz", ".parquet"])
def test_export(cli: Cli, small: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"run{suffix}"
    ended = cli("export", "small", target)
    assert (ended.code, ended.out) == (0, "")
    assert f"wrote {target}" in ended.err
    assert cli("export", "small", target, "--force").code == 0
    values = SavedRun.open(small).values("mean")
    if suffix == ".csv":
        rows = list(csv.DictReader(target.read_text().splitlines()))
        assert [float(row["mean_mean"]) for row in rows] == pytest.approx(values.mean(axis=1))
    if suffix == ".npz":
        with np.load(target) as arrays:
            assert np.array_equal(arrays["mean"], values)
