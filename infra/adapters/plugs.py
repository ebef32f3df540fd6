"""Which plug goes into which socket, by settings."""


def connect() -> None:
    """Fill every socket that lower floors declare. Called once at start-up."""
