"""Neural language models of torch and transformers.

Importing this package imports neither.
"""
