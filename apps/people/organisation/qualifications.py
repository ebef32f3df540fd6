"""Certificates of special operations: who holds what until when, the most urgent first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from apps.people import history, sealing
from apps.people.belonging import Units, belongs, real
from apps.people.models import Change, Learner, Qualification
from infra.kit.errors import DomainError

SOON = timedelta(days=90)
"""Long enough to book a course and an exam for the renewal; [P], the law names no notice."""
NUMBER = "qualification-number"


@dataclass(frozen=True, slots=True)
class QualificationView:
    """One certificate as lists show it. ``state``: ``expired``, ``review`` (review overdue), ``soon`` or ``valid``."""

    uuid: UUID
    learner: Learner
    kind: str
    item: str
    masked_number: str
    review_on: date | None
    expires_on: date
    state: str
    days: int

    @property
    def tone(self) -> str:
        """The badge's tone."""
        return {"expired": "stop", "review": "stop", "soon": "attention"}.get(self.state, "proven")


def urgent(*, show: str = "", within: Units = None, on: date) -> QuerySet[Qualification]:
    """Return certificates of people on the books by the day that comes first, expiry or review; learners with units loaded.

    :param show: ``expired`` (a day is past), ``soon`` (within 90 days) or "" for all
    """
    on_books = {"archived_at": None, "learner__status": Learner.Status.ACTIVE}
    rows = Qualification.objects.filter(belongs(within, "learner"), real("learner"), **on_books)
    rows = rows.annotate(first=Least("expires_on", Coalesce("review_on", "expires_on")))
    if show == "expired":
        rows = rows.filter(first__lt=on)
    elif show == "soon":
        rows = rows.filter(first__gte=on, first__lte=on + SOON)
    return rows.select_related("learner__unit").order_by("first", "id")


def counts(*, within: Units = None, on: date) -> dict[str, int]:
    """Return how many there are: ``all``, ``expired``, ``soon``; one query."""
    rows = urgent(within=within, on=on).order_by()
    return rows.aggregate(
        all=Count("id"),
        expired=Count("id", filter=Q(first__lt=on)),
        soon=Count("id", filter=Q(first__gte=on, first__lte=on + SOON)),
    )


def of_learner(learner_id: int, *, on: date) -> list[QualificationView]:
    """Return a learner's certificates, the most urgent first."""
    rows = Qualification.objects.filter(learner_id=learner_id, archived_at=None).select_related("learner__unit")
    return [view(row, on=on) for row in rows.order_by("expires_on", "id")]


def view(row: Qualification, *, on: date) -> QualificationView:
    """Return the view of a row on a day."""
    first = min(row.expires_on, row.review_on or row.expires_on)
    state = "expired" if row.expires_on < on else "review" if first < on else "soon" if first <= on + SOON else "valid"
    number = sealing.unseal(row.number_sealed, NUMBER) if row.number_sealed else ""
    return QualificationView(
        row.uuid, row.learner, str(Qualification.Kind(row.kind).label), row.item, masked(number),
        row.review_on, row.expires_on, state, (first - on).days,
    )  # fmt: skip


def masked(number: str) -> str:
    """Return the first and last two places of a number."""
    return f"{number[:2]}{'*' * max(2, len(number) - 4)}{number[-2:]}" if len(number) > 4 else "*" * len(number)


@transaction.atomic
def add(
    *, learner_uuid: UUID, kind: str, item: str, number: str, review_on: date | None, expires_on: date, by: int, at: datetime
) -> Qualification:
    """Write down a certificate.

    :raises DomainError: 404 ``not_found``; ``review_after_expiry``
    """
    learner = Learner.objects.select_for_update().filter(uuid=learner_uuid).first()
    if learner is None:
        raise DomainError("not_found", _("没有找到这位学员，可能已被移除或不属于本单位。"), status=404)
    if review_on is not None and review_on > expires_on:
        raise DomainError("review_after_expiry", _("复审日期不能晚于有效期。"), field="review_on")
    row = Qualification.objects.create(
        learner=learner,
        kind=Qualification.Kind(kind),
        item=item.strip()[:60],
        number_sealed=sealing.seal(number.strip()[:40], NUMBER) if number.strip() else b"",
        review_on=review_on,
        expires_on=expires_on,
    )
    _note(row, "qualified", {}, _facts(row), by=by, at=at)
    return row


@transaction.atomic
def withdraw(*, qualification: UUID, by: int, at: datetime) -> Learner:
    """Take a certificate off the list: it was replaced, or written down wrongly. Returns the learner. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = Qualification.objects.select_for_update(of=("self",)).select_related("learner").filter(uuid=qualification).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个证书，请从人员页面重新进入。"), status=404)
    if row.archived_at is None:
        row.archived_at = at
        row.save(update_fields=["archived_at"])
        _note(row, "unqualified", _facts(row), dict.fromkeys(_facts(row), ""), by=by, at=at)
    return row.learner


def _facts(row: Qualification) -> dict[str, str]:
    what = " ".join(filter(None, [str(Qualification.Kind(row.kind).label), row.item]))
    review = row.review_on.isoformat() if row.review_on else ""
    return {"qualification": what, "expires_on": row.expires_on.isoformat(), "review_on": review}


def _note(row: Qualification, action: str, before: dict[str, str], after: dict[str, str], *, by: int, at: datetime) -> None:
    name = row.learner.name
    history.note(Change.Kind.LEARNER, row.learner.uuid, name=name, action=action, before=before, after=after, by=by, at=at)
