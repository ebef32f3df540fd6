"""Who was there: signed by the learner's own phone with the code on the screen, or written down by the trainer with a reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.plans.classes import arranging, codes, rules
from apps.plans.classes.models import Attendance, OfflineClass, Seat
from infra.kit import clock
from infra.kit.errors import DomainError

Kind, State = Attendance.Kind, OfflineClass.State


@transaction.atomic
def sign(*, uuid: UUID, learner_id: int, code: str, do: Literal["in", "out"], terminal: str, ip: str, at: datetime) -> Attendance:
    """Sign a learner in or out by the code that the trainer's screen shows now. Signing in twice is the first one again.

    What is signed outside the class counts nothing (:func:`rules.presence`); far outside it is refused.

    :param terminal: the device's name; one device signs for one person of a class
    :raises DomainError: 404 ``not_found``, also for who does not sit there; 409 ``class_cancelled``, ``not_open``,
        ``wrong_code``, ``terminal_used``, ``not_signed_in``
    """
    row = arranging.held(uuid)  # the class first, as everywhere: two who press at once on one phone take turns
    seat = seat_of(uuid, learner_id)
    _refuse_closed(row, at)
    if not codes.is_good(code.strip(), klass=uuid, at=at):
        raise DomainError(
            "wrong_code", _("签到码不对或已更换。请看教师屏幕上最新的 6 位数字，再输入一次。"), status=409, field="code"
        )
    if Attendance.objects.filter(seat__klass=row, terminal=terminal).exclude(seat=seat).exists():
        words = _("这台设备已为本节课的另一位学员签到。请用自己的手机；没有手机的请教师登记。")
        raise DomainError("terminal_used", words, status=409)
    return _signed(seat, do, terminal=terminal, ip=ip, at=at)


def _signed(seat: Seat, do: Literal["in", "out"], *, terminal: str, ip: str, at: datetime) -> Attendance:
    last = seat.attendance.order_by("-id").first()
    is_in = last is not None and last.kind == Kind.IN
    if do == "in" and last is not None and is_in:
        return last
    if do == "out" and not is_in:
        raise DomainError("not_signed_in", _("您还没有签到，请先签到。"), status=409)
    kind = Kind.IN if do == "in" else Kind.OUT
    return Attendance.objects.create(seat=seat, kind=kind, at=at, terminal=terminal, ip=ip)


def _refuse_closed(row: OfflineClass, at: datetime) -> None:
    if row.state == State.CANCELLED:
        raise DomainError("class_cancelled", _("这节课已取消：%(reason)s") % {"reason": row.cancel_reason}, status=409)
    if row.state == State.PLANNED and rules.signing_is_open(at, starts_at=row.starts_at, ends_at=row.ends_at):
        return
    if at < row.starts_at:
        opens = (row.starts_at - rules.EARLY).astimezone(clock.SHANGHAI)
        raise DomainError("not_open", _("还不能签到，%(time)s 开始。") % {"time": f"{opens:%m-%d %H:%M}"}, status=409)
    raise DomainError("not_open", _("这节课的签到已经结束。确实到课的，请教师登记。"), status=409)


@transaction.atomic
def mark(
    *,
    uuid: UUID,
    seat_uuid: UUID,
    since: datetime | None,
    until: datetime | None,
    reason: str,
    by: int,
    at: datetime,
) -> Attendance:
    """Write down when somebody was there, in place of what was signed; None and None: absent. Until the class is submitted.

    :raises DomainError: 404 ``not_found``; ``reason_missing``, ``times``; 409 ``class_over``, ``not_open`` before the class
    """
    row = arranging.held(uuid)
    seat = seat_in(row, seat_uuid)
    if row.state != State.PLANNED:
        raise DomainError("class_over", _("这节课已结课。需要更正的，请在确认后使用“更正”。"), status=409)
    if at < row.starts_at:
        raise DomainError("not_open", _("还没有上课，不能登记到课。"), status=409)
    return write_down(Kind.MARK, row, seat, since=since, until=until, reason=reason, by=by, at=at)


def write_down(
    kind: Attendance.Kind,
    row: OfflineClass,
    seat: Seat,
    *,
    since: datetime | None,
    until: datetime | None,
    reason: str,
    by: int,
    at: datetime,
) -> Attendance:
    """Add a row by a manager.

    :raises DomainError: ``reason_missing``; ``times`` where they are not within the class or have not passed yet
    """
    reason = " ".join(reason.split())[:200]
    if len(reason) < 2:
        raise DomainError("reason_missing", _("请写明原因，例如：手机没电，本人到课。"), field="reason")
    if (since is None) != (until is None):
        raise DomainError("times", _("请填写到课和离开两个时间，或选择“缺课”。"), field="since")
    if since is not None and until is not None and not row.starts_at <= since < until <= min(row.ends_at, at):
        raise DomainError("times", _("时间要在上课时间以内、不晚于现在，并且离开晚于到课。"), field="since")
    return Attendance.objects.create(seat=seat, kind=kind, at=at, since=since, until=until, reason=reason, by_id=by)


def seat_of(uuid: UUID, learner_id: int) -> Seat:
    """Return a learner's seat with class, trainer, room and plan.

    :raises DomainError: 404 ``not_found``
    """
    rows = Seat.objects.select_related("klass__trainer", "klass__room", "klass__plan")
    row = rows.filter(klass__uuid=uuid, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", _("您不在这节课的名单里。请核对课程，或请教师把您加入名单。"), status=404)
    return row


def seat_in(row: OfflineClass, seat_uuid: UUID) -> Seat:
    """Return a seat of a class, locked.

    :raises DomainError: 404 ``not_found``
    """
    seat = row.seats.select_for_update(of=("self",)).filter(uuid=seat_uuid).first()
    if seat is None:
        raise DomainError("not_found", _("没有找到这位学员，请刷新课程页面。"), status=404)
    return seat


def presence_of(row: OfflineClass, events: Iterable[Attendance]) -> rules.Presence:
    """Return when somebody was in a class, by the rows of attendance in order."""
    told = (rules.Event(event.kind, event.at, event.since, event.until) for event in events)
    return rules.presence(told, starts_at=row.starts_at, ends_at=row.ends_at)


def refuse_in_class(*, learner_id: int, at: datetime) -> None:
    """Refuse to study online who is signed in to a class that runs: one time on the clock counts once (clause 三.5).

    :raises DomainError: 409 ``in_class``
    """
    now = OfflineClass.objects.filter(state=State.PLANNED, starts_at__lte=at, ends_at__gt=at)
    for seat in Seat.objects.filter(klass__in=now, learner_id=learner_id).select_related("klass").prefetch_related("attendance"):
        events = sorted(seat.attendance.all(), key=lambda event: event.pk)
        if presence_of(seat.klass, events).open_since is not None:
            words = _("您正在上线下课“%(topic)s”。同一时间不重复计学时，请下课签退后再学。")
            raise DomainError("in_class", words % {"topic": seat.klass.topic}, status=409)
