"""Trainers and rooms of the enterprise: written down, changed, archived; never deleted, for classes name them."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.plans.classes.models import ClassFile, ClassTrainer, OfflineClass, Room
from infra.kit.errors import DomainError

SOON = timedelta(days=90)
"""Qualifications that end within this are told, as special-operation certificates are; [P], the law names no notice."""
MOST_SEATS = 5_000


def trainers(*, text: str = "", show: str = "", on: date) -> QuerySet[ClassTrainer]:
    """Return trainers with ``held`` (classes not cancelled) and ``kept`` (certificates), those whose qualification ends first
    at the top; two queries.

    :param show: ``expired``, ``soon`` (ends within 90 days), ``archived`` or "" for all that teach
    """
    scans = Prefetch("files", ClassFile.objects.filter(archived_at=None).order_by("-at", "-id"), to_attr="kept")
    rows = ClassTrainer.objects.select_related("manager").prefetch_related(scans)
    rows = rows.annotate(held=Count("classes", filter=~Q(classes__state=OfflineClass.State.CANCELLED)))
    rows = rows.filter(archived_at__isnull=show != "archived")
    for word in text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(qualification__icontains=word) | Q(employer__icontains=word))
    if show == "expired":
        rows = rows.filter(expires_on__lt=on)
    elif show == "soon":
        rows = rows.filter(expires_on__gte=on, expires_on__lte=on + SOON)
    return rows.order_by(F("expires_on").asc(nulls_last=True), "name", "id")


def rooms(*, archived: bool = False) -> QuerySet[Room]:
    """Return rooms with ``held`` (classes not cancelled) by name."""
    rows = Room.objects.filter(archived_at__isnull=not archived)
    return rows.annotate(held=Count("classes", filter=~Q(classes__state=OfflineClass.State.CANCELLED))).order_by("name", "id")


def trainer(uuid: UUID) -> ClassTrainer:
    """Return one trainer, archived or not.

    :raises DomainError: 404 ``not_found``
    """
    row = ClassTrainer.objects.select_related("manager").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这位培训教师，请从教师列表重新进入。"), status=404)
    return row


def room(uuid: UUID) -> Room:
    """Return one room, archived or not.

    :raises DomainError: 404 ``not_found``
    """
    row = Room.objects.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个场地，请从场地列表重新进入。"), status=404)
    return row


@transaction.atomic
def write_trainer(
    *,
    uuid: UUID | None,
    name: str,
    origin: str,
    employer: str,
    qualification: str,
    expires_on: date | None,
    manager_id: int | None,
) -> ClassTrainer:
    """Write down a trainer, or change one.

    :raises DomainError: 404 ``not_found``; ``name_missing``, ``qualification_missing``, ``employer_missing``; 409 ``sign_in_taken``
    """
    row = ClassTrainer.objects.select_for_update().get(pk=trainer(uuid).pk) if uuid else ClassTrainer()
    row.name, row.qualification = " ".join(name.split())[:40], " ".join(qualification.split())[:120]
    row.origin, row.expires_on, row.manager_id = ClassTrainer.Origin(origin).value, expires_on, manager_id
    row.employer = " ".join(employer.split())[:60] if row.origin == ClassTrainer.Origin.OUTSIDE else ""
    if not row.name:
        raise DomainError("name_missing", _("请填写教师姓名。"), field="name")
    if not row.qualification:
        raise DomainError("qualification_missing", _("请填写教师的资格，例如 注册安全工程师。"), field="qualification")
    if row.origin == ClassTrainer.Origin.OUTSIDE and not row.employer:
        raise DomainError("employer_missing", _("外聘教师请填写所在单位。"), field="employer")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        words = _("这个登录账号已对应另一位教师，请换一个账号。")
        raise DomainError("sign_in_taken", words, status=409, field="manager_id") from error
    return row


@transaction.atomic
def write_room(*, uuid: UUID | None, name: str, place: str, seats: int, at: datetime) -> Room:
    """Write down a room, or change one; classes to come must still fit.

    :raises DomainError: 404 ``not_found``; ``name_missing``, ``seats``; 409 ``name_taken``, ``room_full``
    """
    row = Room.objects.select_for_update().get(pk=room(uuid).pk) if uuid else Room()
    row.name, row.place, row.seats = " ".join(name.split())[:40], " ".join(place.split())[:120], seats
    if not row.name:
        raise DomainError("name_missing", _("请填写场地名称。"), field="name")
    if not 1 <= seats <= MOST_SEATS:
        raise DomainError("seats", _("座位数请填 1 到 %(most)s。") % {"most": MOST_SEATS}, field="seats")
    if row.pk and (crowded := _coming(row, at).annotate(people=Count("seats")).filter(people__gt=seats).first()):
        words = _("“%(topic)s”已有 %(people)s 人参加，座位不能少于人数。")
        values = {"topic": crowded.topic, "people": crowded.people}
        raise DomainError("room_full", words % values, status=409, field="seats")
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise DomainError("name_taken", _("已有同名的场地（可能已归档），请换一个名称。"), status=409, field="name") from error
    return row


@transaction.atomic
def archive_trainer(*, uuid: UUID, archived: bool, at: datetime) -> ClassTrainer:
    """Take a trainer off the lists, or put them back; what they taught stays. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``; 409 ``trainer_used`` with classes to come; ``sign_in_taken``
    """
    row = ClassTrainer.objects.select_for_update().get(pk=trainer(uuid).pk)
    if archived and row.classes.filter(state=OfflineClass.State.PLANNED, ends_at__gt=at).exists():
        raise DomainError("trainer_used", _("这位教师还有没上的课，请先给这些课换教师，或取消。"), status=409)
    row.archived_at = (row.archived_at or at) if archived else None
    try:
        with transaction.atomic():
            row.save(update_fields=["archived_at"])
    except IntegrityError as error:
        raise DomainError("sign_in_taken", _("登录账号已对应另一位教师，请先修改那位教师。"), status=409) from error
    return row


@transaction.atomic
def archive_room(*, uuid: UUID, archived: bool, at: datetime) -> Room:
    """Take a room off the lists, or put it back. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``; 409 ``room_used`` with classes to come
    """
    row = Room.objects.select_for_update().get(pk=room(uuid).pk)
    if archived and _coming(row, at).exists():
        raise DomainError("room_used", _("这个场地还有没上的课，请先给这些课换场地，或取消。"), status=409)
    row.archived_at = (row.archived_at or at) if archived else None
    row.save(update_fields=["archived_at"])
    return row


def _coming(row: Room, at: datetime) -> QuerySet[OfflineClass]:
    return row.classes.filter(state=OfflineClass.State.PLANNED, ends_at__gt=at)
