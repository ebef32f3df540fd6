"""Whoever adds a column of `public` that names an enterprise decides whether its rows go or stay with it, and why."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from public.lifecycle.destruction import running
from tenants.scope import platform_scope
from tests.public.lifecycle.decisions import DESTROYED, KEPT, NOT_OF_ENTERPRISES

pytestmark = pytest.mark.req("R4.6")
_COLUMNS = """
SELECT c.relname || '.' || a.attname, EXISTS (
    SELECT 1 FROM pg_constraint f
    WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.conkey[1] = a.attnum AND f.confrelid = 'public.tenants_enterprise'::regclass)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
"""
_CALLED = re.compile(r"schema|tenant|enterprise|subdomain|provider|visible_to|shares|owner|company|site_id")
"""What a column that names one is called, with a constraint or without."""


def columns() -> dict[str, bool]:
    """Return table.column -> whether it is a foreign key to the enterprise, of all that name one."""
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        return {place: is_key for place, is_key in cursor.fetchall() if is_key or _CALLED.search(place.partition(".")[2])}


def test_every_column_that_names_an_enterprise_is_decided(db):
    decided = {**DESTROYED, **KEPT, **NOT_OF_ENTERPRISES}
    assert len(decided) == len(DESTROYED) + len(KEPT) + len(NOT_OF_ENTERPRISES), "one decision each"
    assert set(columns()) - set(decided) == set(), "decide in tests/public/lifecycle/decisions.py"
    assert set(decided) - set(columns()) == set(), "no such column any more"


def test_no_key_to_an_enterprise_passes_as_something_else(db):
    assert not {place for place, is_key in columns().items() if is_key} & set(NOT_OF_ENTERPRISES)


def test_what_is_cleared_by_table_is_decided_so(db):
    assert set(running.SHARED) <= {place.partition(".")[0] for place in DESTROYED}
