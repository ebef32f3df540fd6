"""Reads within one enterprise."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField, Value
from django.utils.translation import gettext_lazy as _

from apps.people import rules
from apps.people.belonging import Units, belongs, real, subtree
from apps.people.models import Learner, Manager, Unit
from apps.people.permissions import GRANTS, Permission
from apps.people.shapes import LearnerView, learner_view
from infra.kit import identity
from infra.kit.errors import DomainError

SORTS = {
    "name": ("name", "id"),
    "-name": ("-name", "-id"),
    "unit": ("unit__name", "name", "id"),
    "-unit": ("-unit__name", "name", "id"),
    "hired": ("hired_on", "id"),
    "-hired": ("-hired_on", "-id"),
    "added": ("created_at", "id"),
    "-added": ("-created_at", "-id"),
}
"""Orders a list may have, each complete so that pages never overlap."""


RESTRICTED = "RESTRICTED"


def learner_row(learner_uuid: UUID, *, within: Units = None) -> Learner:
    """Return one row with its unit.

    :param within: units that the asker sees; somebody outside them is not there
    :raises DomainError: 404 ``not_found``
    """
    row = Learner.objects.select_related("unit").filter(belongs(within), uuid=learner_uuid).first()
    if row is None:
        raise _missing()
    return row


def learner(learner_id: int) -> LearnerView:
    """Return one learner.

    :raises DomainError: 404 ``not_found``
    """
    found = learners([learner_id])
    if learner_id not in found:
        raise _missing()
    return found[learner_id]


def learner_by_uuid(learner_uuid: UUID, *, within: Units = None) -> LearnerView:
    """Return one learner.

    :raises DomainError: 404 ``not_found``
    """
    return learner_view(learner_row(learner_uuid, within=within))


def learners(ids: Iterable[int]) -> dict[int, LearnerView]:
    """Return the learners with these ids that exist, archived ones too, in one query."""
    return views(Learner.objects.select_related("unit").filter(pk__in=list(ids)))


def views(rows: Iterable[Learner]) -> dict[int, LearnerView]:
    """Return the learners of rows that came with another query, their units loaded, by id; asks nothing."""
    return {row.pk: learner_view(row) for row in rows}


def active_ids(learner_uuids: Iterable[UUID]) -> list[int]:
    """Return the ids of those learners who are on the books, in one query; archived, unknown ones and samples are left out."""
    rows = Learner.objects.filter(real(), uuid__in=list(learner_uuids), status=Learner.Status.ACTIVE)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def search(
    *,
    text: str = "",
    unit_id: int | None = None,
    role: str = "",
    status: str = "ACTIVE",
    employment: str = "",
    position: str = "",
    sort: str = "",
    within: Units = None,
    uuids: Iterable[UUID] | None = None,
    hides_restricted: bool = False,
) -> QuerySet[Learner]:
    """Return rows that fit, in a complete order.

    :param text: part of a name or employee number, or a whole mobile or ID number (through the blind index)
    :param unit_id: this unit or one anywhere below it, as main or further unit
    :param status: ACTIVE, ARCHIVED, "" for both; RESTRICTED for those alone whose data are only kept
    :param sort: a key of ``SORTS``; newest first when unknown
    :param within: units that the asker sees
    :param uuids: only these people; None for all
    :param hides_restricted: leave out those whose data are only kept: daily work does not see them, archive and authority do
    """
    rows = Learner.objects.select_related("unit").order_by(*SORTS.get(sort, SORTS["-added"]))
    if uuids is not None:
        rows = rows.filter(uuid__in=list(uuids))
    if status == RESTRICTED:
        rows = rows.filter(restricted_at__isnull=False)
    elif hides_restricted:
        rows = rows.filter(restricted_at=None)
    if status and status != RESTRICTED:
        rows = rows.filter(status=status)
    if role:
        rows = rows.filter(role=role)
    if employment:
        rows = rows.filter(employment=employment)
    if position:
        rows = rows.filter(position=position)
    if unit_id is not None:
        rows = rows.filter(belongs(subtree(unit_id)))
    if within is not None:
        rows = rows.filter(belongs(within))
    return rows.filter(_about(text.strip())) if text.strip() else rows


def search_learners(
    *,
    text: str = "",
    unit_id: int | None = None,
    role: str = "",
    status: str = "ACTIVE",
    sort: str = "name",
    within: Units = None,
    uuids: Iterable[UUID] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[LearnerView]:
    """Return one slice of :func:`search`, without samples."""
    rows = search(text=text, unit_id=unit_id, role=role, status=status, sort=sort, within=within, uuids=uuids).filter(real())
    return [learner_view(row) for row in rows[offset : offset + limit]]


def count_learners(
    *,
    text: str = "",
    unit_id: int | None = None,
    role: str = "",
    status: str = "ACTIVE",
    within: Units = None,
    uuids: Iterable[UUID] | None = None,
) -> int:
    """Count what :func:`search` finds, without samples."""
    rows = search(text=text, unit_id=unit_id, role=role, status=status, within=within, uuids=uuids)
    return rows.filter(real()).count()


def subjects(
    *,
    text: str = "",
    unit_id: int | None = None,
    role: str = "",
    status: str = "",
    within: Units = None,
    uuids: Iterable[UUID] | None = None,
) -> QuerySet[Learner, UUID]:
    """Return the uuids of those whom :func:`search` finds, without samples, to be used within another query or listed."""
    rows = search(text=text, unit_id=unit_id, role=role, status=status, sort="name", within=within, uuids=uuids)
    return rows.filter(real()).values_list("uuid", flat=True)


def names_of(uuids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return uuid -> (name, unit or "") of learners, archived ones too, in one query."""
    rows = Learner.objects.filter(uuid__in=list(uuids)).values_list("uuid", "name", "unit__name")
    return {uuid: (name, unit or "") for uuid, name, unit in rows}


def count_signed_in() -> int:
    """Count the people on the books who have ever come in."""
    return Learner.objects.filter(real(), status=Learner.Status.ACTIVE, credential__last_login__isnull=False).count()


def units(*, within: Units = None) -> list[tuple[int, str]]:
    """Return (id, path such as ``生产部/一车间``) of the units there are, in the order of their paths, in one query."""
    rows = {unit.pk: unit for unit in Unit.objects.filter(archived_at=None)}
    seen = (pair for pair in rows.items() if within is None or pair[0] in within)
    return sorted(((pk, _path(unit, rows)) for pk, unit in seen), key=lambda pair: pair[1])


def _path(unit: Unit, rows: dict[int, Unit]) -> str:
    names, seen, here = [unit.name], {unit.pk}, unit
    while here.parent_id in rows and here.parent_id not in seen:
        here = rows[here.parent_id]
        seen.add(here.pk)
        names.append(here.name)
    return "/".join(reversed(names))


def _about(text: str) -> Q:
    about = Q(name__icontains=text) | Q(employee_no=text)
    mobile, resident_id = identity.normalise_mobile(text), identity.normalise_resident_id(text)
    if identity.is_mobile(mobile):
        about |= Q(mobile_index=rules.mobile_index(mobile))
    if len(resident_id) == 18:
        about |= Q(person_key=rules.person_key(resident_id))
    return about


def _missing() -> DomainError:
    return DomainError("not_found", _("没有找到这位学员，可能已被移除或不属于本单位。"), status=404)


def managers_who(needs: Permission) -> list[int]:
    """Return the ids of the present managers whose role allows something, in one query."""
    roles = [role for role, granted in GRANTS.items() if needs in granted]
    return list(Manager.objects.filter(role__in=roles, left_at=None).order_by("pk").values_list("pk", flat=True))


def names_within(text: str) -> list[str]:
    """Return the names of learners, archived ones too, and managers of this enterprise that stand in a text; two queries."""
    found: set[str] = set()
    for model in (Learner, Manager):
        rows = model.objects.annotate(said=Value(text, output_field=TextField())).filter(said__contains=F("name"))
        found.update(rows.values_list("name", flat=True).distinct())
    return sorted(name for name in found if len(name) >= 2)
