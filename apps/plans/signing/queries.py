"""Reads of sign-off: what a learner owes, what a manager waits for, and the drawing for who may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import Assignment
from apps.plans.signing.models import Objection, SignOff
from apps.plans.signing.rules import STATEMENT
from apps.plans.signing.services import PICTURE
from infra.kit.errors import DomainError

_DONE = Q(state=Assignment.State.COMPLETED)
_OPEN = Objection.objects.filter(assignment=OuterRef("pk"), answered_at__isnull=True, withdrawn_at__isnull=True)
SORTS = {
    "name": ("learner__name", "id"),
    "-name": ("-learner__name", "-id"),
    "done": ("completed_at", "id"),
    "-done": ("-completed_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class Owed:
    """A finished training whose record its learner has not signed yet."""

    assignment: UUID
    training: str
    completed_at: datetime
    is_objected: bool


@dataclass(frozen=True, slots=True)
class Record:
    """What a learner reads before signing: ``facts`` as the certificate keeps them, ``fingerprint`` over them."""

    assignment: UUID
    facts: Mapping[str, Any]
    fingerprint: str
    certificate: UUID
    statement: str
    signed: SignOff | None
    objections: list[Objection]

    @property
    def open_objection(self) -> Objection | None:
        """The one that waits for an answer."""
        return next((one for one in self.objections if one.is_open), None)


def owed(learner_id: int) -> list[Owed]:
    """Return what a learner has finished and not signed, the oldest first."""
    rows = Assignment.objects.filter(_DONE, learner_id=learner_id, sign_off__isnull=True).select_related("plan")
    rows = rows.annotate(objected=Exists(_OPEN)).order_by("completed_at", "id")
    return [Owed(row.uuid, row.plan.title, row.completed_at, row.objected) for row in rows if row.completed_at]


def signatures_of(learner_id: int) -> dict[UUID, SignOff]:
    """Return assignment uuid -> signature of a learner."""
    rows = SignOff.objects.filter(assignment__learner_id=learner_id).select_related("assignment")
    return {row.assignment.uuid: row for row in rows}


def record(assignment: UUID, *, learner_id: int) -> Record:
    """Return the record of a finished training of this learner, signed or not.

    :raises DomainError: ``not_found`` (404), also for somebody else's; 409 ``not_finished``
    """
    row = Assignment.objects.select_related("certificate").filter(uuid=assignment, learner_id=learner_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这项培训任务，请从首页重新进入。"), status=404)
    if row.certificate is None:
        raise DomainError("not_finished", _("这项培训还没有完成，完成后再核对签名。"), status=409)
    signed = SignOff.objects.filter(assignment=row).first()
    return Record(
        assignment=row.uuid,
        facts=row.certificate.body,
        fingerprint=row.certificate.listing["fingerprint"],
        certificate=row.certificate.uuid,
        statement=signed.statement if signed else STATEMENT,
        signed=signed,
        objections=list(Objection.objects.filter(assignment=row).order_by("at")),
    )


def listing(*, text: str = "", state: str = "", sort: str = "", within: people.Units = None) -> QuerySet[Assignment]:
    """Return finished trainings with ``objected``, plan, learner and unit loaded.

    :param state: "" (not signed; those with an open objection first), ``OBJECTED``, ``SIGNED`` or ``ALL``
    """
    rows = Assignment.objects.filter(_DONE, people.belongs(within, "learner")).annotate(objected=Exists(_OPEN))
    rows = rows.select_related("plan", "learner__unit", "sign_off")
    for word in text.split():
        rows = rows.filter(
            Q(learner__name__icontains=word) | Q(learner__unit__name__icontains=word) | Q(plan__title__icontains=word)
        )
    if state == "OBJECTED":
        rows = rows.filter(objected=True)
    elif state == "SIGNED":
        rows = rows.filter(sign_off__isnull=False)
    elif state != "ALL":
        rows = rows.filter(sign_off__isnull=True)
    return rows.order_by(*SORTS.get(sort, (F("objected").desc(), "completed_at", "id")))


def counts(*, within: people.Units = None) -> dict[str, int]:
    """Return ``done``, ``signed`` and ``objected`` (open) of finished trainings."""
    rows = Assignment.objects.filter(_DONE, people.belongs(within, "learner"))
    found = rows.aggregate(done=Count("id"), signed=Count("sign_off"))
    return {**found, "objected": open_count(within=within)}


def open_count(*, within: people.Units = None) -> int:
    """Return how many objections wait for an answer."""
    return Objection.objects.filter(people.belongs(within, "assignment__learner"), answered_at=None, withdrawn_at=None).count()


def open_objections(assignments: Iterable[int]) -> dict[int, Objection]:
    """Return assignment id -> its open objection."""
    rows = Objection.objects.filter(assignment__in=list(assignments), answered_at__isnull=True, withdrawn_at__isnull=True)
    return {row.assignment_id: row for row in rows}


def objection(uuid: UUID, *, within: people.Units = None) -> Objection:
    """Return one objection with training, learner and certificate loaded.

    :raises DomainError: ``not_found`` (404), also outside the units ``within``
    """
    rows = Objection.objects.select_related("assignment__plan", "assignment__learner__unit", "assignment__certificate")
    row = rows.filter(people.belongs(within, "assignment__learner"), uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条说明，请从列表重新进入。"), status=404)
    return row


def signature(uuid: UUID) -> SignOff:
    """Return one drawn signature with its learner; whether the asker may see it is the caller's question.

    :raises DomainError: ``not_found`` (404), also for one that was typed
    """
    row = SignOff.objects.select_related("assignment__learner").filter(uuid=uuid).exclude(picture="").first()
    if row is None:
        raise DomainError("not_found", _("没有这个签名，请核对链接。"), status=404)
    return row


def picture(row: SignOff) -> bytes:
    """Return the drawing as PNG.

    :raises SealBroken: it was altered, or is another enterprise's
    :raises FileNotFoundError: the store has lost it
    """
    return drawing(row.picture)


def drawing(name: str) -> bytes:
    """Return the drawing of that storage name as PNG; raises as :func:`picture`."""
    with default_storage.open(name) as file:
        return people.unseal_bytes(file.read(), PICTURE)
