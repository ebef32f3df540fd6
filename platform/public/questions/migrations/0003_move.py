"""The questions that lay in the catalogue come here, each as a published first version (a retired one as retired)."""

from typing import ClassVar

from django.db import migrations
from django.utils import timezone

from public.questions import seed
from public.questions.fingerprints import fingerprint, words


def move(apps, schema_editor):
    """Copy every row; under the uuid that a fresh database gives it."""
    here, now = schema_editor.connection.alias, timezone.now()
    former = apps.get_model("catalogue", "Question").objects.using(here).order_by("pk")
    if not former.exists():
        return
    bank, question, version = (apps.get_model("questions", name) for name in ("SharedBank", "Question", "QuestionVersion"))
    into, _made = bank.objects.using(here).get_or_create(title=seed.BANK, defaults={"created_at": now})
    for row in former:
        mine = question.objects.using(here).create(
            uuid=seed.key(row.code), bank=into, code=row.code, created_at=now, retired_at=row.retired_at
        )
        content = {"kind": row.kind, "points": [], "media": []}
        content |= {
            key: getattr(row, key) for key in ("topic", "difficulty", "stem", "options", "answer", "explanation", "basis")
        }
        version.objects.using(here).create(
            question=mine, number=1, state="RETIRED" if row.retired_at else "PUBLISHED", kind=row.kind, topic=row.topic,
            difficulty=row.difficulty, basis=row.basis, content=content, words=words(content), fingerprint=fingerprint(content),
            author_id=0, created_at=now, submitted_at=now, published_at=now, retired_at=row.retired_at,
        )  # fmt: skip


class Migration(migrations.Migration):
    """Data."""

    dependencies: ClassVar = [("questions", "0002_frozen"), ("catalogue", "0007_notice_of_review")]
    operations: ClassVar = [migrations.RunPython(move, migrations.RunPython.noop)]
