"""What learning keeps of old months: where sittings took place, how checks of presence were answered, every beat (clause 四.6).

The rows of sittings and checks stay, for hours and voids hang on them; what goes is what only the process needed: address, terminal, signals, evidence.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.learning.models import PresenceCheck, StudySession
from apps.records.api import KeptRow, Span, by_key, erase_kept
from public.audit import api as audit

_EMPTY = Q(content={}, evidence={})


class Sittings:
    """Keeper of what a study session knows of its terminal; erased ones have none."""

    name, what, label, is_shared = "sittings", "PROCESS", _("学习终端、IP 和行为信号"), False

    def _rows(self) -> QuerySet[StudySession]:
        return StudySession.objects.exclude(closed_at=None).exclude(terminal="", ip="0.0.0.0")  # noqa: S104 - no address to listen on

    def _within(self, span: Span) -> QuerySet[StudySession]:
        rows = self._rows().filter(opened_at__gte=span.since, opened_at__lt=span.until)
        return rows.exclude(learner__uuid__in=span.held).select_related("learner")

    def oldest(self) -> datetime | None:
        """Return when the oldest sitting that still knows its terminal began."""
        found: datetime | None = self._rows().aggregate(first=Min("opened_at"))["first"]
        return found

    def count(self, span: Span) -> int:
        """Return how many still know their terminal."""
        return self._within(span).count()

    def select(self, span: Span) -> Iterator[KeptRow]:
        """Yield the sittings of a month."""
        for row in by_key(self._within(span)):
            yield KeptRow(row.pk, row.learner.uuid, row.opened_at, _sitting(row))

    def erase(self, package: UUID, rows: Sequence[KeptRow]) -> int:
        """Empty address, terminal, signals and the last reply."""
        ids = [row.id for row in rows]
        erase_kept(package, self.name, ids)
        return len(ids) - self._rows().filter(pk__in=ids).count()


def _sitting(row: StudySession) -> dict[str, object]:
    return {
        "session": str(row.uuid),
        "course": row.course_code,
        "course_title": row.course_title,
        "version": row.version_no,
        "courseware": row.courseware_title,
        "ip": row.ip,
        "terminal": row.terminal,
        "opened_at": row.opened_at.isoformat(),
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
        "close_reason": row.close_reason,
        "confirmed_ms": row.confirmed_ms,
        "voided_ms": row.voided_ms,
        "score": row.score,
        "signals": row.signals,
    }


class Checks:
    """Keeper of what was asked and answered at checks of presence; erased ones have neither."""

    name, what, label, is_shared = "checks", "PROCESS", _("在场核验的提问和证据"), False

    def _rows(self) -> QuerySet[PresenceCheck]:
        return PresenceCheck.objects.exclude(outcome__in=["", PresenceCheck.Outcome.PENDING]).exclude(_EMPTY)

    def _within(self, span: Span) -> QuerySet[PresenceCheck]:
        rows = self._rows().filter(issued_at__gte=span.since, issued_at__lt=span.until)
        return rows.exclude(learner__uuid__in=span.held).select_related("learner", "session")

    def oldest(self) -> datetime | None:
        """Return when the oldest check that still has its evidence was issued."""
        found: datetime | None = self._rows().aggregate(first=Min("issued_at"))["first"]
        return found

    def count(self, span: Span) -> int:
        """Return how many still have their evidence."""
        return self._within(span).count()

    def select(self, span: Span) -> Iterator[KeptRow]:
        """Yield the checks of a month."""
        for row in by_key(self._within(span)):
            body = {
                "check": str(row.uuid),
                "session": str(row.session.uuid),
                "kind": row.kind,
                "why": row.why,
                "answered_at": row.answered_at.isoformat() if row.answered_at else None,
                "tries": row.tries,
                "outcome": row.outcome,
                "content": row.content,
                "evidence": row.evidence,
            }
            yield KeptRow(row.pk, row.learner.uuid, row.issued_at, body)

    def erase(self, package: UUID, rows: Sequence[KeptRow]) -> int:
        """Empty question and evidence."""
        ids = [row.id for row in rows]
        erase_kept(package, self.name, ids)
        return len(ids) - self._rows().filter(pk__in=ids).count()


class Beats:
    """Keeper of the enterprise's rows in the shared months of beats."""

    name, what, label, is_shared = "beats", "BEATS", _("学习心跳明细"), True

    def oldest(self) -> datetime | None:
        """Return the moment of the oldest beat."""
        return audit.oldest_beat()

    def count(self, span: Span) -> int:
        """Return how many are still there."""
        return audit.count_beats(span.since, span.until, without=self._held(span))

    def select(self, span: Span) -> Iterator[KeptRow]:
        """Yield the beats of a month, each with whose session it belongs to."""
        for part in audit.beats_within(span.since, span.until, without=self._held(span)):
            sessions = {row.session for row in part}
            whose = dict(StudySession.objects.filter(uuid__in=sessions).values_list("uuid", "learner__uuid"))
            for row in part:
                body = {
                    "session": str(row.session),
                    "seq": row.seq,
                    "state": row.state,
                    "reason": row.reason,
                    "position_ms": row.position_ms,
                    "paid_ms": row.paid_ms,
                    "verdict": row.verdict,
                    "details": row.details,
                }
                yield KeptRow(str(row.uuid), whose.get(row.session), row.at, body)

    def erase(self, package: UUID, rows: Sequence[KeptRow]) -> int:
        """Do nothing: the month goes as a whole (`public.audit`)."""
        return 0

    def _held(self, span: Span) -> list[UUID]:
        if not span.held:
            return []
        return list(StudySession.objects.filter(learner__uuid__in=span.held).values_list("uuid", flat=True))
