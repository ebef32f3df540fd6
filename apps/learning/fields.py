"""A column for watched time."""

from typing import Any

from django.db import models

from apps.learning import spans
from apps.learning.spans import Spans


class SpansField(models.Field):  # type: ignore[type-arg]
    """`int8multirange` of milliseconds in the database, :data:`apps.learning.spans.Spans` in Python (decision 13)."""

    def db_type(self, connection: Any) -> str:
        """Return the column's type."""
        return "int8multirange"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        """Write the literal with its type, since a bare string has none."""
        return "%s::int8multirange"

    def get_prep_value(self, value: Any) -> Any:
        """Turn spans into the literal."""
        return spans.to_text(value) if isinstance(value, tuple) else value

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Spans:
        """Turn psycopg's Multirange into spans."""
        return spans.from_bounds((part.lower, part.upper) for part in value)
