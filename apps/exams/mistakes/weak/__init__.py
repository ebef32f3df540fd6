"""Weak points: where people of a unit or a plan answer wrongly, and which courses help."""
