"""The actions of the live screen as one table, from which keys, hints, help and palette follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from textual.binding import Binding
from textual.keys import _character_to_key as character_to_key  # pyright: ignore[reportPrivateUsage]

from collapse_tui.user_config import ConfigError
from engines.errors import nearest

NAMES = {
    "scrub(-1)": "back",
    "scrub(1)": "forward",
    "scrub(-10)": "back_10",
    "scrub(10)": "forward_10",
    "pace(-1)": "slower",
    "pace(1)": "faster",
    "fresh(1)": "more_real",
    "fresh(-1)": "less_real",
    "topic(1)": "next_metric",
    "topic(-1)": "previous_metric",
    "zoom(1)": "zoom_in",
    "zoom(-1)": "zoom_out",
    "pan(-1)": "pan_back",
    "pan(1)": "pan_forward",
    "select(1)": "next_run",
    "select(-1)": "previous_run",
    "layout(1)": "all_panes",
    "layout(2)": "curves_and_view",
    "layout(3)": "curves_and_strip",
    "layout(4)": "curves_and_metrics",
}
"""Actions with an argument, as ``config.toml`` names them."""


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
    def id(self) -> str:
        """Its name in ``config.toml``, which no other action has."""
        return NAMES.get(self.name, self.name)

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
    Action("go", "g", "42g", "", "Show a generation by its number: digits, then g."),
    Action("live", "end", "end", "live", "Follow the run again.", 5),
    Action(
        "pace(-1)", "left_square_bracket", "[", "pace", "Slower: 100, 30, 5, 1 a second.", 3, "[ ]"
    ),
    Action("pace(1)", "right_square_bracket", "]", "", "Faster, up to full speed."),
    Action("zoom(1)", "z", "z", "zoom", "Zoom in on the generation shown.", 6, "z Z"),
    Action("zoom(-1)", "Z", "Z", "", "Zoom out, in the end to the whole run."),
    Action("pan(-1)", "less_than_sign", "<", "", "Where zoomed: the generations before those."),
    Action("pan(1)", "greater_than_sign", ">", "", "Where zoomed: the generations after those."),
    Action("fork", "f", "f", "fork", "Fork the run after the generation shown.", 3),
    Action("select(1)", "r", "r", "run", "Show the next of the runs on the screen.", 6),
    Action("select(-1)", "R", "R", "", "Show the previous one."),
    Action("remove", "x", "x", "", "Take the run shown off the screen; it is saved."),
    Action(
        "fresh(1)",
        "plus,equals_sign",
        "+",
        "real data",
        "More real data in each generation.",
        3,
        "+ −",
    ),
    Action("fresh(-1)", "minus", "−", "", "Less real data in each generation."),
    Action("knobs", "k", "k", "settings", "All settings that can be changed now.", 5),
    Action("undo", "u", "u", "undo", "Take back the last change, or fork from before it.", 4),
    Action("log", "l", "l", "log", "Logarithmic axis of the focused chart on or off.", 4),
    Action("topic(1)", "t", "t", "metric", "Next metric in the main pane.", 3),
    Action("topic(-1)", "T", "T", "", "Previous metric in the main pane."),
    Action("overlays", "o", "o", "theory", "Theory on or off.", 5),
    *(
        Action(f"layout({number})", str(number), str(number), "", f"Layout: {shown}.")
        for number, shown in enumerate(
            ("all panes", "curves and view", "curves and the whole run", "curves and metrics"), 1
        )
    ),
    Action("maximise", "m", "m", "max", "Enlarge the focused pane, or put it back.", 6),
    Action("restore", "escape", "esc", "", "Back to all panes, then to the newest generation."),
    Action("export", "e", "e", "export", "Write picture, numbers or figures to files.", 5),
    Action("copy", "y", "y", "copy", "Copy the focused chart as text, over ssh too.", 7),
    Action("runs", "A", "A", "", "All saved runs, and those that other processes work on."),
    Action("help", "question_mark", "?", "help", "Keys, and what the screen shows.", 1),
    Action("leave", "q", "q", "quit", "Go back, or leave the first screen; the run is saved.", 2),
)


RUNS_ACTIONS = (
    Action(
        "open",
        "enter",
        "enter",
        "open",
        "Open the run; what another process writes is followed.",
        1,
    ),
    Action("resume", "r", "r", "resume", "Go on with the run at once.", 3),
    Action("mark", "space", "space", "mark", "Mark the run, to compare or delete several.", 2),
    Action("compare", "c", "c", "compare", "Compare the marked runs, up to six.", 2),
    Action("fork", "f", "f", "fork", "Start another run from the middle of this one.", 4),
    Action(
        "filter", "slash", "/", "filter", "Show runs of which all words hold: kde λ=0.2 M>=1000.", 3
    ),
    Action("sort", "s", "s", "sort", "Sort by the next column; a click on its title does too.", 4),
    Action("reverse", "S", "S", "", "Sort the other way round."),
    Action("group", "g", "g", "group", "Group by a setting.", 5),
    Action("topic(1)", "t", "t", "metric", "Next metric, in the table and the preview.", 5),
    Action("topic(-1)", "T", "T", "", "Previous metric."),
    Action("beside", "v", "v", "view", "Strip, last view or settings beside the curve.", 6),
    Action("pin", "p", "p", "pin", "Keep the run at the top, the next time too.", 6),
    Action(
        "delete",
        "d,delete",
        "d",
        "delete",
        "Delete the marked runs, or this one, after a question.",
        4,
    ),
    Action("help", "question_mark", "?", "help", "Keys, and what the screen shows.", 3),
    Action("leave", "q", "q", "quit", "Go back, or leave the first screen.", 2),
)
"""What can be done in the list of saved runs."""

COMPARE_ACTIONS = (
    Action("scrub(-1)", "left", "←", "cursor", "One generation back.", 2, "←→"),
    Action("scrub(1)", "right", "→", "", "One generation on."),
    Action("scrub(-10)", "shift+left", "⇧←", "", "Ten generations back."),
    Action("scrub(10)", "shift+right", "⇧→", "", "Ten generations on."),
    Action("first", "home", "home", "", "Generation 0, the original."),
    Action("live", "end", "end", "", "The last generation."),
    Action("topic(1)", "t", "t", "metric", "Next metric.", 1),
    Action("topic(-1)", "T", "T", "", "Previous metric."),
    Action("log", "l", "l", "log", "Logarithmic axis on or off.", 3),
    Action("copy", "y", "y", "copy", "Copy the chart as text, over ssh too.", 4),
    Action("help", "question_mark", "?", "help", "Keys, and what the screen shows.", 2),
    Action("leave", "q", "q", "quit", "Go back, or leave the first screen.", 1),
)
"""What can be done where several runs are compared."""


CHANGES = frozenset({"fork", "fresh(1)", "fresh(-1)", "knobs", "undo"})
"""Actions of the live screen that change a run, or start another one from it."""


def hinted_actions(
    actions: Sequence[Action], *, back: bool, paused: bool, read_only: bool
) -> Sequence[Action]:
    """Return the actions of the live screen as its footer names them for the run as it stands.

    Parameters
    ----------
    actions : sequence of Action
    back : bool
        Leaving the screen goes back to another one.
    paused : bool
        The key that pauses lets the run continue.
    read_only : bool
        Nothing can be changed: another process writes the run.
    """
    kept = (one for one in actions if not (read_only and one.name in CHANGES))
    named = (replace(one, hint="resume") if paused and one.name == "pause" else one for one in kept)
    return with_back(tuple(named), back=back)


def with_back(actions: Sequence[Action], *, back: bool) -> Sequence[Action]:
    """Return actions of which "leave" is hinted at as what it does: to go back, or to quit."""
    if not back:
        return actions
    return tuple(replace(one, hint="back") if one.name == "leave" else one for one in actions)


def key_bindings(actions: Sequence[Action]) -> list[Binding]:
    """Return the key bindings of a table of actions."""
    return [
        Binding(key, action.name, action.help, show=False, id=action.id)
        for action in actions
        for key in action.keys.split(",")
    ]


def remap_actions(
    actions: Sequence[Action], keys: Mapping[str, Sequence[str]]
) -> tuple[Action, ...]:
    """Return the actions with the keys that the user has chosen instead of their own.

    Parameters
    ----------
    actions : sequence of Action
    keys : mapping of str to sequence of str
        `Action.id` → keys, as characters or as Textual names them.

    Raises
    ------
    ConfigError
        If there is no such action, or one key would have two.
    """
    for name in keys:
        if name not in {action.id for action in actions}:
            known = nearest(name, (action.id for action in actions))
            raise ConfigError(f"[keys] has no action {name!r}; {known}")
    remapped = tuple(
        replace(action, keys=",".join(map(_key_name, chosen)), label="/".join(chosen), pair="")
        if (chosen := keys.get(action.id))
        else action
        for action in actions
    )
    owner: dict[str, str] = {}
    for action in remapped:
        for key in action.keys.split(","):
            if key in owner:
                raise ConfigError(
                    f"[keys] gives the key {key!r} to two actions, {owner[key]!r} and"
                    f" {action.id!r}; give one of them another"
                )
            owner[key] = action.id
    return remapped


def _key_name(key: str) -> str:
    """Return how Textual names a key: ``[`` is ``left_square_bracket``."""
    return character_to_key(key) if len(key) == 1 else key
