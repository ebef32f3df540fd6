"""Writes of the shared banks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from public.questions import rows, seed
from public.questions.models import Question, QuestionVersion, SharedBank


@transaction.atomic
def load_seed(*, at: datetime) -> None:
    """Put the product's own hundred questions into the first bank, published. Safe to repeat: what is there stays."""
    bank, _made = SharedBank.objects.get_or_create(title=seed.BANK, defaults={"created_at": at})
    there = set(Question.objects.values_list("code", flat=True))
    put(bank, ((entry["id"], seed.content(entry)) for entry in seed.questions() if entry["id"] not in there), at=at)


def put(bank: SharedBank, entries: Iterable[tuple[str, dict[str, Any]]], *, at: datetime) -> None:
    """Write (code, content) as questions that are published already, in their first version. Only for what comes with the product."""
    contents = dict(entries)
    made = Question.objects.bulk_create([Question(uuid=seed.key(code), bank=bank, code=code, created_at=at) for code in contents])
    QuestionVersion.objects.bulk_create(
        [
            QuestionVersion(
                question=question, number=1, state=QuestionVersion.State.PUBLISHED, author_id=0, created_at=at,
                submitted_at=at, published_at=at, **rows.columns(contents[question.code]),
            )
            for question in made
        ]
    )  # fmt: skip
