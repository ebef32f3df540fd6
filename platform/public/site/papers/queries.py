"""Reads: what the public sees, what ends soon."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.site.papers.models import SitePaper


def renewed(**conditions: Any) -> Exists:
    """Return the condition that a paper has a renewal that was not withdrawn, and meets further conditions."""
    return Exists(SitePaper.objects.filter(replaces=OuterRef("pk"), withdrawn_at=None, **conditions))


def shown(today: date) -> QuerySet[SitePaper]:
    """Return the papers that the public sees: neither withdrawn nor renewed. A renewal that is still to come leaves the former in its place."""
    rows = SitePaper.objects.filter(withdrawn_at=None).exclude(renewed(valid_from__lte=today))
    return rows.order_by("kind", "-valid_from", "pk")


def listed(*, search: str = "", state: str = "", today: date) -> list[tuple[SitePaper, str]]:
    """Return the desk's list as (row, state), rows with ``is_renewed``; without a state what is shown, ``all``: former and withdrawn ones too."""
    known = SitePaper.objects.order_by("kind", "-valid_from", "pk") if state == "all" else shown(today)
    rows: QuerySet[Any] = known.annotate(is_renewed=renewed())
    for word in search.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(issuer__icontains=word))
    found = [(row, row.state(today)) for row in rows]
    return [one for one in found if one[1] == state] if state in {"VALID", "SOON", "EXPIRED", "COMING"} else found


def ending(today: date) -> int:
    """Return how many shown papers end within 60 days, or are over, and have no renewal yet."""
    return sum(row.state(today) in {"SOON", "EXPIRED"} for row in shown(today).exclude(Q(valid_until=None) | Q(renewed())))


def one(uuid: UUID, *, shown_on: date | None = None) -> SitePaper:
    """Return one paper; ``shown_on``: only one that the public sees on that day.

    :raises DomainError: 404
    """
    row = (shown(shown_on) if shown_on else SitePaper.objects.all()).filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这份资质，可能已经撤下。"), status=404)
    return row
