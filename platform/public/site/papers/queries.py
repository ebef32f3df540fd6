"""Reads: what the public sees, what ends soon."""

from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.site.papers.models import SitePaper


def shown() -> QuerySet[SitePaper]:
    """Return the papers that the public sees: neither withdrawn nor renewed."""
    return (
        SitePaper.objects.filter(withdrawn_at=None)
        .filter(Q(renewed_by=None) | Q(renewed_by__withdrawn_at__isnull=False))
        .order_by("kind", "-valid_from", "pk")
    )


def listed(*, search: str = "", state: str = "", today: date) -> list[tuple[SitePaper, str]]:
    """Return the desk's list as (row, state); without a state what is shown, ``all``: former and withdrawn ones too."""
    rows = SitePaper.objects.order_by("kind", "-valid_from", "pk") if state == "all" else shown()
    for word in search.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(issuer__icontains=word))
    found = [(row, row.state(today)) for row in rows]
    return [one for one in found if one[1] == state] if state in {"VALID", "SOON", "EXPIRED", "COMING"} else found


def ending(today: date) -> int:
    """Return how many shown papers end within 60 days or are over."""
    return sum(row.state(today) in {"SOON", "EXPIRED"} for row in shown().exclude(valid_until=None))


def one(uuid: UUID, *, public: bool = False) -> SitePaper:
    """Return one paper; ``public``: only one that the public sees.

    :raises DomainError: 404
    """
    row = (shown() if public else SitePaper.objects.all()).filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这份资质，可能已经撤下。"), status=404)
    return row
