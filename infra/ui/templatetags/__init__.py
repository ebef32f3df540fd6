"""Template tags of the design kit."""
