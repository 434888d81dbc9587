"""Exact laws beside the simulation; `registry.curves_for` gives those that hold of a case."""
