"""The line that says what is fitted to what."""


async def test_the_loop_stands_below_the_header(start):
    async with start(size=(90, 30)) as bench:
        assert bench.live.query_one("LoopLine").region.y == 1
        assert bench.text("LoopLine").startswith("3-Gaussian mixture ─▶ KDE, h 0.5 ─▶ 30,000")
        await bench.press("plus", "full_stop", generation=1)
        assert "1 % real data" in bench.text("LoopLine")


async def test_a_wide_screen_names_the_parts_and_the_seed(start):
    async with start(size=(160, 40)) as bench:
        line = bench.text("LoopLine")
        assert line.startswith("REAL 3-Gaussian mixture, 800 pts ─▶ FIT ")
        assert line.endswith("seed 1 · 20 runs")


async def test_ascii_arrows(start):
    async with start(size=(90, 30), marker="ascii") as bench:
        assert " -> KDE" in bench.text("LoopLine")
        assert bench.text("LoopLine").isascii()
