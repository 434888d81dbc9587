"""Claims compared with runs: which runs they need, what those give, and the verdicts."""
