"""Rectification notices of authorities, at the enterprise."""
