"""Policies: what the next generation trains on."""
