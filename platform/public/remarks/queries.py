"""Reads: what everybody may read beside a course, how offers stand, and what waits at the desk."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from public.remarks.models import Offer, Remark
from public.remarks.shapes import OfferView, RemarkView


def remarks(course_id: int) -> QuerySet[Remark]:
    """Return what is shown beside a course, the newest first; rows are for paging and :func:`remark_view`."""
    return Remark.objects.filter(course_id=course_id, removed_at=None).order_by("-shown_on", "-pk")


def remark_view(row: Remark) -> RemarkView:
    """Return the view of a row."""
    return RemarkView(row.stars, row.text, row.shown_on)


def offers(uuids: Iterable[UUID]) -> dict[UUID, OfferView]:
    """Return how offers of the current enterprise stand; one query."""
    rows = Offer.objects.filter(uuid__in=list(uuids))
    return {row.uuid: OfferView(row.uuid, row.state, row.get_state_display(), row.reason, row.decided_at) for row in rows}


def listing(*, text: str = "", state: str = "") -> QuerySet[Offer]:
    """Return offers that fit: waiting ones as they came, others with the latest decision first. Runs on the platform.

    :param text: words of the course's title or the remark
    :param state: a value of ``Offer.State``; anything else counts as waiting
    """
    state = state if state in Offer.State.values else Offer.State.WAITING
    rows = Offer.objects.filter(state=state)
    for word in text.split()[:5]:
        rows = rows.filter(Q(course_title__icontains=word) | Q(text__icontains=word))
    return rows.order_by("offered_at", "pk") if state == Offer.State.WAITING else rows.order_by("-decided_at", "-pk")
