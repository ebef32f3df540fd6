"""Plugs that look for viruses."""
