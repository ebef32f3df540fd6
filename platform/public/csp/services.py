"""Counting."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from infra.kit import clock
from public.csp import rules
from public.csp.models import CspReport
from public.csp.rules import Refusal
from tenants.scope import platform_scope

_REST = Refusal("default-src", "other", "other")


def count(*, refusals: list[Refusal], at: datetime) -> None:
    """Add one to the row of each refusal. May be called from any place: the rows are the platform's."""
    with platform_scope(), transaction.atomic():
        for refusal in refusals:
            if not _add(refusal, at):
                _add_row(refusal, at)


def _add(refusal: Refusal, at: datetime) -> int:
    rows = CspReport.objects.filter(day=clock.shanghai_date(at), **_key(refusal))
    return rows.update(count=F("count") + 1, last_at=at)


def _add_row(refusal: Refusal, at: datetime) -> None:
    day = clock.shanghai_date(at)
    kept = refusal if CspReport.objects.filter(day=day).count() < rules.KINDS_PER_DAY else _REST
    # Somebody else may write the same row now: then both add to it.
    CspReport.objects.bulk_create([CspReport(day=day, last_at=at, **_key(kept))], ignore_conflicts=True)
    _add(kept, at)


def _key(refusal: Refusal) -> dict[str, str]:
    return {"directive": refusal.directive, "blocked": refusal.blocked, "page": refusal.page}
