"""Front door of learning."""

from apps.learning.queries import earned_ms, progress
from apps.learning.rules import credit_hours
from apps.learning.shapes import Progress

__all__ = ["Progress", "credit_hours", "earned_ms", "progress"]
