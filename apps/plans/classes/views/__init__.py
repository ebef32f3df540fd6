"""Pages of offline classes, thin."""
