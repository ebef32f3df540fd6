"""What the platform tells its own people: on the desk, and by mail to whoever left an address."""
