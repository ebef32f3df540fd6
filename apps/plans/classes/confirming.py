"""From attendance to hours: one person submits a class, a second one confirms it, and only then it counts (clauses 四.1, 四.2).

The person's days are locked first, by person, then the ledger is written, and assignments are looked at in transactions of their
own: whoever studies meanwhile holds one person's day only, so nobody waits for each other.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import services
from apps.plans.classes import arranging, attending, rules, telling
from apps.plans.classes.models import Attendance, OfflineClass, Seat
from apps.plans.classes.ports import SITTINGS
from apps.plans.rules import DAY_MS
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.persons import api as persons

State, Kind = OfflineClass.State, Attendance.Kind


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one seat: when somebody was there, what of it counts online, and what may count here before the day's cap."""

    seat: Seat
    events: list[Attendance]
    presence: rules.Presence
    overlap_ms: int
    class_ms: int

    @property
    def credit_ms(self) -> int:
        """What counts if nothing else of the day is used."""
        return self.within(DAY_MS)

    def within(self, day_left_ms: int) -> int:
        """Return what counts with so much of the person's day left."""
        return rules.credit_ms(
            present_ms=self.presence.ms, overlap=self.overlap_ms, class_ms=self.class_ms, day_left_ms=day_left_ms
        )


def outcomes(row: OfflineClass, seats: list[Seat]) -> list[Outcome]:
    """Return what came of seats until now, in their order; three queries."""
    events: dict[int, list[Attendance]] = {}
    for event in Attendance.objects.filter(seat__in=seats).select_related("by").order_by("id"):
        events.setdefault(event.seat_id, []).append(event)
    keys = [seat.learner_id for seat in seats]
    sittings = SITTINGS.get().sittings(learner_ids=keys, since=row.starts_at, until=row.ends_at) if events else {}
    made = []
    for seat in seats:
        found = attending.presence_of(row, events.get(seat.pk, []))
        overlap = rules.overlap_ms(found.spans, sittings.get(seat.learner_id, []))
        made.append(Outcome(seat, events.get(seat.pk, []), found, overlap, row.credit_ms))
    return made


@transaction.atomic
def submit(*, uuid: UUID, summary: str, cost_yuan: Decimal | None, by: int, at: datetime) -> OfflineClass:
    """End a class: attendance is as it should be, a second person may look.

    :raises DomainError: 404 ``not_found``; ``summary``; 409 ``not_over``, ``class_over``, ``nobody_there``
    """
    row = arranging.held(uuid)
    if row.state != State.PLANNED:
        raise DomainError("class_over", _("这节课已经结课或取消。"), status=409)
    if at < row.ends_at:
        raise DomainError("not_over", _("还没有下课，下课后再结课。"), status=409)
    if len(summary.strip()) > 2000:
        raise DomainError("summary", _("总结不超过 2000 个字。"), field="summary")
    if not Attendance.objects.filter(seat__klass=row).exists():
        raise DomainError("nobody_there", _("还没有任何人签到或登记。请先登记到课人员；没有上课的，请取消这节课。"), status=409)
    row.state, row.submitted_by_id, row.submitted_at = State.SUBMITTED, by, at
    row.summary, row.cost_yuan = summary.strip(), cost_yuan
    row.save(update_fields=["state", "submitted_by", "submitted_at", "summary", "cost_yuan"])
    telling.ask_for_confirmation(row, at=at)
    return row


@transaction.atomic
def send_back(*, uuid: UUID, by: int, at: datetime) -> OfflineClass:
    """Give a submitted class back, so that attendance can be mended before anything counts.

    :raises DomainError: 404 ``not_found``; 409 ``not_submitted``
    """
    row = arranging.held(uuid)
    if row.state != State.SUBMITTED:
        raise DomainError("not_submitted", _("这节课不在待确认的状态，请刷新页面。"), status=409)
    row.state, row.submitted_by, row.submitted_at = State.PLANNED, None, None
    row.save(update_fields=["state", "submitted_by", "submitted_at"])
    return row


def confirm(*, uuid: UUID, by: int, at: datetime) -> OfflineClass:
    """Let a submitted class count: hours, ledger, the person's day, and then each learner's assignments. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``; 403 ``second_person``; 409 ``not_submitted``
    """
    row = _confirmed(uuid=uuid, by=by, at=at)
    for learner_id in row.seats.filter(credit_ms__gt=0).order_by("learner_id").values_list("learner_id", flat=True):
        services.review_completion(learner_id=learner_id, at=at)
    return row


@transaction.atomic
def _confirmed(*, uuid: UUID, by: int, at: datetime) -> OfflineClass:
    row = arranging.held(uuid)
    if row.state == State.CONFIRMED:
        return row
    if row.state != State.SUBMITTED:
        raise DomainError("not_submitted", _("这节课还没有结课，请先由教师或经办人结课。"), status=409)
    refuse_same_person(row, by)
    row.state, row.confirmed_by_id, row.confirmed_at = State.CONFIRMED, by, at
    row.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    seats = list(row.seats.select_for_update(of=("self",)).select_related("learner").order_by("learner__person_key"))
    found = outcomes(row, seats)
    for outcome in found:
        _pay(outcome, clock.shanghai_date(row.starts_at))
    Seat.objects.bulk_update(seats, ["present_ms", "overlap_ms", "credit_ms"], batch_size=200)
    known = people.learners([seat.learner_id for seat in seats])
    for outcome in found:
        body = _entry(row, outcome, known[outcome.seat.learner_id], event="class", effective_ms=outcome.seat.credit_ms)
        records.append_entry(kind="CLASS", subject=known[outcome.seat.learner_id].uuid, body=body, at=at)
    telling.tell_learners("class.confirmed", row, known, at=at)
    return row


def refuse_same_person(row: OfflineClass, by: int) -> None:
    """Refuse to confirm one's own work: who taught it, submitted it, or wrote presence down by hand.

    :raises DomainError: 403 ``second_person``
    """
    marked = Attendance.objects.filter(seat__klass=row, kind=Kind.MARK, by_id=by).exists()
    if by in {row.submitted_by_id, row.trainer.manager_id} or marked:
        words = _("授课、结课或登记过到课的人不能自己确认。请另一位培训管理员或企业负责人确认。")
        raise DomainError("second_person", words, status=403)


def _pay(outcome: Outcome, day: Any) -> None:
    """Debit the person's day and put the result into the seat; the caller saves it."""
    seat = outcome.seat
    seat.present_ms, seat.overlap_ms, seat.credit_ms = outcome.presence.ms, outcome.overlap_ms, 0
    if not outcome.credit_ms:
        return
    key = seat.learner.person_key
    left = max(0, DAY_MS - persons.lock_day(person_key=key, day=day))
    seat.credit_ms = outcome.within(left)
    if seat.credit_ms:
        persons.debit_day(person_key=key, day=day, ms=seat.credit_ms, cap_ms=DAY_MS)


def correct(
    *, uuid: UUID, seat_uuid: UUID, since: datetime | None, until: datetime | None, reason: str, by: int, at: datetime
) -> Seat:
    """Correct a presence of a confirmed class by a new entry; what stood before stays in the ledger. None and None: absent.

    A certificate that was issued meanwhile stays: the record never takes back, it adds.

    :raises DomainError: 404 ``not_found``; ``reason_missing``, ``times``; 403 ``second_person``; 409 ``not_confirmed``,
        ``nothing_changes``
    """
    seat = _corrected(uuid=uuid, seat_uuid=seat_uuid, since=since, until=until, reason=reason, by=by, at=at)
    services.review_completion(learner_id=seat.learner_id, at=at)
    return seat


@transaction.atomic
def _corrected(
    *, uuid: UUID, seat_uuid: UUID, since: datetime | None, until: datetime | None, reason: str, by: int, at: datetime
) -> Seat:
    row = arranging.held(uuid)
    if row.state != State.CONFIRMED:
        raise DomainError("not_confirmed", _("这节课还没有确认，请直接登记到课。"), status=409)
    if by in {row.submitted_by_id, row.trainer.manager_id}:
        words = _("授课或结课的人不能更正自己报上来的到课情况，请另一位培训管理员更正。")
        raise DomainError("second_person", words, status=403)
    seat = attending.seat_in(row, seat_uuid)
    attending.write_down(Kind.CORRECTION, row, seat, since=since, until=until, reason=reason, by=by, at=at)
    (outcome,) = outcomes(row, [seat])
    if outcome.presence.ms == seat.present_ms:
        raise DomainError("nothing_changes", _("更正后的到课时间和现在一样，不需要更正。"), status=409)
    before, learner = seat.credit_ms, people.learner(seat.learner_id)
    _settle(outcome, learner.person_key, clock.shanghai_date(row.starts_at))
    seat.save(update_fields=["present_ms", "overlap_ms", "credit_ms"])
    body = _entry(row, outcome, learner, event="class_correction", effective_ms=seat.credit_ms - before)
    records.append_entry(kind="CLASS", subject=learner.uuid, body={**body, "before_ms": before}, at=at)
    return seat


def _settle(outcome: Outcome, person_key: str, day: Any) -> None:
    """Debit what is more than before, or give back what is less."""
    seat, before = outcome.seat, outcome.seat.credit_ms
    used = persons.lock_day(person_key=person_key, day=day)
    seat.present_ms, seat.overlap_ms = outcome.presence.ms, outcome.overlap_ms
    seat.credit_ms = outcome.within(max(0, DAY_MS - used + before))
    if seat.credit_ms > before:
        persons.debit_day(person_key=person_key, day=day, ms=seat.credit_ms - before, cap_ms=DAY_MS)
    elif seat.credit_ms < before:
        persons.give_back(person_key=person_key, day=day, ms=before - seat.credit_ms)


def _entry(row: OfflineClass, outcome: Outcome, learner: people.LearnerView, *, event: str, effective_ms: int) -> dict[str, Any]:
    """Return what the ledger and the authority's feed are told (clauses 四.6, 七.1); ``effective_ms`` is what this entry adds."""
    return {
        "event": event,
        "mode": "offline",
        "learner": str(learner.uuid),
        "person_key": learner.person_key,
        "masked_id": learner.masked_id,
        "class": str(row.uuid),
        "course": {"code": row.number, "title": row.topic},
        "plan": row.plan.title,
        "trainer": row.trainer.name,
        "room": row.room.name,
        "start": row.starts_at.isoformat(),
        "end": row.ends_at.isoformat(),
        "present": [[start.isoformat(), end.isoformat()] for start, end in outcome.presence.spans],
        "present_ms": outcome.presence.ms,
        "overlap_ms": outcome.overlap_ms,
        "credit_ms": outcome.seat.credit_ms,
        "effective_ms": effective_ms,
        "attendance": [_told(event) for event in outcome.events],
        "submitted_by": row.submitted_by.name if row.submitted_by else "",
        "confirmed_by": row.confirmed_by.name if row.confirmed_by else "",
    }


def _told(event: Attendance) -> dict[str, Any]:
    signed = {"kind": event.kind, "at": event.at.isoformat()}
    if event.by is None:
        return {**signed, "terminal": event.terminal, "ip": event.ip or ""}
    span = [event.since.isoformat(), event.until.isoformat()] if event.since and event.until else []
    return {**signed, "present": span, "reason": event.reason, "by": event.by.name}
