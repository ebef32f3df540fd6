"""Trainers, what entitles them to teach, and the gate that asks for it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue.authoring.ownership import Writer
from public.catalogue.gates import Gap
from public.catalogue.models import CourseVersion, Trainer, TrainerQualification
from public.catalogue.queries import not_found
from public.uploads import api as uploads

SOON = timedelta(days=60)
"""How long before its last day a certificate is shown as expiring."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """One qualification on a day: ``standing`` is ``VALID``, ``SOON`` (ends within 60 days), ``EXPIRED`` or ``FUTURE``."""

    id: int
    title: str
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    evidence: UUID | None
    standing: str


@dataclass(frozen=True, slots=True)
class TrainerLine:
    """A trainer with certificates, the longest first."""

    id: int
    name: str
    about: str
    is_retired: bool
    courses: int
    certificates: list[Certificate]

    @property
    def best(self) -> Certificate | None:
        """The certificate that counts today, else the latest."""
        now = [c for c in self.certificates if c.standing in {"VALID", "SOON"}]
        return next(iter(now or self.certificates), None)


def _certificate(row: TrainerQualification, on: date) -> Certificate:
    if row.valid_to is not None and row.valid_to < on:
        standing = "EXPIRED"
    elif row.valid_from > on:
        standing = "FUTURE"
    elif row.valid_to is not None and row.valid_to - on <= SOON:
        standing = "SOON"
    else:
        standing = "VALID"
    return Certificate(row.pk, row.title, row.number, row.issuer, row.valid_from, row.valid_to, row.evidence, standing)


def _line(row: Trainer, on: date) -> TrainerLine:
    held = sorted(row.qualifications.all(), key=lambda q: (q.valid_to or date.max, q.pk), reverse=True)
    courses: dict[str, int] = row.__dict__
    certificates = [_certificate(q, on) for q in held]
    return TrainerLine(row.pk, row.name, row.about, row.retired_at is not None, courses["n_courses"], certificates)


def _rows(by: Writer) -> QuerySet[Trainer]:
    rows = Trainer.objects.filter(provider_schema=by.provider_schema).prefetch_related("qualifications")
    return rows.annotate(n_courses=Count("courseversion__course", distinct=True)).order_by("name", "pk")


def trainers(*, by: Writer, on: date, search: str = "", in_use: bool = False) -> list[TrainerLine]:
    """Return the provider's trainers by name; ``in_use`` leaves those out who teach no more. Two queries."""
    rows = _rows(by)
    for word in search.split():
        rows = rows.filter(Q(name__icontains=word) | Q(qualifications__title__icontains=word)).distinct()
    if in_use:
        rows = rows.filter(retired_at=None)
    return [_line(row, on) for row in rows]


def trainer(trainer_id: int, *, by: Writer, on: date) -> TrainerLine:
    """Return one of the provider's trainers.

    :raises DomainError: ``not_found``
    """
    row = _rows(by).filter(pk=trainer_id).first()
    if row is None:
        raise not_found(_("讲师"))
    return _line(row, on)


def _own(trainer_id: int, by: Writer) -> Trainer:
    row = Trainer.objects.select_for_update().filter(pk=trainer_id, provider_schema=by.provider_schema).first()
    if row is None:
        raise not_found(_("讲师"))
    return row


@transaction.atomic
def add_trainer(*, name: str, about: str, by: Writer) -> int:
    """Write a trainer down; return the id."""
    return int(Trainer.objects.create(name=name, about=about, provider_schema=by.provider_schema).pk)


@transaction.atomic
def edit_trainer(*, trainer_id: int, name: str, about: str, by: Writer) -> None:
    """Change a trainer's name or words.

    :raises DomainError: ``not_found``
    """
    row = _own(trainer_id, by)
    row.name, row.about = name, about
    row.save(update_fields=["name", "about"])


@transaction.atomic
def retire_trainer(*, trainer_id: int, teaches: bool, by: Writer, at: datetime) -> None:
    """Let a trainer teach no new versions, or again (``teaches``).

    :raises DomainError: ``not_found``
    """
    row = _own(trainer_id, by)
    row.retired_at = None if teaches else row.retired_at or at
    row.save(update_fields=["retired_at"])


@transaction.atomic
def add_qualification(
    *,
    trainer_id: int,
    title: str,
    number: str,
    issuer: str,
    valid_from: date,
    valid_to: date | None,
    by: Writer,
    evidence: UUID | None = None,
) -> int:
    """Write down a certificate; return its id.

    :param evidence: upload with the scan, a document or picture that the writer uploaded
    :raises DomainError: ``not_found``; ``period`` when it ends before it begins; ``not_your_upload`` and what
        `uploads.require_ready` refuses; ``field`` names the field
    """
    if valid_to is not None and valid_to < valid_from:
        raise DomainError("period", _("有效期的最后一天不能早于第一天，请核对日期。"), field="valid_to")
    if evidence is not None:
        _check_scan(evidence, by)
    row = TrainerQualification(
        trainer=_own(trainer_id, by), title=title, number=number, issuer=issuer, valid_from=valid_from, valid_to=valid_to
    )
    row.evidence = evidence
    row.save()
    return int(row.pk)


def _check_scan(evidence: UUID, by: Writer) -> None:
    try:
        found = uploads.require_ready(evidence, kinds=("document", "image"))
    except DomainError as error:
        raise DomainError(error.code, error.message, status=error.status, field="evidence") from error
    if (found.owner_id, found.provider_schema) != (by.credential_id, by.provider_schema):
        raise DomainError("not_your_upload", _("扫描件须由登记人自己上传，请重新上传。"), field="evidence")


def evidence_of(qualification_id: int, *, by: Writer | None = None) -> UUID:
    """Return the upload with a certificate's scan, for ``by`` only of the own provider's trainers.

    :raises DomainError: ``not_found``, also where no scan was uploaded
    """
    rows = TrainerQualification.objects.filter(pk=qualification_id)
    if by is not None:
        rows = rows.filter(trainer__provider_schema=by.provider_schema)
    found = rows.values_list("evidence", flat=True).first()
    if found is None:
        raise not_found(_("扫描件"))
    return found


def trainer_of_version(version_id: int, *, on: date) -> TrainerLine:
    """Return who teaches a version, whoever provides it: for the people who judge it.

    :raises DomainError: ``not_found``
    """
    rows = Trainer.objects.prefetch_related("qualifications").annotate(n_courses=Count("courseversion__course", distinct=True))
    # A subquery keeps the count over all courses of the trainer.
    row = rows.filter(pk__in=CourseVersion.objects.filter(pk=version_id).values("trainer_id")).first()
    if row is None:
        raise not_found(_("课程版本"))
    return _line(row, on)


@transaction.atomic
def remove_qualification(*, qualification_id: int, by: Writer) -> int:
    """Take a certificate out that was written down by mistake; return the trainer's id.

    :raises DomainError: ``not_found``; ``qualification_used`` once a version by this trainer was submitted
    """
    rows = TrainerQualification.objects.filter(pk=qualification_id, trainer__provider_schema=by.provider_schema)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise not_found(_("资格"))
    if CourseVersion.objects.filter(trainer_id=row.trainer_id).exclude(state=CourseVersion.State.DRAFT).exists():
        message = _("这位讲师已有提交过的课程，资格记录要保留备查。资格更新时，请新增一条。")
        raise DomainError("qualification_used", message, status=409)
    row.delete()
    return row.trainer_id


def trainer_gaps(version_id: int, at: datetime) -> list[Gap]:
    """Return what keeps the trainer from teaching on this day. A gate of the catalogue."""
    version = CourseVersion.objects.select_related("trainer").filter(pk=version_id).first()
    if version is None:
        return []
    day = clock.shanghai_date(at)
    held = [_certificate(row, day) for row in version.trainer.qualifications.order_by("-valid_to", "-pk")]
    if any(row.standing in {"VALID", "SOON"} for row in held):
        return []
    return [Gap("trainer_unqualified", _unqualified(version.trainer.name, held))]


def _unqualified(name: str, held: list[Certificate]) -> Any:
    ended = next((row for row in held if row.standing == "EXPIRED"), None)
    if ended is not None:
        words = _("讲师“%(name)s”的资格“%(title)s”有效期至 %(day)s，已过期，请登记新的资格")
        return words % {"name": name, "title": ended.title, "day": ended.valid_to}
    if held:
        words = _("讲师“%(name)s”的资格“%(title)s”从 %(day)s 起才有效，请登记现在有效的资格")
        return words % {"name": name, "title": held[0].title, "day": held[0].valid_from}
    return _("讲师“%(name)s”还没有登记资格，请先登记资格证书和有效期") % {"name": name}
