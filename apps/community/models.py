"""Rows of community: each room keeps its own, Django finds them here."""
