"""What is drawn of one generation: one file for each kind of view."""
