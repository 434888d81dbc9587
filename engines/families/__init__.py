"""Model families: one file an engine (fit, sample, law)."""
