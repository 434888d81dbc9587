"""The actions of the live screen in the command palette."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from collapse_tui.tui.keys import LIVE_ACTIONS, Action


class LiveCommands(Provider):
    """Offers the actions of the live screen under the sentences of the help."""

    def _run(self, action: Action) -> partial[object]:
        return partial(self.screen.run_action, action.name)

    async def discover(self) -> Hits:
        """Offer all of them."""
        for action in LIVE_ACTIONS:
            yield DiscoveryHit(action.help, self._run(action), help=f"key {action.label}")

    async def search(self, query: str) -> Hits:
        """Offer those that match."""
        matcher = self.matcher(query)
        for action in LIVE_ACTIONS:
            score = matcher.match(action.help)
            if score > 0:
                shown = matcher.highlight(action.help)
                yield Hit(score, shown, self._run(action), help=f"key {action.label}")
