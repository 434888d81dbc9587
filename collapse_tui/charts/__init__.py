"""Charts: descriptions of charts, drawn as a matrix of characters, shown or printed."""
