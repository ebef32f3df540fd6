"""Reads of an enterprise's life; each names the enterprise, for the rows belong to the platform."""

from datetime import datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.lifecycle.models import Closure, LifeChange, Paper, Turn, Verification, Visit

PER_PAGE = 20
OPEN = (Verification.State.SUBMITTED, Verification.State.CHECKED)


def verifications(*, search: str = "", state: str = "", sort: str = "") -> QuerySet[Verification]:
    """Return hand-ins that fit every filter; without a state those that wait, oldest first."""
    rows = Verification.objects.select_related("enterprise")
    for word in search.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(uscc__istartswith=word) | Q(enterprise__subdomain__icontains=word))
    if state in Verification.State.values:
        rows = rows.filter(state=state)
    elif state != "all":
        rows = rows.filter(state__in=OPEN)
    order = {"name": "name", "-name": "-name", "at": "at", "-at": "-at"}.get(sort, "at" if state in {"", *OPEN} else "-at")
    return rows.order_by(order, "pk")


def verification_page(*, search: str, state: str, sort: str, number: str) -> Page[Verification]:
    """Return one page of :func:`verifications`."""
    return Paginator(verifications(search=search, state=state, sort=sort), PER_PAGE).get_page(number)


def verification(uuid: UUID) -> Verification:
    """Return one hand-in with its enterprise.

    :raises DomainError: 404
    """
    row = Verification.objects.select_related("enterprise").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这份核验材料。"), status=404)
    return row


def paper(verification: UUID, upload: UUID, *, enterprise_id: int | None = None) -> Paper:
    """Return one paper of a hand-in; with ``enterprise_id`` only of that enterprise.

    :raises DomainError: 404
    """
    rows = Paper.objects.filter(verification__uuid=verification, upload=upload)
    found = (rows if enterprise_id is None else rows.filter(verification__enterprise_id=enterprise_id)).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这份材料。"), status=404)
    return found


def rounds(enterprise_id: int) -> list[Verification]:
    """Return the hand-ins of one enterprise with their papers, newest first."""
    return list(Verification.objects.filter(enterprise_id=enterprise_id).prefetch_related("papers").order_by("-round"))


def waiting_counts() -> dict[str, int]:
    """Return how many hand-ins wait for the first and the second look."""
    counted = Verification.objects.filter(state__in=OPEN).order_by().values_list("state").annotate(n=Count("pk"))
    found: dict[str, int] = dict(counted)
    return {str(state): found.get(state, 0) for state in OPEN}


def turns(enterprise_id: int) -> list[Turn]:
    """Return the turns of one enterprise's state, newest first, at most 50."""
    return list(Turn.objects.filter(enterprise_id=enterprise_id).order_by("-at", "-pk")[:50])


def closure(enterprise_id: int) -> Closure | None:
    """Return the closing that is under way or done, or None; one after which the enterprise was opened again is over."""
    return Closure.objects.filter(enterprise_id=enterprise_id, undone_at=None, reopened_at=None).order_by("-at").first()


def visits(enterprise_id: int) -> QuerySet[Visit]:
    """Return the visits of one enterprise, newest first."""
    return Visit.objects.filter(enterprise_id=enterprise_id).order_by("-asked_at", "-pk")


def open_visit(enterprise_id: int, *, at: datetime) -> Visit | None:
    """Return the visit that waits for an answer or is allowed now, or None."""
    rows = Visit.objects.filter(enterprise_id=enterprise_id, state__in=["ASKED", "GRANTED"])
    return next((row for row in rows if row.waits(at) or row.holds(at)), None)


def change_of(uuid: UUID) -> LifeChange:
    """Return what an operator asked for about a closed enterprise.

    :raises DomainError: 404
    """
    row = LifeChange.objects.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这项申请，请刷新页面。"), status=404)
    return row
