"""What a schema consists of, told so that two schemas can be compared."""

from __future__ import annotations

import re
from typing import Any

import psycopg

_PARTS = """
SELECT 'column', c.relname, a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
    pg_get_expr(d.adbin, d.adrelid), a.attnum)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = %(schema)s::text::regnamespace AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL SELECT 'relation', c.relname, c.relkind::text, concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text)
  FROM pg_class c WHERE c.relnamespace = %(schema)s::text::regnamespace
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, concat_ws(' ', pg_get_constraintdef(oid), condeferrable, convalidated)
  FROM pg_constraint WHERE connamespace = %(schema)s::text::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s::text
UNION ALL SELECT 'trigger', c.relname, tgname, concat_ws(' ', pg_get_triggerdef(t.oid), tgenabled)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = %(schema)s::text::regnamespace AND NOT tgisinternal
UNION ALL SELECT 'function', proname, prosecdef::text, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = %(schema)s::text::regnamespace
UNION ALL SELECT 'policy', tablename, policyname, concat_ws(' ', roles::text, cmd, qual, with_check) FROM pg_policies WHERE schemaname = %(schema)s::text
UNION ALL SELECT 'sequence', sequencename, data_type::text, concat_ws(' ', start_value, increment_by, max_value, cycle)
  FROM pg_sequences WHERE schemaname = %(schema)s::text
UNION ALL SELECT 'type', typname, typtype::text, NULL FROM pg_type
  WHERE typnamespace = %(schema)s::text::regnamespace AND typtype IN ('e', 'd', 'r', 'm')
UNION ALL SELECT 'statistics', stxname, NULL, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext WHERE stxnamespace = %(schema)s::text::regnamespace
"""


def signature(db: psycopg.Connection[Any], schema: str) -> set[tuple[str, ...]]:
    """Return every object of a schema with its definition, the schema's own name written as ``@``."""
    rows = db.execute(_PARTS, {"schema": schema}).fetchall()
    return {tuple(_plain(str(cell)).replace(schema, "@") for cell in row) for row in rows}


def _plain(definition: str) -> str:
    """Leave casts and brackets out: PostgreSQL itself writes them differently after a dump, with the same meaning."""
    return re.sub(r"::(text|character varying)(\[\])?|[()]", "", definition)
