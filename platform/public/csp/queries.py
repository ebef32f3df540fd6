"""Reads for operations."""

from django.core.paginator import Page, Paginator
from django.db.models import Q

from public.csp.models import CspReport

PER_PAGE = 20
_SORTS = {"day": ("day", "id"), "-day": ("-day", "-id"), "count": ("count", "-id"), "-count": ("-count", "-id")}


def page(*, search: str, directive: str, sort: str, number: str) -> Page[CspReport]:
    """Return one page of the reports that fit; newest day first unless sorted."""
    rows = CspReport.objects.all()
    for word in search.replace("\0", "").split()[:5]:  # PostgreSQL has no NUL in text
        rows = rows.filter(Q(blocked__icontains=word) | Q(page__icontains=word))
    if directive:
        rows = rows.filter(directive=directive[:40].replace("\0", ""))
    return Paginator(rows.order_by(*_SORTS.get(sort, _SORTS["-day"])), PER_PAGE).get_page(number)


def directives() -> list[str]:
    """Return the rules that were ever broken, by name."""
    return list(CspReport.objects.order_by("directive").values_list("directive", flat=True).distinct())
