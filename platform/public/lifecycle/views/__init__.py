"""Pages about enterprises at the desk."""
