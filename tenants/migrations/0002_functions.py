"""Functions of the database that every floor above stands on."""

from typing import ClassVar

from django.db import migrations

# Which schema the statement's role belongs to. current_setting('role') stays the caller's inside SECURITY DEFINER functions.
WHERE_AM_I = """
CREATE FUNCTION public.enterprise_schema() RETURNS text STABLE PARALLEL SAFE LANGUAGE sql
AS $$ SELECT split_part(current_setting('role'), '.', 2) $$
"""

# One warm schema and its role become the new enterprise's; the caller needs no DDL right.
CLAIM = """
CREATE FUNCTION public.claim_schema(wanted_fingerprint text, new_name text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE warm text;
BEGIN
  IF new_name !~ '^e_[0-9a-z]{12}$' THEN
    RAISE EXCEPTION 'not a schema name: %', new_name USING ERRCODE = 'invalid_name';
  END IF;
  DELETE FROM tenants_pooledschema WHERE name = (
    SELECT name FROM tenants_pooledschema WHERE fingerprint = wanted_fingerprint
    ORDER BY name FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING name INTO warm;
  IF warm IS NOT NULL THEN
    EXECUTE format('ALTER SCHEMA %I RENAME TO %I', warm, new_name);
    EXECUTE format('ALTER ROLE %I RENAME TO %I', current_database() || '.' || warm, current_database() || '.' || new_name);
  END IF;
  RETURN warm;
END $$
"""

# Trigger of append-only tables: refuses whoever asks, the owner too.
REFUSE = """
CREATE FUNCTION public.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %.% is refused: the record only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$
"""


class Migration(migrations.Migration):
    """Functions."""

    dependencies: ClassVar = [("tenants", "0001_initial")]
    operations: ClassVar = [
        migrations.RunSQL(WHERE_AM_I, "DROP FUNCTION public.enterprise_schema()"),
        migrations.RunSQL(
            [CLAIM, "REVOKE ALL ON FUNCTION public.claim_schema(text, text) FROM PUBLIC"],
            "DROP FUNCTION public.claim_schema(text, text)",
        ),
        migrations.RunSQL(REFUSE, "DROP FUNCTION public.refuse_change()"),
    ]
