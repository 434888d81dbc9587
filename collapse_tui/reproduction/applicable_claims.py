"""Which claims speak of a run: those whose experiment it is, as long as it is that one."""

import math
from collections.abc import Callable
from contextlib import suppress

import presets
from collapse_tui.experiment import document as text
from collapse_tui.experiment.claim import Claim
from collapse_tui.experiment.edit import with_device_settings
from collapse_tui.experiment.experiment import Experiment
from collapse_tui.experiment.loader import load, resolve
from collapse_tui.reproduction.plan import result_key
from engines.errors import CollapseError

FREE_KEYS = ("replicates", "seed", "generations", "metrics")
"""Keys in which a run may differ from the experiment of a claim and still have its statistic."""


def select_claims(experiment: Experiment, is_wanted: Callable[[Claim], bool]) -> tuple[Claim, ...]:
    """Return the claims that speak of an experiment, up to where it departs from theirs.

    A run with other settings than its preset may be one that the preset makes other claims of;
    one whose settings were changed on the way is the preset's until that generation.

    Parameters
    ----------
    experiment : Experiment
    is_wanted : callable
        Says which claims are asked for; the others are not compared.
    """
    claimant = experiment if experiment.claims else _find_claimant(experiment)
    if claimant is None:
        return ()
    return tuple(
        claim
        for claim in claimant.claims
        if is_wanted(claim) and claim.generation < _find_departure(experiment, claimant, claim)
    )


def has_settings(experiment: Experiment, claim: Claim) -> bool:
    """Return whether an experiment has the settings of one of its own claims to the end.

    `FREE_KEYS` may differ.
    """
    return math.isinf(_find_departure(experiment, experiment, claim))


def _find_claimant(experiment: Experiment) -> Experiment | None:
    """Return the preset that an experiment without claims was made of, None if there is none."""
    title = experiment.title
    for name in presets.names() if title else ():
        if text.read(name)[1].get("title") == title:
            with suppress(CollapseError):  # its data may not be here
                return load(name)
    return None


def _find_departure(experiment: Experiment, claimant: Experiment, claim: Claim) -> float:
    """Return the first generation of another law than that of a claim; infinite for none."""
    settings = {key: given for key, given in claim.set.items() if key not in FREE_KEYS}
    if claimant is experiment and not settings:
        return math.inf
    document: text.Document = {**claimant.document, "claims": [], "stop": []}
    try:
        wanted = resolve(claimant.name, text.with_settings(document, settings))
        wanted = with_device_settings(wanted, experiment.device)
    except CollapseError:  # its data may not be here
        return 0
    ignored = (*FREE_KEYS, "interventions")
    if result_key(wanted.document, ignored=ignored) != result_key(
        experiment.document, ignored=ignored
    ):
        return 0
    theirs, own = _list_changes(wanted), _list_changes(experiment)
    both = zip([*theirs, None], [*own, None], strict=False)
    different = next((pair for pair in both if pair[0] != pair[1]), ())
    return min((change[0] for change in different if change is not None), default=math.inf)


def _list_changes(experiment: Experiment) -> list[tuple[int, dict[str, object]]]:
    """Return the interventions that change a law, each with its generation."""
    return [
        (change.at, dict(change.settings))
        for change in experiment.interventions
        if set(change.settings) != {"seed"}
    ]
