"""A stored run of a hundred Gaussians, and what draws its figures."""

from pathlib import Path

import pytest

from collapse_tui.execution.runner import run
from collapse_tui.experiment.loader import load
from collapse_tui.storage.saved import SavedRun


@pytest.fixture(scope="session")
def gaussians(tmp_path_factory: pytest.TempPathFactory) -> SavedRun:
    """Give a finished run with laws, a claim of its paper and a change of settings."""
    metrics = {"metrics.names": ["variance", "w2_squared", "log_sigma"]}
    small = {"title": "Costs $5 and $6, \U0001f600 <script>"}
    experiment = load("shumailov", generations=60, replicates=20, **metrics, **small)
    folder = tmp_path_factory.mktemp("figures") / "gaussians"
    list(run(experiment, folder=folder, device="cpu"))
    return SavedRun.open(Path(folder))
