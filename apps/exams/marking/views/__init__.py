"""Pages of marking."""
