"""Migration operations that make a table append-only, and bind a shared table's rows to enterprises."""

from django.db.migrations import RunSQL


def always(table: str) -> str:
    """Return the SQL after which the triggers of an append-only table fire in replica mode too."""
    return f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER only_grows, ENABLE ALWAYS TRIGGER only_grows_t'


def append_only(table: str) -> RunSQL:
    """Return the operation after which UPDATE, DELETE and TRUNCATE on ``table`` are refused, also in replica mode."""
    return RunSQL(
        [
            f'CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW EXECUTE FUNCTION public.refuse_change()',
            f'CREATE TRIGGER only_grows_t BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change()',
            always(table),
        ],
        [f'DROP TRIGGER only_grows ON "{table}"', f'DROP TRIGGER only_grows_t ON "{table}"'],
    )


def forgets_names(table: str) -> RunSQL:
    """Return the operation after which an append-only ``table`` lets the name of an erased person go, and nothing else.

    What is let through, by table, says `refuse_change_but_forgetting` (migrations of `public.privacy`); only ``privacy_forget`` does it.
    """
    return RunSQL(
        [
            f'CREATE OR REPLACE TRIGGER only_grows BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION public.refuse_change_but_forgetting()",
            always(table),
        ],
        [
            f'CREATE OR REPLACE TRIGGER only_grows BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION public.refuse_change()",
            always(table),
        ],
    )


def own_rows_only(table: str) -> RunSQL:
    """Return the operation after which an enterprise's role sees and adds only rows whose ``schema_name`` is its own."""
    return RunSQL(
        [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'CREATE POLICY own_rows ON "{table}" '
            f"USING (schema_name = public.enterprise_schema() OR public.enterprise_schema() = 'platform') "
            f"WITH CHECK (schema_name = public.enterprise_schema() OR public.enterprise_schema() = 'platform')",
        ],
        [f'DROP POLICY own_rows ON "{table}"', f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'],
    )


def visible_to_enterprises(table: str, condition: str) -> RunSQL:
    """Return the operation after which enterprises see only rows that meet ``condition``; the platform sees all."""
    return RunSQL(
        [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f"CREATE POLICY visible ON \"{table}\" USING (public.enterprise_schema() = 'platform' OR ({condition}))",
        ],
        [f'DROP POLICY visible ON "{table}"', f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'],
    )
