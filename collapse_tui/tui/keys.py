"""The actions of the live screen as one table, from which keys, hints, help and palette follow."""

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Action:
    """Something the user can do.

    Attributes
    ----------
    name : str
        The screen's method is ``action_<name>``; arguments in parentheses.
    keys : str
        As Textual names them, separated by commas.
    label : str
        How the key is written.
    hint : str
        One or two words for the footer; no hint if empty.
    help : str
        One sentence.
    rank : int
        Hints of the highest rank are left out first when the terminal is narrow.
    pair : str
        How it is written in the footer together with the key that does the opposite.
    """

    name: str
    keys: str
    label: str
    hint: str
    help: str
    rank: int = 0
    pair: str = ""

    @property
    def hint_keys(self) -> str:
        """How its key, or both keys of a pair, are written in the footer."""
        return self.pair or self.label


LIVE_ACTIONS = (
    Action("pause", "space", "space", "pause", "Pause, or continue.", 1),
    Action("step", "full_stop", ".", "step", "Compute one generation, then pause.", 2),
    Action("scrub(-1)", "left", "←", "scrub", "Walk back through finished generations.", 2, "←→"),
    Action("scrub(1)", "right", "→", "", "Walk forward; past the last one, follow the run."),
    Action("scrub(-10)", "shift+left", "⇧←", "", "Walk back ten generations."),
    Action("scrub(10)", "shift+right", "⇧→", "", "Walk forward ten generations."),
    Action("first", "home", "home", "", "Show generation 0, the original."),
    Action("live", "end", "end", "live", "Follow the run again.", 5),
    Action(
        "pace(-1)", "left_square_bracket", "[", "pace", "Slower: 100, 30, 5, 1 a second.", 3, "[ ]"
    ),
    Action("pace(1)", "right_square_bracket", "]", "", "Faster, up to full speed."),
    Action("fork", "f", "f", "fork", "Fork the run after the generation shown.", 3),
    Action(
        "fresh(1)", "plus,equals_sign", "+", "λ", "More real data in each generation.", 3, "+ −"
    ),
    Action("fresh(-1)", "minus", "−", "", "Less real data in each generation."),
    Action("log", "l", "l", "log", "Logarithmic axis of the focused chart on or off.", 4),
    Action("topic(1)", "t", "t", "metric", "Next metric in the main pane.", 3),
    Action("topic(-1)", "T", "T", "", "Previous metric in the main pane."),
    Action("overlays", "o", "o", "theory", "Theory on or off.", 5),
    Action("maximise", "m", "m", "max", "Enlarge the focused pane, or put it back.", 6),
    Action("export", "e", "e", "export", "Write picture and numbers to files.", 6),
    Action("copy", "y", "y", "copy", "Copy the focused chart as text, over ssh too.", 7),
    Action("help", "question_mark", "?", "help", "Keys, and what the screen shows.", 1),
    Action("leave", "q", "q", "quit", "Leave; the run is saved.", 2),
)


def key_bindings(actions: tuple[Action, ...]) -> list[Binding]:
    """Return the key bindings of a table of actions."""
    return [
        Binding(key, action.name, action.help, show=False)
        for action in actions
        for key in action.keys.split(",")
    ]
