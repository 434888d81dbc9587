"""Reading claims: what is refused, and how it is said."""

import re
from typing import Any

import pytest

import presets
from collapse_tui import load
from collapse_tui.experiment import document
from collapse_tui.experiment.claim import read_claims
from collapse_tui.reproduction.plan import resolve_claims
from engines.errors import InvalidExperimentError
from engines.external.hub import MissingDownloadError

GOOD: dict[str, Any] = {
    "text": "t",
    "metric": "variance",
    "generation": 3,
    "expected": 1.0,
    "tolerance": 0.1,
}


def test_a_good_one() -> None:
    (claim,) = read_claims([{**GOOD, "set": {"schedule": {"size": 3}, "policy.fresh": 0.1}}])
    assert claim.set == {"schedule.size": 3, "policy.fresh": 0.1}
    assert claim.statistic == "mean"
    assert claim.cost == "quick"
    assert read_claims([{**GOOD, "expected": [1, 2], "generation": 3.0}])[0].expected == (1.0, 2.0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"metrc": "w1"}, ("claim 1", "metrc", "'metric'")),
        ({"metric": "varianc"}, ("varianc", "'variance'")),
        ({"statistic": "average"}, ("statistic", "'average'")),
        (
            {"expected": "gaussian.replace.variance.meen"},
            ("law", "'gaussian.replace.variance.mean'"),
        ),
        ({"expected": "gaussian.replace.log_sigma.mean"}, ("is about log_sigma",)),
        ({"expected": "gaussian.replace.variance.median"}, ("is of the median",)),
        ({"expected": "gaussian.suresh.log_sigma.mean", "metric": "log_sigma"}, ("bound",)),
        ({"expected": [2.0, 1.0]}, ("[low, high]",)),
        ({"tolerance": None}, ("tolerance, relative, standard_errors or runs",)),
        ({"tolerance": -1.0}, ("tolerance",)),
        ({"erratum": "E1"}, ("corrected",)),
        ({"corrected": 2.0}, ("erratum",)),
        ({"threshold": 1.0}, ("takes no threshold",)),
        ({"statistic": "share above"}, ("needs a threshold",)),
        ({"generation": -1}, ("generation",)),
        ({"since": 3}, ("since must be before generation 3", "got 3")),
        ({"since": 1, "expected": "gaussian.replace.variance.mean"}, ("since takes numbers",)),
        ({"since": 1, "statistic": "time below", "threshold": 1.0}, ("takes no since",)),
        ({"since": 1, "statistic": "ever below", "threshold": 1.0}, ("takes no since",)),
        ({"statistic": "correlation"}, ("correlation", "needs a since")),
        ({"statistic": "correlation", "since": 1, "runs": 9}, ("takes no runs",)),
        ({"cost": "dear"}, ("cost", "'dear'")),
        ({"origin": "print"}, ("origin", "'law'")),
        ({"origin": "law", "erratum": "E1", "corrected": 2.0}, ("only a paper", "'law'")),
        ({"set": {"generations": 5}}, ("as long as its claims need",)),
        ({"set": {"metrics.names": ["kl"]}}, ("measures",)),
    ],
)
def test_what_is_refused(changes: dict[str, Any], words: tuple[str, ...]) -> None:
    entry = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(InvalidExperimentError) as refused:
        read_claims([entry])
    assert all(word in str(refused.value) for word in words), refused.value


@pytest.mark.parametrize("entries", [3, [3], {"text": "t"}])
def test_no_list_of_tables(entries: Any) -> None:
    with pytest.raises(InvalidExperimentError, match="table"):
        read_claims(entries)


def test_they_are_validated_when_the_preset_is_loaded(preset: Any) -> None:
    path = preset("right", "[[claims]]\ntext = 't'\nmetrik = 'w1'\n")
    with pytest.raises(InvalidExperimentError, match="claim 2: unknown key 'metrik'"):
        load(str(path))


@pytest.mark.parametrize("name", presets.names())
def test_no_band_of_ours_passes_for_what_a_paper_prints(name: str) -> None:
    """Nor does a number that a paper prints for other data."""
    ours = r"this network with seeds|for these digits|in words|no number|to match|ends as narrow"
    for claim in read_claims(document.read(name)[1].get("claims", [])):
        if re.search(ours, claim.source) and isinstance(claim.expected, tuple):
            assert claim.origin == "band"


@pytest.mark.parametrize("name", presets.names())
def test_no_law_passes_for_what_a_paper_prints(name: str) -> None:
    """What a source that is our own says is what its claim says."""
    try:
        claims = load(name).claims
    except MissingDownloadError:
        pytest.skip("its data are not on this machine")
    for claim in claims:
        own = re.match(r"(exact|theory)\b", claim.source) or "; exact, theory" in claim.source
        if own:
            assert claim.origin == ("simulation" if "simulated" in claim.source else "law")
        if "our run" in claim.source:
            assert claim.origin == "listing"
        assert claim.source


LAW = "expected = 'gaussian.replace.variance.mean'\ntolerance = 1.0"


@pytest.mark.parametrize(
    ("claim", "words"),
    [
        ("set = { 'engine.estimators' = 'x' }\nexpected = 1.0\ntolerance = 1.0", "estimators"),
        (f"set = {{ 'policy.name' = 'accumulate' }}\n{LAW}", "does not hold here"),
        ("expected = 1.0\nruns = 500", "200000 replicates; there are 4000"),
        ("expected = 1.0\nruns = 500\nstandard_errors = 3", "10000 replicates; there are 4000"),
        ("expected = 1.0\nset = { replicates = 1 }\nstandard_errors = 3", "at least 2"),
    ],
)
def test_what_cannot_be_decided_is_refused_before_anything_runs(
    preset: Any, claim: str, words: str
) -> None:
    path = preset(f"[[claims]]\ntext = 't'\nmetric = 'variance'\ngeneration = 3\n{claim}\n")
    with pytest.raises(InvalidExperimentError, match="small, claim 1") as refused:
        resolve_claims(str(path))
    assert words in str(refused.value)
