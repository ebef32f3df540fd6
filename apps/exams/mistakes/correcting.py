"""A result was corrected: what turns out right leaves the book, what turns out wrong enters it, and a wrong key is put right in it."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from apps.exams.mistakes.models import Collected, Mistake
from apps.exams.mistakes.rules import kept, key_of
from apps.exams.mistakes.services import hold, note
from apps.exams.mistakes.shapes import PRACTICE, Answered

_BATCH = 200


@transaction.atomic
def judge_again(*, learner_id: int, ref: UUID, answers: Sequence[Answered], at: datetime, in_book: bool = True) -> int:
    """Judge answers of an exam anew that were taken in before; part of the caller's transaction. Done again, nothing changes.

    :param answers: those whose points were corrected, ``right`` as it is now, the item with the key that holds now
    :param in_book: as of `services.collect`
    :returns: how many turned
    """
    hold(learner_id)
    before = dict(Collected.objects.filter(ref=ref).values_list("no", "right"))
    turned = [one for one in answers if before.get(one.item["no"], one.right) != one.right]
    for right in (True, False):
        numbers = [one.item["no"] for one in turned if one.right is right]
        Collected.objects.filter(ref=ref, no__in=numbers).update(right=right)
    _take_out(learner_id, {key_of(one.item) for one in turned if one.right})
    if in_book:
        note(learner_id, [one for one in turned if not one.right], at, is_practice=False)
    return len(turned)


def _take_out(learner_id: int, keys: Collection[str]) -> None:
    """Count these questions once less; one that no exam and no quiz has found wrong leaves the book as if it had never been in it."""
    wrong = Collected.objects.filter(learner_id=learner_id, key__in=keys, right=False, held=False).exclude(source=PRACTICE)
    left = dict(wrong.values_list("key").annotate(n=Count("pk")).order_by())
    rows = list(Mistake.objects.filter(learner_id=learner_id, key__in=keys))
    Mistake.objects.filter(pk__in=[row.pk for row in rows if row.key not in left]).delete()
    staying = [row for row in rows if row.key in left]
    for row in staying:
        row.times = max(1, row.times - 1)
    Mistake.objects.bulk_update(staying, ["times"])


def correct_question(*, keys: Collection[str], version: int, correct: Callable[[dict[str, Any]], dict[str, Any] | None]) -> int:
    """Put a question right in everybody's book, some people at a time; done again, nothing changes. Returns in how many it was changed.

    :param keys: what the question is called in books, of a question of old papers its code too
    :param correct: the item as it is asked from now on; None where it cannot be asked any more and leaves the books
    """
    rows = Mistake.objects.filter(key__in=keys, item__version=version).order_by("pk")
    ids, changed = list(rows.values_list("pk", "learner_id")), 0
    for start in range(0, len(ids), _BATCH):
        changed += _correct(ids[start : start + _BATCH], correct)
    return changed


@transaction.atomic
def _correct(ids: Sequence[tuple[int, int]], correct: Callable[[dict[str, Any]], dict[str, Any] | None]) -> int:
    for learner_id in sorted({learner_id for _pk, learner_id in ids}):
        hold(learner_id)
    changed, gone = [], []
    for row in Mistake.objects.filter(pk__in=[pk for pk, _learner in ids]):
        item = correct(row.item)
        if item is None:
            gone.append(row.pk)
        elif kept(item) != row.item:
            row.item = kept(item)
            changed.append(row)
    Mistake.objects.bulk_update(changed, ["item"])
    Mistake.objects.filter(pk__in=gone).delete()
    return len(changed) + len(gone)
