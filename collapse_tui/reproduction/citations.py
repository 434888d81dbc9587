"""References of an experiment as BibTeX: its paper, engine, policies, laws and claims."""

import re
import sys
from collections.abc import Iterable

from collapse_tui.execution.overlays import case_of
from collapse_tui.experiment.experiment import Experiment
from engines.policies.base import Needs
from engines.theory.references import OWN, Reference, references
from engines.theory.registry import overlays

LINK = re.compile(r"arXiv:\d{4}\.\d{4,5}|doi:10\.\d{4,9}/[^\s,;]+")
BRACES = str.maketrans({"{": "", "}": "", "\\": "", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_"})


def collect_references(experiment: Experiment) -> tuple[Reference, ...]:
    """Return the references of an experiment, each once, sorted by key.

    A source counts if the preset, one of its claims, or the References block of the engine's
    or a policy's module has its arXiv number or DOI, or if a law from it holds. The program
    itself is always among them.

    Parameters
    ----------
    experiment : Experiment
    """
    named = " ".join((experiment.paper, experiment.figure, *_module_docstrings(experiment)))
    named += " ".join(claim.source for claim in experiment.claims)
    links = set(LINK.findall(named))
    known = {reference.link: reference for reference in references().values()}
    used = {known[link].key for link in links if link in known}
    used |= _keys_of_laws(experiment) | {OWN}
    found = [references()[key] for key in used]
    unknown = sorted(LINK.findall(experiment.paper))
    found += [_own_paper(experiment, link) for link in unknown if link not in known]
    if experiment.paper and not unknown:
        found.append(_own_paper(experiment, ""))
    return tuple(sorted(found, key=lambda reference: reference.key))


def _module_docstrings(experiment: Experiment) -> Iterable[str]:
    steps = [experiment.setup(0)]
    steps += [experiment.setup(item.at) for item in experiment.interventions]
    for setup in steps:
        replaces = setup.policy.shares == (1.0, 0.0, 0.0) and setup.policy.needs == Needs()
        for part in (setup.engine,) if replaces else (setup.engine, setup.policy):
            yield sys.modules[type(part).__module__].__doc__ or ""


def _keys_of_laws(experiment: Experiment) -> set[str]:
    case, metrics = case_of(experiment), experiment.metric_names
    return {
        overlay.reference.key
        for overlay in overlays()
        if overlay.metric in metrics and overlay.condition(case) is None
    }


def _own_paper(experiment: Experiment, link: str) -> Reference:
    """Return a reference for the paper of a preset that is not in the table of references."""
    year = re.search(r"(?:19|20)\d\d", experiment.paper)
    author = re.match(r"[^\W\d_]+", experiment.paper)
    key = (author[0].lower() if author else "paper") + (year[0] if year else "")
    names = experiment.paper.partition(",")[0]
    if year:
        names = names.partition(year[0])[0].strip() or names
    return Reference(key, names, experiment.title, int(year[0]) if year else 0, link)


def format_bibtex(reference: Reference) -> str:
    """Return one BibTeX entry.

    Parameters
    ----------
    reference : Reference

    Returns
    -------
    str
        Without a newline at its end.
    """
    fields = {
        "author": _authors(reference.authors),
        "title": "{" + _escape(reference.title) + "}",
        "year": str(reference.year) if reference.year else "",
        **_link_fields(reference),
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join((f"@misc{{{reference.key},", *lines, "}"))


def _link_fields(reference: Reference) -> dict[str, str]:
    number = reference.link.partition(":")[2]
    if reference.link.startswith("doi:"):
        return {"doi": number}
    if reference.link.startswith("arXiv:"):
        return {"eprint": number, "archiveprefix": "arXiv"}
    return {"howpublished": _escape(reference.link)}


def _authors(authors: str) -> str:
    """Return "A; B; et al." in the form of BibTeX; names without a comma are kept whole."""
    names = [name.strip() for name in authors.split(";")]
    words = ["others" if name in {"et al.", "et al"} else _escape(name) for name in names]
    return " and ".join(
        name if "," in name or name == "others" else f"{{{name}}}" for name in words
    )


def _escape(text: str) -> str:
    return text.translate(BRACES)
