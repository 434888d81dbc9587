"""Draw the pictures of the README from real runs: ``python -m benchmarks.picture``."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from collapse_tui.tui.app import CollapseApp
from collapse_tui.tui.runs.launcher import Launcher
from collapse_tui.tui.screens.live import LiveScreen

PICTURES = {
    "screen": ("borji", 137, (130, 38), {}),
}


async def draw(name: str, folder: Path) -> None:
    """Run a preset on the screen up to a generation and export what it shows."""
    preset, generation, size, overrides = PICTURES[name]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as runs:
        app = CollapseApp(Launcher(Path(runs), None), preset, overrides)
        async with app.run_test(size=size) as pilot:
            if preset is None:
                await pilot.pause(3.0)
            else:
                await reach(pilot, generation)
            # The fonts of the reader's machine: a picture should not fetch anything.
            plain = re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(), flags=re.DOTALL)
            plain = plain.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
            (folder / f"{name}.svg").write_text(plain, encoding="utf-8")


async def reach(pilot: object, generation: int) -> None:
    """Wait until a generation is shown, and for its charts."""
    screen = pilot.app.screen  # type: ignore[attr-defined]
    if not isinstance(screen, LiveScreen):
        raise TypeError("the run did not open")
    for _ in range(2000):
        await pilot.pause(0.02)  # type: ignore[attr-defined]
        session = screen.runs.newest
        if session.snapshot.generation >= generation:
            break
    await pilot.press("space")  # type: ignore[attr-defined]
    await pilot.pause(1.5)  # type: ignore[attr-defined]


if __name__ == "__main__":
    for chosen in sys.argv[1:] or PICTURES:
        asyncio.run(draw(chosen, Path(__file__).parents[1] / "docs"))
