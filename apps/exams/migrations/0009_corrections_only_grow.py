"""Corrected results and the periods that held stay as they were written, for everybody, the owner too (clause 四.2)."""

from typing import ClassVar

from django.db import migrations

from tenants.database.append_only import append_only


class Migration(migrations.Migration):
    """Triggers."""

    dependencies: ClassVar = [("exams", "0008_marking")]
    operations: ClassVar = [append_only("exams_scoreentry"), append_only("exams_markingrule")]
