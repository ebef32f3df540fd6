"""Search over the published courses, and how good they turned out."""
