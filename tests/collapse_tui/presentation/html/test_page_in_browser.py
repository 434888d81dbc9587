"""The page of a run in a real browser: curves, values under the pointer, slider, no network."""

from pathlib import Path

import pytest

from collapse_tui.presentation.export_run import export_run
from collapse_tui.storage.saved import SavedRun
from tests.collapse_tui.chromium import open_chromium

pytestmark = pytest.mark.browser

CHART = "document.querySelector('figure[data-metric=\"variance\"]')"


@pytest.fixture
def address(gaussians: SavedRun, tmp_path: Path) -> str:
    """Give the address of a page on disk."""
    export_run(gaussians, tmp_path / "page.html")
    return (tmp_path / "page.html").as_uri()


async def test_every_curve_is_drawn_and_the_pointer_reads_all_values(
    gaussians: SavedRun, address: str, tmp_path: Path
) -> None:
    async with open_chromium(tmp_path / "profile") as page:
        await page.open(address)
        await page.until(f"{CHART} !== null")
        for label in ("median", "mean", "mean, exact"):
            path = f"{CHART}.querySelector('path[data-label=\"{label}\"]')"
            assert len(await page.value(f"{path}.getAttribute('d')")) > 200, label
            assert (await page.value(f"getComputedStyle({path}).stroke")).startswith("rgb(")
        box = await page.value(
            f"(() => {{ const svg = {CHART}.querySelector('svg');"
            " svg.scrollIntoView({block: 'center'}); const b = svg.getBoundingClientRect();"
            " return [b.left, b.top, b.width, b.height]; })()"
        )
        await page.move(box[0] + box[2] * 0.3, box[1] + box[3] * 0.4)
        tip = await page.until(
            "!document.getElementById('tip').hidden && document.getElementById('tip').innerText"
        )
    assert tip.startswith("generation ")
    stored = gaussians.summaries()["variance"]["q50"][int(tip.split()[1])]
    shown = tip.split("median\n")[1].split("\n")[0]
    assert float(shown.replace("−", "-")) == pytest.approx(stored, rel=1e-3)


async def test_the_slider_moves_view_and_cross_hair_and_nothing_else_is_asked_for(
    address: str, tmp_path: Path
) -> None:
    title = "document.querySelector('#view figcaption').textContent"
    bars = "document.querySelector('#view path[data-label=\"now\"]').getAttribute('d')"
    async with open_chromium(tmp_path / "profile") as page:
        await page.open(address)
        await page.until("document.getElementById('generation').textContent === '60'")
        assert await page.value(title) == "generation 60, run 1 of 20, and the real data"
        last = await page.value(bars)
        await page.value("document.getElementById('slider').focus()")
        await page.press("Home", code=36)
        await page.until("document.getElementById('generation').textContent === '0'")
        assert await page.value(title) == "the real data"
        assert await page.value(bars) != last
        await page.press("ArrowRight", code=39)
        await page.until("document.getElementById('generation').textContent === '1'")
        # the strip is painted
        colours = await page.value(
            "(() => { const c = document.querySelector('#strip canvas'); const seen = new Set();"
            " const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            " for (let n = 0; n < d.length; n += 4) seen.add(`${d[n]} ${d[n + 1]} ${d[n + 2]}`);"
            " return seen.size; })()"
        )
        assert colours > 8
        cross = f"{CHART}.querySelector('.cross').getAttribute('visibility')"
        assert await page.value(cross) == "visible"
        # texts of the run stay texts
        assert "<script>" in await page.value("document.getElementById('title').textContent")
        assert await page.value("document.querySelectorAll('#claims tbody tr').length") > 3
        assert page.requests == [address]
        assert page.faults == []


async def test_it_has_the_colours_of_the_browser(address: str, tmp_path: Path) -> None:
    looks: list[str] = []
    async with open_chromium(tmp_path / "profile") as page:
        for scheme in ("light", "dark"):
            features = [{"name": "prefers-color-scheme", "value": scheme}]
            await page.call("Emulation.setEmulatedMedia", features=features)
            await page.open(address)
            looks.append(await page.value("getComputedStyle(document.body).backgroundColor"))
        assert page.faults == []
    assert looks == ["rgb(255, 255, 255)", "rgb(20, 23, 28)"]
