"""Introspection that stays fast with half a million relations."""

from typing import Any

from django.db.backends.base.introspection import TableInfo
from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection

# Django filters pg_class by pg_table_is_visible(): a scan of every relation of every enterprise, 0.2-1.2 s at 1,000.
_TABLES = """
SELECT c.relname, CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END
FROM pg_depend d JOIN pg_class c ON c.oid = d.objid
WHERE d.refclassid = 'pg_namespace'::regclass AND d.classid = 'pg_class'::regclass
  AND d.refobjid = (SELECT oid FROM pg_namespace WHERE nspname = %s) AND c.relkind IN ('f', 'm', 'p', 'r', 'v')
"""


class SchemaIntrospection(DatabaseSchemaIntrospection):  # type: ignore[misc]
    """Lists the tables of the current schema through the index of pg_depend."""

    def get_table_list(self, cursor: Any) -> list[TableInfo]:
        """Return the tables and views of the current schema."""
        cursor.execute(_TABLES, [self.connection.schema_name])
        return [TableInfo(*row) for row in cursor.fetchall() if row[0] not in self.ignored_tables]
