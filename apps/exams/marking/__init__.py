"""Marking by people, appeals against results, corrections by two people."""
