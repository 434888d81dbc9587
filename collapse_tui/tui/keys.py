"""Every action of the live screen in one table: keys, hints, help and palette follow from it."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Act:
    """Something the reader can do.

    Attributes
    ----------
    name : str
        The screen's method is ``action_<name>``; arguments in parentheses.
    keys : str
        As Textual names them, separated by commas.
    shown : str
        How the key is written.
    pair : str
        How it is written in the footer together with the key that does the opposite.
    hint : str
        One or two words for the footer; no hint if empty.
    help : str
        One sentence.
    rank : int
        Hints of the highest rank go first when the terminal is narrow.
    """

    name: str
    keys: str
    shown: str
    hint: str
    help: str
    rank: int = 0
    pair: str = ""


LIVE = (
    Act("pause", "space", "space", "pause", "Pause, or go on.", 1),
    Act("step", "full_stop", ".", "step", "Compute one generation, then pause.", 2),
    Act("scrub(-1)", "left", "←", "scrub", "Walk back through finished generations.", 2, "←→"),
    Act("scrub(1)", "right", "→", "", "Walk forward; past the last one: live again."),
    Act("scrub(-10)", "shift+left", "⇧←", "", "Walk back ten generations."),
    Act("scrub(10)", "shift+right", "⇧→", "", "Walk forward ten generations."),
    Act("first", "home", "home", "", "Show generation 0, the original."),
    Act("live", "end", "end", "live", "Follow the run again.", 5),
    Act(
        "pace(-1)", "left_square_bracket", "[", "pace", "Slower: 100, 30, 5, 1 a second.", 3, "[ ]"
    ),
    Act("pace(1)", "right_square_bracket", "]", "", "Faster, up to as fast as it goes."),
    Act("fork", "f", "f", "fork", "Fork the run from the generation shown, with other knobs.", 3),
    Act("fresh(1)", "plus,equals_sign", "+", "λ", "More real data in each generation.", 3, "+ −"),
    Act("fresh(-1)", "minus", "−", "", "Less real data in each generation."),
    Act("log", "l", "l", "log", "Logarithmic axis of the focused chart on or off.", 4),
    Act("topic(1)", "t", "t", "metric", "Next metric in the main pane.", 3),
    Act("topic(-1)", "T", "T", "", "Previous metric in the main pane."),
    Act("overlays", "o", "o", "theory", "Theory on or off.", 5),
    Act("maximise", "m", "m", "max", "Enlarge the focused pane, or put it back.", 6),
    Act("export", "e", "e", "export", "Write picture and numbers to files.", 6),
    Act("copy", "y", "y", "copy", "Copy the focused chart as text, over ssh too.", 7),
    Act("help", "question_mark", "?", "help", "Keys, and what you are looking at.", 1),
    Act("leave", "q", "q", "quit", "Leave; the run is saved.", 2),
)


def bindings(acts: tuple[Act, ...]) -> list[Binding]:
    """Return the key bindings of a table."""
    return [
        Binding(key, act.name, act.help, show=False) for act in acts for key in act.keys.split(",")
    ]
