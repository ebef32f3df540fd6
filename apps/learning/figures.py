"""Fills the socket ``STUDY`` of plans: hours of each day, and what was odd, added up by the database."""

from datetime import date, datetime

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from apps.learning.models import Appeal, ProofState, StudySession, Void
from apps.people import api as people
from apps.plans import api as plans
from apps.plans.ports import Span, StudyDay, VoidSum, Waiting
from infra.kit import clock
from public.monitor.api import ALERT_SCORE


class StudySums:
    """Plug for `apps.plans.ports.STUDY`."""

    def days(self, span: Span) -> dict[date, StudyDay]:
        """Return day -> its sittings."""
        rows = _sessions(span).annotate(day=TruncDate("opened_at", tzinfo=clock.SHANGHAI)).values("day")
        sums = rows.annotate(ms=Sum("confirmed_ms"), odd=Count("id", filter=Q(score__gte=ALERT_SCORE))).order_by()
        return {row["day"]: StudyDay(row["ms"], row["odd"]) for row in sums}

    def voids(self, span: Span) -> list[VoidSum]:
        """Return voids by reason."""
        theirs = people.belongs(span.within, "learner")
        voids = Void.objects.filter(theirs, at__gte=span.since, at__lt=span.until)
        if span.plan_id is not None:
            voids = voids.filter(session__assignment_id__in=plans.assignment_ids_of(span.plan_id))
        sums = voids.values("code").annotate(n=Count("id"), taken=Sum("ms"), back=Sum("restored_ms")).order_by("-n", "code")
        return [VoidSum(str(Void.Code(row["code"]).label), row["n"], row["taken"], row["back"]) for row in sums]

    def waiting(self, within: people.Units) -> Waiting:
        """Return what waits for a manager of these units."""
        theirs = people.belongs(within, "learner")
        locked = ProofState.objects.exclude(locked_at=None).filter(theirs).count()
        return Waiting(locked, Appeal.objects.filter(theirs, state=Appeal.State.FIRST).count())

    def studied_ms(self, *, learner_id: int, assignment_id: int, since: datetime) -> int:
        """Return the playing time of an assignment's sittings since a moment; hidden, paused and silent time is not in it.

        What a missed check of presence voided is taken off.
        """
        rows = StudySession.objects.filter(learner_id=learner_id, assignment_id=assignment_id, opened_at__gte=since)
        sums = rows.aggregate(played=Sum("playing_ms"), voided=Sum("voided_ms"))
        return max(0, (sums["played"] or 0) - (sums["voided"] or 0))


def _sessions(span: Span) -> QuerySet[StudySession]:
    rows = StudySession.objects.filter(
        people.belongs(span.within, "learner"), opened_at__gte=span.since, opened_at__lt=span.until
    )
    return rows if span.plan_id is None else rows.filter(assignment_id__in=plans.assignment_ids_of(span.plan_id))
