"""`serve` in a real browser: the picker is painted, keys reach it, without the token nothing."""

import asyncio
import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pyte
import pytest
from PIL import Image

from collapse_tui.cli.browser_server import BrowserServer
from tests.collapse_tui.chromium import Page, open_chromium
from tests.collapse_tui.cli.test_browser_server import serving

pytestmark = pytest.mark.browser


async def picture(page: Page) -> np.ndarray[Any, Any]:
    """Return the pixels of the page as they are seen."""
    shot = await page.call("Page.captureScreenshot", format="png")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB"))


async def changed(page: Page, before: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Wait until other pixels are seen."""
    for _ in range(600):
        now = await picture(page)
        if now.shape != before.shape or not np.array_equal(now, before):
            return now
        await asyncio.sleep(0.1)
    raise AssertionError("nothing changed")


def text_of(page: Page) -> str:
    """Return what the terminal of the page was sent, as a terminal shows it."""
    screen = pyte.Screen(400, 200)
    stream = pyte.ByteStream(screen)
    for data in page.received:
        stream.feed(data)
    return "\n".join(screen.display)


async def until_text(page: Page, words: str) -> None:
    for _ in range(600):
        if words in text_of(page):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{words!r} was never shown:\n{text_of(page)}")


async def open_picker(page: Page, server: BrowserServer) -> None:
    await page.open(server.address)
    await page.until("document.body.classList.contains('-first-byte')")
    await until_text(page, "shumailov")


async def test_the_picker_is_painted_and_reacts_to_keys(tmp_path: Path) -> None:
    async with (
        serving("--runs", str(tmp_path / "runs")) as server,
        open_chromium(tmp_path / "profile") as page,
    ):
        await page.open(server.address)
        empty = await picture(page)
        await page.until("document.body.classList.contains('-first-byte')")
        await until_text(page, "shumailov")
        painted = await changed(page, empty)
        assert np.unique(painted.reshape(-1, 3), axis=0).shape[0] > 30, "letters, not one colour"
        assert await page.value("document.querySelectorAll('.xterm-screen canvas').length") > 0
        await page.value("document.querySelector('.xterm-helper-textarea').focus()")
        before, sent = await picture(page), len(page.received)
        await page.press("ArrowDown", code=40)
        for _ in range(600):
            if len(page.received) > sent:
                break
            await asyncio.sleep(0.1)
        assert not np.array_equal(await changed(page, before), before)
        own = (server.public_url, "data:")
        assert [address for address in page.requests if not address.startswith(own)] == []
        assert page.faults == []


async def test_without_the_token_the_browser_gets_nothing(tmp_path: Path) -> None:
    async with serving() as server, open_chromium(tmp_path / "profile") as page:
        for address in (server.public_url, f"{server.public_url}/?token=wrong"):
            await page.open(address)
            assert "403" in await page.value("document.body.innerText")
        script = f"new WebSocket('ws://127.0.0.1:{server.port}/wrong/ws')"
        opened = await page.value(
            f"new Promise((done) => {{ const s = {script}; s.onopen = () => done('open');"
            " s.onerror = () => done('refused'); })"
        )
        assert opened == "refused"
        assert not server.programs
