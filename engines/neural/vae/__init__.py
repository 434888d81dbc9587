"""Variational autoencoders of torch; importing this package does not import it."""
