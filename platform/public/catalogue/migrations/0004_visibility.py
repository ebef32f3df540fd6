"""Private courses are seen by their own enterprise only; recalled versions stay visible, so that it can be said why."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only, visible_to_enterprises

_FORMER = "public.enterprise_schema() = 'platform' OR (state IN ('PUBLISHED', 'RETIRED'))"
_NOW = """(SELECT public.enterprise_schema()) = 'platform' OR (
    state IN ('PUBLISHED', 'RETIRED', 'RECALLED') AND visible_to IN ('', (SELECT public.enterprise_schema())))"""
_OF_A_VERSION = "EXISTS (SELECT 1 FROM catalogue_courseversion v WHERE v.id = version_id)"


class Migration(migrations.Migration):
    """Row-level security and triggers."""

    dependencies: ClassVar = [("catalogue", "0003_authoring")]
    operations: ClassVar = [
        migrations.RunSQL(
            f"ALTER POLICY visible ON catalogue_courseversion USING ({_NOW})",
            f"ALTER POLICY visible ON catalogue_courseversion USING ({_FORMER})",
        ),
        visible_to_enterprises("catalogue_course", "NOT is_private OR provider_schema = public.enterprise_schema()"),
        visible_to_enterprises("catalogue_chapter", _OF_A_VERSION),
        visible_to_enterprises("catalogue_notice", _OF_A_VERSION),
        append_only("catalogue_notice"),
    ]
