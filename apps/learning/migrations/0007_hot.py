"""A beat rewrites its rows in place: no index holds what it changes, and pages have room for the next version of a row."""

from typing import ClassVar

from django.db import migrations

ROOM = {"learning_studysession": 50, "learning_coverage": 70, "learning_proofstate": 70}


class Migration(migrations.Migration):
    """Silent sessions are found among the open ones, which the unique indexes hold."""

    dependencies: ClassVar = [("learning", "0006_appeals")]
    operations: ClassVar = [
        migrations.RemoveIndex("studysession", "session_open_since"),
        *(
            migrations.RunSQL(f'ALTER TABLE "{table}" SET (fillfactor = {percent})', f'ALTER TABLE "{table}" RESET (fillfactor)')
            for table, percent in ROOM.items()
        ),
    ]
