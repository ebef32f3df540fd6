"""What a wrapped key is for, as one text that is the same for the same context."""

from collections.abc import Mapping

from infra.kit import canonical


def label_of(context: Mapping[str, str]) -> str:
    """Return the canonical JSON of a context."""
    return canonical.encode(dict(context)).decode()
