"""Taking finished tries apart into facts that the database can count. May be cut off and repeated."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from apps.exams.marking import rules
from apps.exams.marking.results import Result, results_of
from apps.exams.models import Attempt
from apps.exams.statistics.models import AnswerFact, CountedAttempt, QuestionFace
from apps.people import api as people
from public.questions import api as questions

_BATCH = 200
_WORDS = 500
"""Characters that are kept of one option or of what was typed: as long as either may be, for marking anew compares whole texts."""
_CHANGES = ("points", "counts")


def behind() -> QuerySet[Attempt]:
    """Return finished tries of people that are not counted yet, or were corrected since; samples are counted nowhere."""
    counted = CountedAttempt.objects.annotate(now=Count("attempt__score_entries"))
    stale = counted.exclude(entries=F("now")).values("attempt_id")
    fresh = ~Q(pk__in=CountedAttempt.objects.values("attempt_id"))
    return Attempt.objects.filter(fresh | Q(pk__in=stale), people.real("learner"), score__isnull=False)


def catch_up(*, most: int | None = None) -> int:
    """Count what is not counted yet, the oldest tries first; returns how many tries.

    :param most: at most so many, for a request that waits; None for all
    """
    ids = list(behind().order_by("pk").values_list("pk", flat=True)[:most])
    for begin in range(0, len(ids), _BATCH):
        _count(ids[begin : begin + _BATCH])
    return len(ids)


@transaction.atomic
def _count(ids: Sequence[int]) -> None:
    rows = list(Attempt.objects.select_for_update(of=("self",)).select_related("assignment").filter(pk__in=ids).order_by("pk"))
    results = results_of(rows)
    made = [fact for row in rows for fact in _facts(row, results[row.pk])]
    AnswerFact.objects.bulk_create(
        made, batch_size=2_000, update_conflicts=True, unique_fields=["attempt", "no"], update_fields=_CHANGES
    )
    faces = {rules.key_of(item): _face(item) for row in reversed(rows) for item in row.paper}
    QuestionFace.objects.bulk_create(faces.values(), batch_size=1_000, ignore_conflicts=True)
    counted = [CountedAttempt(attempt=row, entries=results[row.pk].corrected) for row in rows]
    CountedAttempt.objects.bulk_create(counted, update_conflicts=True, unique_fields=["attempt"], update_fields=["entries"])


def _face(item: rules.Item) -> QuestionFace:
    about = rules.named(rules.key_of(item))
    return QuestionFace(**about, stem=str(item["stem"])[:200], topic=str(item.get("topic", ""))[:80], item=dict(item))


def _facts(row: Attempt, result: Result) -> list[AnswerFact]:
    return [_fact(row, item, result) for item in row.paper]


def _fact(row: Attempt, item: rules.Item, result: Result) -> AnswerFact:
    no = int(item["no"])
    response = row.answers.get(str(no), [])
    texts = [] if item["kind"] == "text" else rules.texts_of(item, response)
    return AnswerFact(
        attempt=row,
        learner_id=row.learner_id,
        plan_id=row.assignment.plan_id,
        number=row.number,
        no=no,
        **rules.named(rules.key_of(item)),
        kind=item["kind"],
        worth=questions.worth(item),
        points=result.points.get(no, 0),
        blank=not any(text.strip() for text in response),
        counts=no not in result.left_out,
        chosen=[text[:_WORDS] for text in texts],
    )


def sample(key: rules.Key) -> dict[str, Any] | None:
    """Return the question as one paper had it, with its key; None when no finished try had it. One query."""
    return QuestionFace.objects.filter(**rules.named(key)).values_list("item", flat=True).first()


def is_up_to_date() -> bool:
    """Return whether every finished try is counted."""
    return not behind().exists()
