"""The list of the picker: presets under what they show, saved runs below them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, cast

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from collapse_tui.charts.sparkline import ASCII_LEVELS, LEVELS
from collapse_tui.tui.runs.descriptions import Entry
from collapse_tui.visible_text import to_visible_line

if TYPE_CHECKING:
    from textual.app import App

NAMES_ONLY, WITHOUT_TITLES = 32, 54
"""A list of fewer cells has no room for curves beside the names, or for titles beside curves."""

LACKS = "○"
"""The mark of a preset whose model or data are not on this machine."""

PLAIN = str.maketrans(LEVELS, ASCII_LEVELS)
"""Curves for terminals that know only ASCII."""


class EntryList(OptionList):
    """Entries under the headings of their groups, those that match a filter.

    Attributes
    ----------
    wanted : str
        The filter.
    """

    def __init__(self) -> None:
        super().__init__(id="entries")
        self.wanted = ""
        self._entries: Sequence[Entry] = ()
        self._lacking: Mapping[str, str] = {}

    @property
    def chosen(self) -> Entry | None:
        """The entry under the cursor; None where nothing matches."""
        option = self.highlighted_option
        return self._entries[int(option.id)] if option is not None and option.id else None

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """List these entries; the first is chosen."""
        self._entries = entries
        self._list()

    def show_lacking(self, lacking: Mapping[str, str]) -> None:
        """Mark the presets that lack their model or data: name → what to type."""
        if lacking != self._lacking:
            self._lacking = lacking
            self._list()

    def filter(self, wanted: str) -> None:
        """List the entries whose name, title or group contains a text."""
        self.wanted = wanted
        self._list()

    def draw(self) -> None:
        """Draw the curves with the characters of now."""
        self._list()

    def on_resize(self) -> None:
        """Leave out the titles where there is no room for them."""
        self._list()

    def _list(self) -> None:
        before = self.chosen
        matching = [item for item in enumerate(self._entries) if self._matches(item[1])]
        self.clear_options()
        self.add_options(self._grouped(matching))
        if not matching and self.wanted:
            lines = (f"no preset matches '{self.wanted}'", "esc clears the filter")
            self.add_options(Option(Content.styled(line, "dim"), disabled=True) for line in lines)
        place = next((str(index) for index, entry in matching if entry is before), None)
        if place is None:
            self.action_first()
        else:
            self.highlighted = self.get_option_index(place)

    def _matches(self, entry: Entry) -> bool:
        words = f"{entry.name} {entry.line} {entry.group} {entry.about}"
        return self.wanted.casefold() in words.casefold()

    def _grouped(self, matching: Sequence[tuple[int, Entry]]) -> Iterator[Option]:
        presets = (entry for _, entry in matching if entry.saved is None)
        width = max((len(entry.name) for entry in presets), default=0)
        first = True
        for group, found in groupby(matching, key=lambda item: item[1].group):
            items = list(found)
            if not first:
                yield Option("", disabled=True)
            first = False
            about = items[0][1].about
            words = f" {len(items)}" + (f" · {about}" if about else "")
            yield Option(Content.assemble((group, "bold"), (words, "dim")), disabled=True)
            for index, entry in items:
                yield Option(self._line(entry, width), id=str(index))

    def _line(self, entry: Entry, width: int) -> Content:
        name = to_visible_line(entry.name)
        mark = LACKS if entry.name in self._lacking else " "
        if self.size.width < NAMES_ONLY:
            return Content.assemble(f"{mark} {name}")
        ascii_only = cast("App[object]", self.app).has_class("-ascii")
        curve = entry.spark.translate(PLAIN) if ascii_only else entry.spark
        lacking = self._lacking.get(entry.name, "")
        bare = entry.saved is not None or (lacking and not curve)
        spark = "" if bare else (f"{curve:8}", "$text-accent")
        start = Content.assemble(f"{mark} {name:{width}}  ", spark)
        if self.size.width < WITHOUT_TITLES:
            return Content.assemble(start, (entry.line if entry.saved is not None else "", "dim"))
        gap = "" if bare else "  "
        needed = (f"{gap}{lacking}", "$text-warning") if lacking else ""
        return Content.assemble(start, needed, (f"  {entry.line}", "dim"))
