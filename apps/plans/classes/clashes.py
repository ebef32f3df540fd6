"""Nobody and nothing is in two classes at once: trainer, room, seats, learners."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.people import api as people
from apps.plans.classes.models import ClassTrainer, OfflineClass, Room, Seat
from infra.kit import clock
from infra.kit.errors import DomainError

_NAMED = 5
"""So many people are named in a refusal; the rest are counted."""


def one_at_a_time() -> None:
    """Let nobody else of this enterprise arrange classes until the transaction ends, so that no two take one room at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema()), hashtext('plans-classes'))")


def at_the_same_time(starts_at: datetime, ends_at: datetime, *, but: int | None = None) -> QuerySet[OfflineClass]:
    """Return the classes that take place in any part of [starts_at, ends_at), but one."""
    rows = OfflineClass.objects.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.exclude(state=OfflineClass.State.CANCELLED).exclude(pk=but or 0)


def refuse_double_booking(
    trainer: ClassTrainer, room: Room, *, starts_at: datetime, ends_at: datetime, but: int | None = None
) -> None:
    """Refuse a trainer or a room that another class has at that time.

    :raises DomainError: 409 ``trainer_busy``, ``room_busy``
    """
    others = at_the_same_time(starts_at, ends_at, but=but)
    taken = others.filter(trainer=trainer).order_by("starts_at").first()
    if taken is not None:
        words = _("%(name)s在 %(time)s 已有课“%(topic)s”，请换教师或换时间。")
        raise DomainError("trainer_busy", words % {"name": trainer.name, **_told(taken)}, status=409, field="trainer")
    taken = others.filter(room=room).order_by("starts_at").first()
    if taken is not None:
        words = _("%(name)s在 %(time)s 已安排“%(topic)s”，请换场地或换时间。")
        raise DomainError("room_busy", words % {"name": room.name, **_told(taken)}, status=409, field="room")


def refuse_overfull(room: Room, people: int) -> None:
    """Refuse more people than seats.

    :raises DomainError: 409 ``room_full``
    """
    if people > room.seats:
        words = _("%(name)s只有 %(seats)s 个座位，参加的有 %(people)s 人。请换大一些的场地，或分成几期。")
        values = {"name": room.name, "seats": room.seats, "people": people}
        raise DomainError("room_full", words % values, status=409, field="room")


def busy_learners(
    learner_ids: Collection[int], *, starts_at: datetime, ends_at: datetime, but: int | None = None
) -> dict[int, OfflineClass]:
    """Return learner id -> the other class that they sit in at that time."""
    others = at_the_same_time(starts_at, ends_at, but=but)
    rows = Seat.objects.filter(klass__in=others, learner_id__in=learner_ids).select_related("klass")
    return {row.learner_id: row.klass for row in rows}


def refuse_busy_learners(learner_ids: Collection[int], *, starts_at: datetime, ends_at: datetime, but: int | None = None) -> None:
    """Refuse a new time at which somebody of the class sits elsewhere.

    :raises DomainError: 409 ``learner_busy``
    """
    busy = busy_learners(learner_ids, starts_at=starts_at, ends_at=ends_at, but=but)
    if busy:
        words = _("%(who)s同一时间已有另一节线下课，请换时间，或先把他们移出其中一节。")
        raise DomainError("learner_busy", words % {"who": named(busy)}, status=409, field="day")


def named(learner_ids: Iterable[int]) -> str:
    """Return a few names and how many more."""
    found = [view.name for view in people.learners(learner_ids).values()]
    more = len(found) - _NAMED
    shown = "、".join(found[:_NAMED])
    return shown if more <= 0 else ngettext("%(names)s等 %(n)d 人", "%(names)s等 %(n)d 人", len(found)) % {
        "names": shown, "n": len(found),
    }  # fmt: skip


def _told(row: OfflineClass) -> dict[str, str]:
    start, end = row.starts_at.astimezone(clock.SHANGHAI), row.ends_at.astimezone(clock.SHANGHAI)
    return {"time": f"{start:%m-%d %H:%M}–{end:%H:%M}", "topic": row.topic}
