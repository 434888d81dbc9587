"""Every action in the command palette."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from collapse_tui.tui.keys import LIVE, Act


class LiveCommands(Provider):
    """The actions of the live screen, by what they do."""

    def _do(self, act: Act) -> partial[object]:
        return partial(self.screen.run_action, act.name)

    async def discover(self) -> Hits:
        """Offer all of them."""
        for act in LIVE:
            yield DiscoveryHit(act.help, self._do(act), help=f"key {act.shown}")

    async def search(self, query: str) -> Hits:
        """Offer those that match."""
        matcher = self.matcher(query)
        for act in LIVE:
            score = matcher.match(act.help)
            if score > 0:
                shown = matcher.highlight(act.help)
                yield Hit(score, shown, self._do(act), help=f"key {act.shown}")
