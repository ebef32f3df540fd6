"""Plans and classes in figures for authorities of the enterprise's division (clause 七.1). Names have stars; nothing tells how to reach somebody."""

from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.classes.models import OfflineClass, Seat
from apps.plans.classes.queries import STATES, standing
from apps.plans.models import Assignment, TrainingPlan
from infra.kit import clock, identity
from infra.kit.errors import DomainError
from public.portal import api as portal

PER_PAGE = 50
_TONES = {"COMPLETED": "proven", "EXEMPT": "neutral", "ASSIGNED": "info"}


class TrainingsOfPortal:
    """Fills `public.portal` with the plans and classes of the enterprise one stands in."""

    def plans(self, *, most: int) -> list[portal.Training]:
        """Return the newest plans; one query."""
        return [_plan(row) for row in _plans().order_by("-opened_at", "-pk")[:most]]

    def classes(self, *, most: int, at: datetime) -> list[portal.Training]:
        """Return the newest classes but cancelled ones; one query."""
        return [_class(row, at) for row in _classes().order_by("-starts_at", "-pk")[:most]]

    def plan(self, uuid: UUID, *, number: str) -> portal.Detail:
        """Return a plan and a page of its people; three queries.

        :raises DomainError: 404 ``not_found``
        """
        row = _plans().filter(uuid=uuid).first()
        if row is None:
            raise _gone()
        rows = Assignment.objects.filter(people.real("learner"), plan=row, learner__restricted_at=None)
        page = _page(rows.select_related("learner__unit", "certificate").order_by("pk"), number)
        return portal.Detail(_plan(row), [_duty(one) for one in page], page)

    def klass(self, uuid: UUID, *, number: str, at: datetime) -> portal.Detail:
        """Return a class and a page of its people; three queries.

        :raises DomainError: 404 ``not_found``
        """
        row = _classes().filter(uuid=uuid).first()
        if row is None:
            raise _gone()
        seats = Seat.objects.filter(people.real("learner"), klass=row, learner__restricted_at=None)
        page = _page(seats.select_related("learner__unit").order_by("pk"), number)
        return portal.Detail(_class(row, at), [_seat(one) for one in page], page)


def _plans() -> QuerySet[TrainingPlan]:
    counted = people.real("assignments__learner") & Q(assignments__learner__restricted_at=None)
    counted &= ~Q(assignments__state=Assignment.State.EXEMPT)
    return TrainingPlan.objects.filter(sample=False).annotate(
        people=Count("assignments", filter=counted),
        done=Count("assignments", filter=counted & Q(assignments__state=Assignment.State.COMPLETED)),
        passed=Count("assignments", filter=counted & Q(assignments__exam_passed_at__isnull=False)),
        earned=Sum("assignments__earned_ms", filter=counted),
    )


def _classes() -> QuerySet[OfflineClass]:
    counted = people.real("seats__learner") & Q(seats__learner__restricted_at=None)
    rows = OfflineClass.objects.exclude(state=OfflineClass.State.CANCELLED)
    return rows.annotate(
        people=Count("seats", filter=counted),
        done=Count("seats", filter=counted & Q(seats__present_ms__gt=0)),
        earned=Sum("seats__credit_ms", filter=counted),
    )


def _page(rows: QuerySet, number: str) -> Page:  # type: ignore[type-arg]  # of duties or of seats
    return Paginator(rows, PER_PAGE).get_page(number)


def _plan(row: TrainingPlan) -> portal.Training:
    return portal.Training(
        uuid=row.uuid,
        title=row.title,
        state=str(row.get_state_display()),
        is_open=row.state == TrainingPlan.State.RUNNING,
        day=row.due_on,
        people=row.people,  # type: ignore[attr-defined]
        done=row.done,  # type: ignore[attr-defined]
        earned_ms=row.earned or 0,  # type: ignore[attr-defined]
        passed=row.passed if row.exam_needed else None,  # type: ignore[attr-defined]
        basis=row.basis,
    )


def _class(row: OfflineClass, at: datetime) -> portal.Training:
    stands = standing(row, at)
    return portal.Training(
        uuid=row.uuid,
        title=f"{row.number} {row.topic}",
        state=str(STATES[stands]),
        is_open=stands in {"UPCOMING", "RUNNING"},
        day=clock.shanghai_date(row.starts_at),
        people=row.people,  # type: ignore[attr-defined]
        done=row.done,  # type: ignore[attr-defined]
        earned_ms=row.earned or 0,  # type: ignore[attr-defined]
        passed=None,
    )


def _duty(row: Assignment) -> portal.Person:
    return portal.Person(
        name=identity.mask_name(row.learner.name),
        unit=row.learner.unit.name if row.learner.unit else "",
        state=str(row.get_state_display()),
        tone=_TONES.get(row.state, "neutral"),
        earned_ms=row.earned_ms,
        score=row.exam_score,
        certificate=row.certificate.number if row.certificate else "",
    )


def _seat(row: Seat) -> portal.Person:
    was_there = row.present_ms > 0
    return portal.Person(
        name=identity.mask_name(row.learner.name),
        unit=row.learner.unit.name if row.learner.unit else "",
        state=str(_("到课") if was_there else _("无到课记录")),
        tone="proven" if was_there else "neutral",
        earned_ms=row.credit_ms,
        score=None,
        certificate="",
    )


def _gone() -> DomainError:
    return DomainError("not_found", _("没有找到这次培训，请从企业页面重新进入。"), status=404)
