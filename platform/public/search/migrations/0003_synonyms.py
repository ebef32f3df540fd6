"""The first synonyms."""

from typing import Any, ClassVar

from django.db import migrations

from public.search.synonyms import GROUPS


def _load(apps: Any, editor: Any) -> None:
    rows = apps.get_model("search", "Synonym").objects.using(editor.connection.alias)
    if not rows.exists():
        rows.bulk_create([rows.model(words=list(group)) for group in GROUPS])


class Migration(migrations.Migration):
    """Data apart from structure."""

    dependencies: ClassVar = [("search", "0002_rights")]
    operations: ClassVar = [migrations.RunPython(_load, migrations.RunPython.noop)]
