"""What is drawn of one generation: one file a kind of view."""
