"""Pages of the open interface in the console."""
