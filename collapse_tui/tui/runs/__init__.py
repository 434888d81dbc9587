"""The runs behind the screen: how they start, at what pace their events are taken."""
