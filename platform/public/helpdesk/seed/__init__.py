"""What the help desk begins with; kept as data from then on."""
