"""From a file to arrays, with errors that name the file."""
