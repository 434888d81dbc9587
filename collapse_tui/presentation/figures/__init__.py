"""Figures for papers and slides, drawn by matplotlib from the same charts as the screen's."""
