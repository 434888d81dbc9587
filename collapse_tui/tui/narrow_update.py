"""What goes to the terminal when parts of the screen have changed: the changed cells alone.

Textual writes a changed part of a row from the left edge of its widget on, so that one column at
the end of a long curve costs the whole row: five times as much over ssh.
"""

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate
from typing_extensions import override


class NarrowUpdate(ChopsUpdate):
    """An update that writes no cell outside of its spans."""

    @classmethod
    def of(cls, update: ChopsUpdate) -> "NarrowUpdate":
        """Return the update that shows the same."""
        return cls(update.chops, update.spans, update.chop_ends)

    @override
    def render_segments(self, console: Console) -> str:
        written: list[str] = []
        for y, first, last in self.spans:
            pieces = zip(self.chop_ends[y], self.chops[y].items(), strict=False)
            for end, (start, strip) in pieces:
                left, right = max(start, first), min(end, last)
                if strip is None or left >= right:
                    continue
                written.append(str(Control.move_to(left, y).segment.text))
                written.append(strip.crop(left - start, right - start).render(console))
        return "".join(written)
