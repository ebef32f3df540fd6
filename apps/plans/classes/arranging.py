"""Arranging classes: a new one, another time or trainer, who sits in, taking one off again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import opening
from apps.plans.classes import clashes, rules, telling
from apps.plans.classes.models import Attendance, ClassTrainer, OfflineClass, Room, Seat
from apps.plans.models import Assignment
from apps.plans.rules import DAY_MS
from infra.kit import clock
from infra.kit.errors import DomainError

State = OfflineClass.State


@dataclass(frozen=True, slots=True)
class ClassOrder:
    """What a manager asks for; times are aware, ``credit_ms`` the most that one learner can earn."""

    topic: str
    content: str
    trainer: UUID
    room: UUID
    starts_at: datetime
    ends_at: datetime
    credit_ms: int
    exam_needed: bool = False


@dataclass(frozen=True, slots=True)
class Seated:
    """How many were seated, and whom another class at that time kept away."""

    added: int
    busy: str


@transaction.atomic
def arrange(*, plan_uuid: UUID, order: ClassOrder, by: int, at: datetime) -> OfflineClass:
    """Arrange a class for a running plan; nobody sits in it yet.

    :raises DomainError: 404 ``not_found``; 409 ``plan_closed``, ``trainer_busy``, ``room_busy``; see :func:`_checked`
    """
    clashes.one_at_a_time()
    plan = opening.running(plan_uuid)
    row = OfflineClass(plan=plan, number=_number(order.starts_at), created_by_id=by, created_at=at)
    _fill(row, order, at)
    row.save()
    return row


@transaction.atomic
def rearrange(*, uuid: UUID, order: ClassOrder, at: datetime) -> OfflineClass:
    """Change a class that has not begun; everybody who sits in it must be free at the new time and have a seat.

    :raises DomainError: 404 ``not_found``; 409 ``class_begun``, ``trainer_busy``, ``room_busy``, ``room_full``, ``learner_busy``
    """
    clashes.one_at_a_time()
    row = _not_begun(uuid, at)
    before = (row.starts_at, row.ends_at, row.room_id)
    _fill(row, order, at)
    ids = list(row.seats.values_list("learner_id", flat=True))
    clashes.refuse_overfull(row.room, len(ids))
    clashes.refuse_busy_learners(ids, starts_at=row.starts_at, ends_at=row.ends_at, but=row.pk)
    row.save()
    if before != (row.starts_at, row.ends_at, row.room_id):
        telling.tell_learners("class.changed", row, ids, at=at, turn=f"{at:%Y%m%d%H%M%S}")
    return row


@transaction.atomic
def cancel(*, uuid: UUID, reason: str, at: datetime) -> OfflineClass:
    """Call a class off; it stays on the list. Only before anybody's presence was submitted.

    :raises DomainError: 404 ``not_found``; ``reason_missing``; 409 ``class_over`` once submitted or confirmed
    """
    row = held(uuid)
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise DomainError("reason_missing", _("请填写取消的原因，学员会看到。"), field="reason")
    if row.state == State.CANCELLED:
        return row
    if row.state != State.PLANNED:
        raise DomainError("class_over", _("这节课已结课，不能取消。"), status=409)
    row.state, row.cancelled_at, row.cancel_reason = State.CANCELLED, at, reason
    row.save(update_fields=["state", "cancelled_at", "cancel_reason"])
    telling.tell_learners("class.cancelled", row, row.seats.values_list("learner_id", flat=True), at=at)
    return row


@transaction.atomic
def seat(*, uuid: UUID, learners: list[UUID] | None, at: datetime) -> Seated:
    """Seat learners of the class's plan; who already sits there stays. Who sits elsewhere at that time is left out and told.

    :param learners: None for everybody of the plan who is on the books
    :raises DomainError: 404 ``not_found``; ``not_in_plan``, ``nobody``; 409 ``class_over``, ``room_full``; ``too_many_people``
    """
    clashes.one_at_a_time()
    row = held(uuid)
    if row.state != State.PLANNED or at >= row.ends_at:
        raise DomainError("class_over", _("这节课已经结束，不能再添加学员。"), status=409)
    wanted = _wanted(row, learners)
    busy = clashes.busy_learners(wanted, starts_at=row.starts_at, ends_at=row.ends_at, but=row.pk)
    sitting = set(row.seats.values_list("learner_id", flat=True))
    new = [key for key in wanted if key not in busy and key not in sitting]
    if len(sitting) + len(new) > rules.MOST_SEATS:
        words = _("一节课最多 %(most)s 人，请分成几期。")
        raise DomainError("too_many_people", words % {"most": rules.MOST_SEATS})
    clashes.refuse_overfull(row.room, len(sitting) + len(new))
    Seat.objects.bulk_create([Seat(klass=row, learner_id=key, added_at=at) for key in new])
    telling.tell_learners("class.seated", row, new, at=at)
    return Seated(len(new), clashes.named(busy) if busy else "")


@transaction.atomic
def unseat(*, uuid: UUID, seat_uuid: UUID, at: datetime) -> None:
    """Take somebody out of a class who has left no trace in it.

    :raises DomainError: 404 ``not_found``; 409 ``class_over``, ``has_attended``
    """
    row = held(uuid)
    found = row.seats.filter(uuid=seat_uuid).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这位学员，请刷新课程页面。"), status=404)
    if row.state != State.PLANNED:
        raise DomainError("class_over", _("这节课已结课，名单不能再改。"), status=409)
    if Attendance.objects.filter(seat=found).exists():
        raise DomainError("has_attended", _("这位学员已有签到记录，不能移出。没有到课的，结课后学时为 0。"), status=409)
    found.delete()


def held(uuid: UUID) -> OfflineClass:
    """Lock and return a class until the transaction ends.

    :raises DomainError: 404 ``not_found``
    """
    rows = OfflineClass.objects.select_for_update(of=("self",)).select_related("trainer", "room", "plan")
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这节线下课，请从列表重新进入。"), status=404)
    return row


def _not_begun(uuid: UUID, at: datetime) -> OfflineClass:
    row = held(uuid)
    if row.state != State.PLANNED or at >= row.starts_at:
        raise DomainError("class_begun", _("这节课已经开始或结束，不能再改安排。"), status=409)
    if Attendance.objects.filter(seat__klass=row).exists():
        raise DomainError("class_begun", _("已有学员签到，不能再改安排。"), status=409)
    return row


def _fill(row: OfflineClass, order: ClassOrder, at: datetime) -> None:
    """Put an order into a class.

    :raises DomainError: ``topic``, ``content``, ``times``, ``two_days``, ``past``, ``too_long``, ``hours``; 404 ``not_found``;
        409 ``archived``, ``trainer_expired``, ``trainer_busy``, ``room_busy``
    """
    row.topic, row.content = " ".join(order.topic.split()), order.content.strip()
    if not 1 <= len(row.topic) <= 80:
        raise DomainError("topic", _("请填写课程主题，不超过 80 个字。"), field="topic")
    if not 1 <= len(row.content) <= 2000:
        raise DomainError("content", _("请填写培训内容，不超过 2000 个字。"), field="content")
    check_times(order.starts_at, order.ends_at, at=at)
    check_hours(order.credit_ms, order.starts_at, order.ends_at)
    row.starts_at, row.ends_at, row.credit_ms = order.starts_at, order.ends_at, order.credit_ms
    row.exam_needed = order.exam_needed
    row.trainer, row.room = _resources(order)
    clashes.refuse_double_booking(row.trainer, row.room, starts_at=row.starts_at, ends_at=row.ends_at, but=row.pk)


def check_times(starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    """Refuse times that no class can have.

    :raises DomainError: ``times``, ``two_days``, ``past``, ``too_long``
    """
    if ends_at <= starts_at:
        raise DomainError("times", _("结束时间要晚于开始时间。"), field="ends")
    if clock.shanghai_date(starts_at) != clock.shanghai_date(ends_at):
        raise DomainError("two_days", _("一节课要在同一天内。跨夜的课请分成两期。"), field="ends")
    if ends_at - starts_at > rules.LONGEST:
        raise DomainError("too_long", _("一节课最长 12 小时，请核对时间。"), field="ends")
    if starts_at <= at:
        raise DomainError("past", _("开始时间要晚于现在，学员才能扫码签到。"), field="day")


def check_hours(credit_ms: int, starts_at: datetime, ends_at: datetime) -> None:
    """Refuse hours that are none, or more than the class is long (45 minutes each, clause 三.5).

    :raises DomainError: ``hours``
    """
    if not 0 < credit_ms <= min(DAY_MS, rules.millis(ends_at - starts_at)):
        words = _("学时要大于 0，不超过上课时间（45 分钟为 1 学时），一天最多 8 学时。")
        raise DomainError("hours", words, field="hours")


def _resources(order: ClassOrder) -> tuple[ClassTrainer, Room]:
    trainer = ClassTrainer.objects.filter(uuid=order.trainer).first()
    room = Room.objects.filter(uuid=order.room).first()
    if trainer is None or trainer.archived_at:
        raise DomainError("trainer_gone", _("请选择在册的培训教师。"), field="trainer")
    if room is None or room.archived_at:
        raise DomainError("room_gone", _("请选择在用的场地。"), field="room")
    if not trainer.is_valid_on(clock.shanghai_date(order.starts_at)):
        words = _("%(name)s的资格到 %(day)s 为止，早于上课日期。请换教师，或先更新资格。")
        values = {"name": trainer.name, "day": trainer.expires_on}
        raise DomainError("trainer_expired", words % values, status=409, field="trainer")
    return trainer, room


def _number(starts_at: datetime) -> str:
    """Return the next 期号 of the year in which the class begins; called under the lock of :func:`clashes.one_at_a_time`."""
    year = clock.shanghai_date(starts_at).year
    last = OfflineClass.objects.filter(number__startswith=f"{year}-").order_by("-id").values_list("number", flat=True).first()
    return f"{year}-{int(last.split('-')[1]) + 1 if last else 1:03d}"


def _wanted(row: OfflineClass, learners: list[UUID] | None) -> list[int]:
    in_plan = Assignment.objects.filter(plan_id=row.plan_id, learner__status="ACTIVE").order_by("learner_id")
    if learners is None:
        found = list(in_plan.values_list("learner_id", flat=True))
    else:
        ids = people.active_ids(learners)
        found = list(in_plan.filter(learner_id__in=ids).values_list("learner_id", flat=True))
        if len(found) != len(set(learners)):
            words = _("所选人员中有人不在这个培训计划里或已归档，请刷新后重新选择。")
            raise DomainError("not_in_plan", words)
    if not found:
        raise DomainError("nobody", _("请先选择学员。"))
    return found
