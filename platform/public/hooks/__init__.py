"""Which enterprises have hooks at all, so that nobody opens every schema to look; and the function that lays out what hooks are told."""
