"""Networks as arrays: modules are built of them once a device."""

from typing import Any

import numpy as np
import pytest

from engines.neural import devices
from engines.neural.weights import Weights


def test_a_module_is_built_once_a_device_and_replicate() -> None:
    weights = Weights(1, tuple({"a": np.full(2, float(replicate))} for replicate in range(2)))
    built: list[float] = []

    def build(tensors: Any) -> list[float]:
        built.append(float(tensors["a"][0]))
        return [built[-1]]

    first = weights.module(0, "cpu", build)
    assert weights.module(0, "cpu", build) is first
    assert weights.module(1, "cpu", build) == [1.0]
    assert weights.module(0, "cuda:0", build) is not first
    assert built == [0.0, 1.0, 0.0]


def test_replicates_take_the_cards_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "accelerators", lambda: ("cuda", "cuda:0", "cuda:1", "mps"))
    assert [devices.replicate_device("cuda", replicate) for replicate in range(3)] == [
        "cuda:0",
        "cuda:1",
        "cuda:0",
    ]
    assert devices.replicate_device("cuda:1", 2) == "cuda:1"
    assert devices.replicate_device("cpu", 5) == "cpu"
