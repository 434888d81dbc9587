"""Sources: what is real."""
