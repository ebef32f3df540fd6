"""Pages of the enterprise's own banks."""
