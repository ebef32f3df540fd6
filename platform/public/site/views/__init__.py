"""Public pages of the platform host."""
