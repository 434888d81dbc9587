"""The sections of the help: what each pane shows, that of the focused pane first."""

from collections.abc import Iterator, Sequence

from collapse_tui.experiment.knobs import Knob
from collapse_tui.presentation.diagnosis import STAGE_NAMES, Diagnosis
from collapse_tui.presentation.law_check import SURPRISE, check_law, explain_check
from collapse_tui.presentation.metric_words import explain_metric, metric_words
from collapse_tui.presentation.scene import Scene
from collapse_tui.tui.screens.dialogs import Section

THEORY = (
    "Of two closed forms the exact one is right; “as published”, “first order”, “limit” (of many"
    " samples M, or of many generations) and “approximation” hold only nearly, and a bound only"
    " says on which side of it the value lies."
)
ROWS = (
    "Each row is a metric: its value at the generation shown, what theory says of it (“lim” is a"
    " limit, “bnd” a bound, “pub” as published, ≈ an approximation), z, and its curve so far, from"
    " its least to its largest value. ↑↓ choose one, enter shows it above, ? says what it is."
)
Z = (
    "z is the difference between the mean of the runs and theory, in standard errors: green within"
    f" ± {SURPRISE:.0f}, where they agree, red beyond. Where it is –, there is no such test, which"
    " is no disagreement: no theory, a limit or a bound, an unknown scatter, one run alone, or a"
    " mean that a few rare runs make up (a heavy tail)."
)
SETTINGS = (
    "What is turned takes effect in the next generation and is written into the run. Sliders of"
    " numbers that span several powers of ten are logarithmic."
)
REPEATS = (
    "The median is what a typical run does; a few large runs may carry the mean far above it. View"
    " and strip show run 1."
)


def help_sections(
    scene: Scene, diagnosis: Diagnosis, knobs: Sequence[Knob], focused: str = ""
) -> list[Section]:
    """Return a section for each pane, and for the word of the diagnosis.

    Parameters
    ----------
    scene : Scene
    diagnosis : Diagnosis
        Of the generation shown.
    knobs : sequence of Knob
    focused : str
        The pane whose section comes first: ``"main"``, ``"strip"``, ``"table"`` or ``"knobs"``.
    """
    sections = {
        "main": ("the curves", list(_curves(scene))),
        "word": ("the word at the bottom", list(_word(diagnosis))),
        "strip": ("the picture of the whole run", list(_strip(scene))),
        "table": ("the metrics, and z", [ROWS, Z]),
        "knobs": ("the settings", list(_settings(knobs))),
    }
    order = sorted(sections, key=lambda name: name != focused)
    return [sections[name] for name in order if sections[name][1]]


def _curves(scene: Scene) -> Iterator[str]:
    if scene.topic:
        words = metric_words(scene.topic)
        said = " ".join(explain_metric(scene.topic, words))
        yield f"{_capital(words.long)}. {said}"
        yield explain_check(check_law(scene, scene.topic))
    if scene.replicates > 1:
        yield REPEATS
    if scene.snapshot.curves:
        yield THEORY


def _word(diagnosis: Diagnosis) -> Iterator[str]:
    if not diagnosis.words:
        return
    several = "most of the runs are in" if diagnosis.total > 1 else "the run is in"
    yield (
        f"It says in which stage {several}, judged by {diagnosis.judged} at the generation shown:"
        " how far gone it is, not how many generations have passed."
    )
    for stage, meaning in diagnosis.words:
        yield f"{STAGE_NAMES.get(stage, stage).upper()}: {meaning}."


def _strip(scene: Scene) -> Iterator[str]:
    strip = scene.snapshot.strip
    if strip is None:
        return
    said = f"Each column is a generation, from 0 at the left; upwards is the {strip.strip.axis}"
    if strip.strip.signed:
        yield f"{said}. The colour is the sign of each weight, and bright is large."
    elif strip.strip.shares:
        yield f"{said}. Bright is where much of the data is, dark where there is none."
    else:
        yield f"{said}. Bright is much, dark is little; what has died out is empty."
    yield "The white line is the generation shown; the line below tells one number of it."


def _settings(knobs: Sequence[Knob]) -> Iterator[str]:
    if not knobs:
        return
    yield SETTINGS
    for knob in knobs:
        meaning = knob.description.removeprefix(f"{knob.symbol}: ") or knob.long
        yield f"{knob.label}: {meaning}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
