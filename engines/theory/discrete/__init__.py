"""Theory of relative frequencies: Wright-Fisher, fresh data, partial synthesis."""
