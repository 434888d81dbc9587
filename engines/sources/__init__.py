"""Sources of real data: one file a source."""
