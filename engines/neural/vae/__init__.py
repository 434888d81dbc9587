"""Networks: what an engine builds with torch. Loading this package loads no torch."""
