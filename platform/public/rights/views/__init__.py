"""Pages of the register on the desk."""
