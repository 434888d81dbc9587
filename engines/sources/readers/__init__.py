"""Readers of files; their errors name the file."""
