"""Promises, steps, editions and votes only grow; the first hours, ready answers and questions are there from the start. No enterprise has a right here."""

from typing import Any, ClassVar

from django.db import migrations
from django.utils import timezone

from public.helpdesk.seed import first, reading
from tenants.database.append_only import append_only


def _load(apps: Any, editor: Any) -> None:
    at, alias = timezone.now(), editor.connection.alias
    promise, canned, article, edition = (apps.get_model("helpdesk", name) for name in ("Promise", "Canned", "Article", "Edition"))
    promise.objects.using(alias).bulk_create([promise(**line, at=at) for line in first.promises()])
    canned.objects.using(alias).bulk_create(
        [canned(title=title, text=text, changed_by="seed", changed_at=at) for title, text in first.CANNED]
    )
    for one in reading.entries():
        row = article.objects.using(alias).create(number=1, changed_at=at)
        edition.objects.using(alias).create(
            article=row,
            number=1,
            audiences=one.audiences,
            question=one.question,
            question_en=one.question_en,
            answer=one.answer,
            answer_en=one.answer_en,
            other_words=one.other_words,
            chapter=one.chapter,
            by="seed",
            at=at,
        )


class Migration(migrations.Migration):
    """Triggers, then data."""

    dependencies: ClassVar = [("helpdesk", "0001_initial"), ("tenants", "0002_functions")]
    operations: ClassVar = [
        append_only("helpdesk_promise"),
        append_only("helpdesk_step"),
        append_only("helpdesk_edition"),
        append_only("helpdesk_vote"),
        migrations.RunPython(_load, migrations.RunPython.noop),
    ]
