"""Pages of authorities."""
