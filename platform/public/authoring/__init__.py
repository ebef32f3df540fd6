"""Pages on which courses are written."""
