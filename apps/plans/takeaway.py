"""Files of plans that go along when the enterprise takes everything: drawn signatures, and what was handed in with classes."""

from apps.plans.classes import files
from apps.plans.signing import queries
from apps.records.api import OPENERS


def plug() -> None:
    """Tell the record how they are opened."""
    OPENERS.file("plans.signoff.picture", queries.drawing)
    OPENERS.file("plans.classfile.storage_key", files.opened)
