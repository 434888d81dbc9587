"""Dialogs of the list of runs: what to delete, and by what to group."""

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option

from collapse_tui.tui.screens.dialogs import Dialog

MOST_LISTED = 8
"""Names that the question lists at most."""
NOTHING = "no groups"


class DeleteDialog(Dialog[bool]):
    """Asks whether to delete runs, which cannot be had back.

    Parameters
    ----------
    names : sequence of str
        What would be deleted.
    spared : sequence of str
        Sentences on what is left alone, and why.
    """

    BINDINGS = [Binding("y", "agree", "Delete", show=False)]  # noqa: RUF012 - see Textual

    def __init__(self, names: Sequence[str], spared: Sequence[str] = ()) -> None:
        super().__init__()
        self._names, self._spared = names, spared

    def compose(self) -> ComposeResult:
        """Names, sentences and two buttons; the one that keeps them has the focus."""
        count = len(self._names)
        with Vertical(classes="window") as window:
            window.border_title = f"delete {count} run{'s' if count > 1 else ''}?"
            yield Static("\n".join(self._names[:MOST_LISTED]), markup=False)
            if count > MOST_LISTED:
                yield Static(f"and {count - MOST_LISTED} more", classes="dim", markup=False)
            yield Static("What is deleted cannot be had back.", classes="dim")
            for sentence in self._spared:
                yield Static(sentence, classes="dim", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Keep", variant="primary", id="keep")
                yield Button("Delete (y)", id="delete")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "delete")

    def action_agree(self) -> None:
        """Delete."""
        self.dismiss(result=True)


class GroupDialog(Dialog[str]):
    """Asks by which setting runs are grouped; the answer is its key, empty for no groups.

    Parameters
    ----------
    counts : mapping
        Setting → how many values it has.
    present : str
        The setting in force.
    """

    def __init__(self, counts: Mapping[str, int], present: str) -> None:
        super().__init__()
        self._keys = ["", *sorted(counts)]
        self._counts, self._present = counts, present

    def compose(self) -> ComposeResult:
        """List the settings that not all runs share."""
        with Vertical(classes="window") as window:
            window.border_title = "group by a setting"
            window.border_subtitle = "enter groups, esc cancels"
            yield OptionList(*map(self._option, self._keys), id="settings-list")

    def on_mount(self) -> None:
        """Begin at the one in force."""
        options = self.query_one(OptionList)
        options.highlighted = self._keys.index(self._present) if self._present in self._keys else 0
        options.focus()

    def _option(self, key: str) -> Option:
        if not key:
            return Option(NOTHING)
        return Option(Content.assemble(key, "  ", (f"{self._counts[key]} values", "dim")))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        self.dismiss(self._keys[event.option_index])
