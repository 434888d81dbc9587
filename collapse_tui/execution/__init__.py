"""A run as a generator of events: recorded, replayed, resumed, forked."""
