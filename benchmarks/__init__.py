"""Workloads measured beside their baselines, in one run; see README.md here."""
