"""Exact laws, for comparison with the simulation; `registry.curves_for` gives those of a case."""
