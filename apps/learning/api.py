"""Front door of learning."""

from apps.learning.queries import earned_ms, progress
from apps.learning.rules import credit_hours
from apps.learning.shapes import Progress
from apps.learning.voiding import restore_void, unlock, uphold_void

__all__ = ["Progress", "credit_hours", "earned_ms", "progress", "restore_void", "unlock", "uphold_void"]
