"""Reads of the register over all versions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.catalogue.api import Gap, VersionLabel, authoring
from public.rights.gate import gaps_of
from public.rights.models import Kind, RightsAsset
from public.rights.rules import NOTICE_DAYS
from tenants.models import Enterprise

Writer = authoring.Writer
_IN_USE = ("DRAFT", "IN_REVIEW", "PUBLISHED")
SORTS: dict[str, tuple[Any, ...]] = {
    "title": ("title", "id"),
    "-title": ("-title", "-id"),
    "holder": ("holder", "id"),
    "-holder": ("-holder", "-id"),
    "end": (F("valid_to").asc(nulls_last=True), "id"),
    "-end": (F("valid_to").desc(nulls_last=True), "-id"),
}


@dataclass(frozen=True, slots=True)
class Lacking:
    """A version whose register is not in order."""

    version: VersionLabel
    gaps: list[Gap]


def assets(
    *, text: str = "", kind: str = "", state: str = "", stage: str = "", sort: str = "", owner: Writer | None = None, today: date
) -> QuerySet[RightsAsset]:
    """Return the current assets that fit every filter, soonest end first unless sorted.

    :param state: ``soon`` (within 60 days), ``expired``, ``incomplete`` or ""
    :param stage: a state of the version; "" leaves out what is no longer offered
    """
    rows = RightsAsset.objects.select_related("version__course").filter(replaced_by__isnull=True)
    rows = rows.filter(version__state=stage) if stage else rows.filter(version__state__in=_IN_USE)
    for word in text.replace("\0", "").split()[:5]:
        hit = Q(title__icontains=word) | Q(holder__icontains=word) | Q(licence_text__icontains=word)
        rows = rows.filter(hit | Q(version__title__icontains=word) | Q(version__course__code__icontains=word))
    if kind in Kind.values:
        rows = rows.filter(kind=kind)
    if owner is not None:
        rows = rows.filter(_written_by(owner))
    return _in_state(rows, state, today).order_by(*SORTS.get(sort, SORTS["end"]))


def _written_by(owner: Writer) -> Q:
    return Q(version__author_id=owner.author_id, version__course__provider_schema=owner.provider_schema)


def _in_state(rows: QuerySet[RightsAsset], state: str, today: date) -> QuerySet[RightsAsset]:
    if state == "soon":
        return rows.filter(valid_to__gte=today, valid_to__lte=today + timedelta(days=NOTICE_DAYS))
    if state == "expired":
        return rows.filter(valid_to__lt=today)
    if state == "incomplete":
        return rows.filter(Q(may_transmit=False) | Q(evidence__isnull=True, statement=""))
    return rows


def ending(*, owner: Writer | None = None, today: date) -> int:
    """Return how many assets of published versions end within 60 days."""
    return assets(state="soon", stage="PUBLISHED", owner=owner, today=today).count()


def lacking(*, owner: Writer | None = None, at: datetime) -> list[Lacking]:
    """Return the published versions and those in review whose register is not in order; an author's drafts too."""
    states = ("IN_REVIEW", "PUBLISHED") if owner is None else _IN_USE
    author_id = None if owner is None else owner.author_id
    names = catalogue.labels(row.version_id for state in states for row in catalogue.standings(state=state, author_id=author_id))
    mine = [key for key, row in names.items() if owner is None or row.provider_schema == owner.provider_schema]
    return [Lacking(names[key], gaps) for key, gaps in sorted(gaps_of(mine, at=at).items()) if gaps]


def asset(asset_id: int) -> RightsAsset:
    """Return one row, current or replaced.

    :raises DomainError: ``not_found``
    """
    row = RightsAsset.objects.select_related("courseware", "version__course").filter(pk=asset_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条版权登记，它可能已被删除。"), status=404)
    return row


def replaced(version_id: int) -> list[RightsAsset]:
    """Return the rows of a version that newer ones replaced, newest first."""
    return list(RightsAsset.objects.filter(version_id=version_id, replaced_by__isnull=False).order_by("-at", "-id"))


def sources(version_id: int, owner: Writer) -> list[tuple[int, str]]:
    """Return (version, label) of the author's other versions that have something registered, to copy from."""
    rows = RightsAsset.objects.filter(_written_by(owner), replaced_by__isnull=True).exclude(version_id=version_id)
    ids: Iterable[Any] = rows.order_by("-version_id").values_list("version_id", flat=True).distinct()[:200]
    names = catalogue.labels(ids)
    return [(row.id, f"{row.title} · {row.code} V{row.number}") for row in sorted(names.values(), key=lambda row: -row.id)]


def kept_evidence(row: Enterprise) -> set[UUID]:
    """Return the scans that stay when an enterprise is destroyed: they prove that a course which stays may be shown to all."""
    rows = RightsAsset.objects.filter(version__course__provider_schema=row.schema_name, evidence__isnull=False)
    staying = rows.exclude(version__course__in=catalogue.going("courses", row.schema_name))
    return {one for one in staying.values_list("evidence", flat=True) if one}
