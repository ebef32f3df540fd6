"""The queue of written answers: put in, taken by one marker at a time, marked once; the last one settles the try."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from apps.exams.marking import rules, telling
from apps.exams.marking.enqueuing import enqueue
from apps.exams.marking.models import MarkTask
from apps.exams.models import Attempt
from apps.exams.sitting.services import settle
from apps.people import api as people
from apps.plans import api as plans
from infra.kit.errors import DomainError


@dataclass(frozen=True, slots=True)
class Mark:
    """What a marker gives for one answer. ``reason`` is needed below full points; the learner reads it."""

    points: int
    reason: str = ""


def catch_up(*, at: datetime) -> int:
    """Put in what is being marked and has nothing in the queue, and settle what has no mark left to wait for. Returns how many."""
    tasks = MarkTask.objects.filter(attempt=OuterRef("pk"))
    marking = Attempt.objects.filter(state="MARKING")
    lost = list(marking.filter(~Exists(tasks)).values_list("pk", flat=True))
    stuck = list(marking.filter(Exists(tasks), ~Exists(tasks.filter(points=None))).values_list("pk", flat=True))
    for attempt_id in lost:
        enqueue(attempt_id=attempt_id, at=at)
    for attempt_id in stuck:
        _settle_if_done(attempt_id, at=at)
    return len(lost) + len(stuck)


@transaction.atomic
def claim(*, key: rules.Key, by: people.ManagerView, own: int | None, at: datetime, most: int = rules.BATCH) -> list[MarkTask]:
    """Take up to ``most`` answers to one question, those due first; what the marker has taken already comes first.

    Two markers never get the same: rows that another one is just taking are passed over. Own answers are never given.

    :param own: the marker's own id as a learner
    """
    open_rows = MarkTask.objects.filter(**rules.named(key), points=None).exclude(learner__in=_nobody(own))
    free = Q(claimed_by=None) | Q(claimed_until__lt=at) | Q(claimed_by=by.id)
    mine_first = Case(When(claimed_by=by.id, then=Value(0)), default=Value(1))
    wanted = open_rows.filter(free).order_by(mine_first, "due_at", "pk")
    rows = list(wanted.select_for_update(skip_locked=True, of=("self",))[:most])
    MarkTask.objects.filter(pk__in=[row.pk for row in rows]).update(claimed_by=by.id, claimed_until=at + rules.CLAIM)
    for row in rows:
        row.claimed_by_id, row.claimed_until = by.id, at + rules.CLAIM
    return rows


@transaction.atomic
def release(*, by: people.ManagerView) -> int:
    """Give back what a marker has taken and not marked."""
    return MarkTask.objects.filter(points=None, claimed_by=by.id).update(claimed_by=None, claimed_until=None)


def mark_all(*, marks: Mapping[UUID, Mark], by: people.ManagerView, own: int | None, at: datetime) -> int:
    """Mark several answers, all or none, and settle the tries that have nothing left to wait for. Returns how many were marked.

    :raises DomainError: as :func:`mark`
    """
    with transaction.atomic():
        attempts = {_marked(task_uuid, said, by=by, own=own, at=at) for task_uuid, said in sorted(marks.items())}
    for attempt_id in sorted(attempts):
        _settle_if_done(attempt_id, at=at)
    return len(marks)


def mark(*, task: UUID, points: int, reason: str, by: people.ManagerView, own: int | None, at: datetime) -> None:
    """Mark one answer, once.

    :raises DomainError: 404 ``not_found``; 409 ``already_marked``, ``taken``; 403 ``own_answer``; ``points``, ``reason``
    """
    mark_all(marks={task: Mark(points, reason)}, by=by, own=own, at=at)


def _marked(task_uuid: UUID, said: Mark, *, by: people.ManagerView, own: int | None, at: datetime) -> int:
    row = MarkTask.objects.select_for_update(of=("self",)).filter(uuid=task_uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这份作答，请从判卷列表重新进入。"), status=404)
    if row.points is not None:
        raise DomainError("already_marked", _("这份作答刚刚已经判过。要改分，请在试卷页提出改分。"), status=409)
    if own == row.learner_id:
        raise DomainError("own_answer", _("不能判自己的答卷，请由另一位管理人员判。"), status=403)
    if row.claimed_by_id not in {None, by.id} and row.claimed_until and row.claimed_until >= at:
        raise DomainError("taken", _("这份作答正由另一位判卷人处理，请换一份。"), status=409)
    _check(row, said)
    row.points, row.reason, row.marked_by_id, row.marked_at = said.points, said.reason.strip(), by.id, at
    row.claimed_by, row.claimed_until = None, None
    row.save(update_fields=["points", "reason", "marked_by", "marked_at", "claimed_by", "claimed_until"])
    return row.attempt_id


def _check(row: MarkTask, said: Mark) -> None:
    if not 0 <= said.points <= row.most:
        words = _("这道题请给 0 到 %(most)d 分。")
        raise DomainError("points", words % {"most": row.most}, field=f"points-{row.uuid}")
    reason = said.reason.strip()
    if len(reason) > 500 or (said.points < row.most and len(reason) < rules.LEAST_REASON):
        words = _("没有给满分时请写明扣分理由，%(least)d 到 500 个字，学员会看到。")
        raise DomainError("reason", words % {"least": rules.LEAST_REASON}, field=f"reason-{row.uuid}")


@transaction.atomic
def _settle_if_done(attempt_id: int, *, at: datetime) -> None:
    """Give the final result when every written answer of a try has its points, and tell the learner."""
    tasks: Sequence[MarkTask] = list(MarkTask.objects.filter(attempt=attempt_id))
    if tasks and all(task.points is not None for task in tasks):
        settle(attempt_id=attempt_id, points={task.no: int(task.points or 0) for task in tasks}, at=at)
        row = Attempt.objects.get(pk=attempt_id)
        telling.tell_marked(row, plans.assignment_by_id(row.assignment_id).plan_title, at=at)


def free(*, key: rules.Key, by: people.ManagerView, own: int | None, at: datetime) -> int:
    """Return how many answers to a question a marker could take now, beside what is taken already."""
    rows = MarkTask.objects.filter(**rules.named(key), points=None).exclude(learner__in=_nobody(own))
    return rows.filter(Q(claimed_by=None) | Q(claimed_until__lt=at)).count()


def _nobody(own: int | None) -> list[int]:
    """Return whom a marker does not mark: oneself as a learner."""
    return [] if own is None else [own]
