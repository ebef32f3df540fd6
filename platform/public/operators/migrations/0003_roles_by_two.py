"""The database itself keeps the rule of two: no account and no role without an approved change, no change decided twice or rewritten.

While one of the three offices has never been filled, the platform is being set up and accounts may be opened without a change. An office that
was filled once stays filled: accounts are never deleted, and the last one of an office keeps its role.
"""

from typing import ClassVar

from django.db import migrations

ROLES = """
CREATE FUNCTION public.operators_roles_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said record;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'accounts of the platform stay: block them' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.role = OLD.role AND NEW.credential_id = OLD.credential_id AND NEW.person_key IS NOT DISTINCT FROM OLD.person_key
     AND NEW.change_id IS NOT DISTINCT FROM OLD.change_id THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(7203070);  -- one at a time, so that two changes do not empty an office together
  IF TG_OP = 'INSERT' AND NEW.change_id IS NULL
     AND (SELECT count(DISTINCT role) FROM public.operators_operator WHERE role IN ('SYSTEM', 'SECURITY', 'AUDIT')) < 3 THEN
    RETURN NEW;
  END IF;
  SELECT * INTO said FROM public.operators_operatorchange WHERE id = NEW.change_id;
  IF NOT FOUND OR said.state <> 'APPROVED' OR said.wanted->>'role' IS DISTINCT FROM NEW.role THEN
    RAISE EXCEPTION 'a role of the platform changes only by two administrators' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF said.kind <> 'OPEN' OR said.wanted->>'person_key' IS DISTINCT FROM NEW.person_key THEN
      RAISE EXCEPTION 'the approved change opens no such account' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF said.kind <> 'ROLE' OR said.subject_id IS DISTINCT FROM NEW.id OR NEW.credential_id <> OLD.credential_id
     OR NEW.person_key IS DISTINCT FROM OLD.person_key OR NEW.change_id IS NOT DISTINCT FROM OLD.change_id THEN
    RAISE EXCEPTION 'the approved change gives this account no such role' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.role IN ('SYSTEM', 'SECURITY', 'AUDIT') AND OLD.role <> NEW.role
     AND NOT EXISTS (SELECT 1 FROM public.operators_operator WHERE role = OLD.role AND id <> OLD.id) THEN
    RAISE EXCEPTION 'the last % keeps the office', OLD.role USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$
"""
CHANGES = """
CREATE FUNCTION public.operators_changes_stand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'changes of rights are never deleted' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'OPEN' OR NEW.asked_role IS DISTINCT FROM (SELECT role FROM public.operators_operator WHERE id = NEW.asked_by_id) THEN
      RAISE EXCEPTION 'a change begins as a request of somebody who holds the office' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state <> 'OPEN' OR ROW(NEW.id, NEW.uuid, NEW.kind, NEW.subject_id, NEW.wanted, NEW.reason, NEW.asked_by_id, NEW.asked_role, NEW.asked_at,
      NEW.expires_at) IS DISTINCT FROM ROW(OLD.id, OLD.uuid, OLD.kind, OLD.subject_id, OLD.wanted, OLD.reason, OLD.asked_by_id, OLD.asked_role,
      OLD.asked_at, OLD.expires_at) THEN
    RAISE EXCEPTION 'what was asked and what was decided stand' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.decided_by_id IS NOT NULL
     AND NEW.decided_role IS DISTINCT FROM (SELECT role FROM public.operators_operator WHERE id = NEW.decided_by_id) THEN
    RAISE EXCEPTION 'who decides holds the office' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$
"""


def _guard(table: str, name: str, function: str) -> list[str]:
    return [
        f"CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION public.{function}()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("operators", "0002_three_administrators")]
    operations: ClassVar = [
        migrations.RunSQL(
            [ROLES, *_guard("operators_operator", "roles_by_two", "operators_roles_by_two")],
            "DROP TRIGGER roles_by_two ON operators_operator; DROP FUNCTION public.operators_roles_by_two()",
        ),
        migrations.RunSQL(
            [CHANGES, *_guard("operators_operatorchange", "changes_stand", "operators_changes_stand")],
            "DROP TRIGGER changes_stand ON operators_operatorchange; DROP FUNCTION public.operators_changes_stand()",
        ),
    ]
