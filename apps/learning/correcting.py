"""What counts follows a corrected sitting: fills `records.STUDY_EFFECT`.

Credit never rises above what the server itself has timed in the sitting, nor above the film, nor above the person's day
(clauses 三.4, 三.5). What is taken away leaves the end of what was confirmed of the lesson, so that it can be learnt again.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.learning import holding, rules, spans
from apps.learning.models import Coverage, StudySession
from apps.learning.quizzes import releasing
from apps.learning.spans import Spans
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from infra.ui import wording
from public.persons import api as persons


class SittingEffect:
    """Plug for `apps.records.ports.STUDY_EFFECT`."""

    def seconds(self, *, body: dict[str, Any]) -> int:
        """Return what is confirmed of the sitting, in whole seconds."""
        return int(_session(body).confirmed_ms // 1000)

    def check(self, *, body: dict[str, Any], seconds: int) -> None:
        """Refuse what could not be carried out."""
        row = _session(body)
        cover = Coverage.objects.filter(learner_id=row.learner_id, courseware_id=row.courseware_id).first()
        _refuse(row, cover.spans if cover else (), seconds)

    def carry_out(self, *, body: dict[str, Any], seconds: int, at: datetime) -> int:
        """Move coverage, day and sitting together; the caller enters it in the ledger."""
        found = _session(body)
        held = holding.hold(found.learner_id, also=[found.pk])
        row = held.session(found.pk)
        assert row is not None  # noqa: S101 - held just now
        if releasing.still_holds(row):
            raise _held()
        cover = holding.coverage_of(row.learner_id, row.courseware_id)
        _refuse(row, cover.spans, seconds)
        delta = seconds * 1000 - row.confirmed_ms
        if delta > 0:
            _debit(row, delta)
            cover.spans = spans.union(cover.spans, spans.head(spans.missing(cover.spans, 0, row.duration_ms), delta))
        elif delta < 0:
            lost = _tail(spans.minus(spans.minus(cover.spans, cover.provisional), cover.held), -delta)
            delta = -spans.measure(lost)
            cover.spans = spans.minus(cover.spans, lost)
            cover.position_ms = min(cover.position_ms, spans.start(lost, cover.position_ms))
            _give_back(row, -delta)
        cover.updated_at = at
        cover.save(update_fields=["spans", "position_ms", "updated_at"])
        row.confirmed_ms, row.credited_ms = row.confirmed_ms + delta, row.credited_ms + delta
        row.save(update_fields=["confirmed_ms", "credited_ms", "holds"])
        return delta

    def follow(self, *, subject: UUID, at: datetime) -> None:
        """Bring the learner's open trainings up to date; what is complete stays complete with its certificate (clause 四.2)."""
        plans.review_completion(learner_id=people.learner_by_uuid(subject).id, at=at)


def _session(body: dict[str, Any]) -> StudySession:
    row = StudySession.objects.filter(uuid=str(body["session"])).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这次学习，它可能已按保存期限归档，不能再更正学时。"), status=404)
    return row


def _refuse(row: StudySession, covered: Spans, seconds: int) -> None:
    if row.holds:
        raise _held()
    timed = min(row.playing_ms - row.voided_ms, row.duration_ms) - row.credited_ms  # voids have a desk of their own
    most = row.confirmed_ms + max(0, min(timed, spans.measure(spans.missing(covered, 0, row.duration_ms))))
    if seconds * 1000 > most:
        words = _(
            "这次学习更正后最多 %(time)s：不超过服务器记录的播放时间，重复学习的部分不再计入；作废的学时请在学时申诉里恢复。"
        )
        raise DomainError("too_much", words % {"time": wording.duration(most // 1000)}, field="effective_s")


def _held() -> DomainError:
    return DomainError("held", _("这段学时还在等课程测验通过，通过后才计入。请在学员通过测验后再更正。"), status=409)


def _tail(found: Spans, ms: int) -> Spans:
    """Return the last ``ms`` milliseconds of a set."""
    return spans.minus(found, spans.head(found, max(0, spans.measure(found) - ms)))


def _days(row: StudySession) -> list[date]:
    first, last = clock.shanghai_date(row.opened_at), clock.shanghai_date(row.closed_at or row.last_at)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _debit(row: StudySession, ms: int) -> None:
    """Debit the days of the sitting, each within what is left of it."""
    wanted = ms
    for day in _days(row):
        some = min(wanted, rules.day_left(persons.lock_day(person_key=row.person_key, day=day)))
        if some > 0:
            persons.debit_day(person_key=row.person_key, day=day, ms=some, cap_ms=rules.DAY_MS)
            wanted -= some
    if wanted:
        left = wording.duration((ms - wanted) // 1000)
        words = _("那一天最多还能计 %(left)s（每天 8 学时），请减少后重新提出。")
        raise DomainError("day_full", words % {"left": left}, status=409)


def _give_back(row: StudySession, ms: int) -> None:
    """Give the days of the sitting back what they were debited, the last first as the end is taken away; a day keeps what others debited."""
    left = ms
    for day in reversed(_days(row)):
        some = min(left, persons.lock_day(person_key=row.person_key, day=day))
        if not some:
            continue
        try:
            with transaction.atomic():
                persons.give_back(person_key=row.person_key, day=day, ms=some)
        except DomainError:
            continue
        left -= some
        if not left:
            return
