"""Papers drawn from the bank, attempts and results."""
