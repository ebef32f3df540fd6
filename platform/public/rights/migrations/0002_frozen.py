"""Once a version was submitted its register stands: rows are replaced by newer ones, never changed or taken away."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only

_FUNCTION = """
CREATE FUNCTION public.rights_only_in_drafts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM catalogue_courseversion v WHERE v.id = OLD.version_id AND v.state <> 'DRAFT') THEN
    RAISE EXCEPTION 'the register of a submitted version stands' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""
_TABLES = ("rights_rightsasset", "rights_peopleanswer")


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("rights", "0001_initial"), ("catalogue", "0004_visibility"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        migrations.RunSQL(
            [
                _FUNCTION,
                *(
                    f"CREATE TRIGGER only_in_drafts BEFORE UPDATE OR DELETE ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION public.rights_only_in_drafts()"
                    for table in _TABLES
                ),
            ],
            "DROP FUNCTION public.rights_only_in_drafts() CASCADE",
        ),
        append_only("rights_expiryalert"),
    ]
