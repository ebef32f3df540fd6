"""What operations see of the enterprises."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from tenants.models import Enterprise

PER_PAGE = 20
_SORTS = {"name": "name", "-name": "-name", "created": "created_at", "-created": "-created_at", "division": "division_code"}


def page(*, search: str, status: str, division: str, verified: str, sort: str, number: str) -> Page[Enterprise]:
    """Return one page of the enterprises that fit every filter (all optional); newest first unless sorted."""
    rows = found(search=search, status=status, division=division, verified=verified, sort=sort)
    return Paginator(rows, PER_PAGE).get_page(number)


def found(*, search: str, status: str, division: str, verified: str, sort: str) -> QuerySet[Enterprise]:
    """Return the enterprises that fit every filter."""
    rows: QuerySet[Enterprise] = Enterprise.objects.all()
    for word in search.split()[:5]:
        rows = rows.filter(Q(name__icontains=word) | Q(uscc__istartswith=word) | Q(subdomain__icontains=word))
    if status in Enterprise.Status.values:
        rows = rows.filter(status=status)
    if division.isdigit():
        rows = rows.filter(division_code__startswith=division[:6])
    if verified in {"yes", "no"}:
        rows = rows.filter(verified_at__isnull=verified == "no")
    return rows.order_by(_SORTS.get(sort, "-created_at"), "-id")


def counts() -> dict[str, int]:
    """Return how many are active, suspended, closing and not yet verified."""
    counted: dict[str, int] = Enterprise.objects.aggregate(
        active=_count(status="ACTIVE"),
        suspended=_count(status="SUSPENDED"),
        closing=_count(status="CLOSING"),
        unverified=_count(verified_at=None, status="ACTIVE"),
    )
    return counted


def _count(**condition: object) -> Count:
    return Count("id", filter=Q(**condition))
