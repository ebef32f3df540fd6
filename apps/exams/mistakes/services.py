"""Writes of the book: answers are taken in, once each; what was mastered may be put back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.mistakes import memory, rules
from apps.exams.mistakes.models import Collected, Mistake
from apps.exams.mistakes.shapes import PRACTICE, Answered
from infra.kit import clock
from infra.kit.errors import DomainError

_CHANGED = ("item", "point", "times", "last_wrong_at", "due_on", "stability", "difficulty", "reviewed_on", "mastered_at")


@transaction.atomic
def collect(
    *,
    learner_id: int,
    source: str,
    ref: UUID,
    answers: Sequence[Answered],
    at: datetime,
    assignment_id: int | None = None,
    in_book: bool = True,
    held: bool = False,
) -> int:
    """Take in the answers of one exam, quiz or practice; part of the caller's transaction. Done again, nothing changes.

    Wrong ones enter the book, or come back into it. Right ones count for questions of the book that are due: who knows it in an
    exam knows it as well as in practice.

    :param source: one of ``shapes.SOURCES``
    :param ref: uuid of the attempt, the quiz or the practice; with an item's ``no`` it says which answer it is
    :param assignment_id: the duty that it belonged to, where there is one
    :param in_book: False where the learner may not see the questions again: then the answers count for weak points alone
    :param held: the same questions may be asked again before they count: what was wrong waits, for practice tells the keys, until the
        same answers are told without it
    :returns: how many answers were new
    """
    hold(learner_id)
    known = dict(Collected.objects.filter(ref=ref).values_list("no", "held"))
    fresh = {one.item["no"]: one for one in answers if one.item["no"] not in known}
    freed = {} if held else {one.item["no"]: one for one in answers if known.get(one.item["no"])}
    if freed:
        Collected.objects.filter(ref=ref, no__in=freed).update(held=False)
    Collected.objects.bulk_create(
        Collected(
            learner_id=learner_id,
            source=source,
            ref=ref,
            no=no,
            assignment_id=assignment_id,
            key=rules.key_of(one.item),
            point=rules.point_of(one.item),
            topic=str(one.item.get("topic") or "")[:40],
            right=one.right,
            held=held and not one.right,
            at=at,
        )
        for no, one in fresh.items()
    )
    if in_book:
        shown = [*(one for one in fresh.values() if one.right or not held), *freed.values()]
        note(learner_id, shown, at, is_practice=source == PRACTICE)
    return len(fresh)


def hold(learner_id: int) -> None:
    """Let nobody else write into this learner's book until the transaction ends; taken after all other locks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext(%s))", [f"mistakes:{learner_id}"])


def note(learner_id: int, answers: Sequence[Answered], at: datetime, *, is_practice: bool) -> None:
    """Write answers into a learner's book, which the caller holds."""
    rows = {
        row.key: row for row in Mistake.objects.filter(learner_id=learner_id, key__in={rules.key_of(one.item) for one in answers})
    }
    changed, made = set[str](), set[str]()
    for one in answers:
        key = rules.key_of(one.item)
        row = rows.get(key)
        if row is None and not one.right:
            rows[key] = _mistake(learner_id, key, one, at)
            made.add(key)
        elif row is not None and (_right if one.right else _wrong)(row, one, at, is_practice=is_practice):
            changed.add(key)
    Mistake.objects.bulk_create(rows[key] for key in sorted(made))
    Mistake.objects.bulk_update([rows[key] for key in sorted(changed - made)], _CHANGED)


def _mistake(learner_id: int, key: str, one: Answered, at: datetime) -> Mistake:
    row = Mistake(learner_id=learner_id, key=key, item=rules.kept(one.item), point=rules.point_of(one.item))
    row.first_wrong_at = row.last_wrong_at = at
    row.memory = memory.fresh(clock.shanghai_date(at))
    return row


def _wrong(row: Mistake, one: Answered, at: datetime, *, is_practice: bool) -> bool:
    day = clock.shanghai_date(at)
    row.memory = memory.answered(row.memory, right=False, day=day) if is_practice else memory.missed(row.memory, day=day)
    row.times, row.last_wrong_at, row.mastered_at = min(row.times + 1, 32_000), at, None
    if not is_practice:  # a newer version of the question takes the place of the old one
        row.item, row.point = rules.kept(one.item), rules.point_of(one.item)
    return True


def _right(row: Mistake, one: Answered, at: datetime, *, is_practice: bool) -> bool:
    before = row.memory
    if row.mastered_at is not None:
        return False
    row.memory = memory.answered(before, right=True, day=clock.shanghai_date(at))
    if row.memory.is_mastered:
        row.mastered_at = at
    return row.memory != before


@transaction.atomic
def put_back(*, mistake: UUID, learner_id: int, at: datetime) -> None:
    """Put a mastered question back into the book, to be learnt anew from today; one that is in it stays as it is.

    :raises DomainError: ``not_found`` (404), also for somebody else's
    """
    hold(learner_id)
    row = Mistake.objects.filter(uuid=mistake, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这道错题，请从错题本重新进入。"), status=404)
    if row.mastered_at is not None:
        row.memory, row.mastered_at = memory.fresh(clock.shanghai_date(at)), None
        row.save(update_fields=_CHANGED)
