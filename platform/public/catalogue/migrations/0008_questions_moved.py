"""Questions live in a room of their own (`public.questions`), which took the rows along."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """The table goes."""

    dependencies: ClassVar = [("catalogue", "0007_notice_of_review"), ("questions", "0003_move")]
    operations: ClassVar = [migrations.DeleteModel(name="Question")]
