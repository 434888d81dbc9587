"""Numeric routines that know nothing of models."""
