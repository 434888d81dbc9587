"""What a reader sees of a run, without Textual: for the screen, show, export and reproduce."""
