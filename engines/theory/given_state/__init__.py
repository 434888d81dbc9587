"""Laws that start from the state of a run: expectations given state n, averaged over replicates.

A run whose settings were changed while it was watched is no longer the run that its other laws
describe: when a setting was turned may depend on what was seen. Given the state after the last
generation with the old settings, what follows depends on the new ones alone, and these laws are
exact whatever led to that state.
"""
