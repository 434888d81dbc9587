"""Variational autoencoders: networks and training. Loading this package loads no torch."""
