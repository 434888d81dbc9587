"""The diagnosis on the screen: a row where there is little room, a pane where there is more."""


async def test_a_small_screen_has_one_row_with_the_reason(start):
    async with start(size=(80, 24)) as bench:
        await bench.run_to(50)
        line = bench.live.query_one("DiagnosisLine")
        assert line.is_on_screen
        text = bench.text("DiagnosisLine")
        assert text.startswith("DISPERSING")
        assert "each refit adds the kernel's variance" in text
        assert not bench.live.query_one("#notes").is_on_screen
        await bench.press("home")
        assert bench.text("DiagnosisLine").startswith("STABLE in variance and tails")


async def test_a_large_screen_has_a_pane_instead(start):
    async with start(size=(160, 50)) as bench:
        await bench.run_to(50)
        assert not bench.live.query_one("DiagnosisLine").is_on_screen
        text = " ".join(bench.text("#notes").split())
        assert text.startswith("DISPERSING")
        assert "Now 10.1 = 1.01 (real) + 40 × 0.25" in text
        assert "the variance grows by the kernel's" in text
        assert "Try + + +" in text


async def test_the_row_comes_back_where_the_pane_is_hidden(start):
    async with start(size=(160, 50)) as bench:
        await bench.run_to(50)
        await bench.press("m")
        assert bench.live.query_one("DiagnosisLine").is_on_screen
        await bench.press("escape")
        assert not bench.live.query_one("DiagnosisLine").is_on_screen
