"""Writes of the review."""
