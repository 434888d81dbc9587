"""Exact draws that several engines and sources share."""
