"""A kind of data is complete: what measures and draws it exists, and all who name it know it."""

from pkgutil import resolve_name

import pytest

from engines import laws, registry
from engines.kinds import KINDS
from engines.laws.law import Law
from engines.metrics.registry import METRICS


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_has_a_view_a_diagnosis_metrics_and_an_engine(name: str) -> None:
    kind = KINDS[name]
    assert callable(kind.view)
    assert callable(kind.diagnose)
    assert any(name in metric.kinds for metric in METRICS.values())
    engines = [registry.find("engine", engine) for engine in registry.names("engine")]
    defaults = [engine.default_metrics for engine in engines if name in engine.kinds]
    assert defaults
    assert all(name in METRICS[m].kinds for table in defaults for m in table.get(name, ()))


def test_only_known_kinds_are_named() -> None:
    sources = {registry.find("source", source).kind for source in registry.names("source")}
    engines = {k for e in registry.names("engine") for k in registry.find("engine", e).kinds}
    metrics = {kind for metric in METRICS.values() for kind in metric.kinds}
    needs = {kind for metric in METRICS.values() for kind in metric.needs}
    assert sources | engines | metrics | needs <= set(KINDS)


@pytest.mark.parametrize("name", METRICS)
def test_the_functions_of_a_metric_exist(name: str) -> None:
    metric = METRICS[name]
    assert callable(resolve_name(metric.function))
    assert not metric.obstacle_function or callable(resolve_name(metric.obstacle_function))
    assert len(metric.label) <= 18


@pytest.mark.parametrize("name", laws.MODULES)
def test_laws_can_be_imported_from_their_package(name: str) -> None:
    found = getattr(laws, name)
    assert found.__name__ == name
    assert not name.endswith("Law") or issubclass(found, Law)
