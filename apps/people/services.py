"""Writes about people. Each is one transaction and tells the authority's feed who the person is (clause 七.1)."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import belonging, events, history, queries, recording, rules, sealing
from apps.people.errors import IdTaken, MobileTaken, checked_id, checked_mobile, checked_name
from apps.people.joining import devices
from apps.people.models import Learner, Manager, Unit
from apps.people.shapes import LearnerView, learner_view
from infra.kit import clock, identity
from infra.kit.errors import DomainError
from tenants.api import Credential, login_key


def open_owner(*, name: str, mobile: str, password: str | None, at: datetime) -> Credential:
    """Make the first manager of a new enterprise, who owns it; without a password only codes let the owner in.

    :raises DomainError: ``name_invalid``, ``mobile_invalid``, or 409 ``owner_exists``
    """
    name, mobile = checked_name(name), checked_mobile(mobile)
    with transaction.atomic():
        if Manager.objects.filter(role=Manager.Role.OWNER).exists():
            raise DomainError("owner_exists", _("这家企业已经有负责人，请用手机号登录。"), status=409)
        credential = Credential.objects.create_credential(login=mobile, name=name, password=password)
        Manager.objects.create(credential=credential, name=name, role=Manager.Role.OWNER)
    return credential


def add_learner(
    *,
    name: str,
    id_number: str,
    mobile: str,
    at: datetime,
    unit_id: int | None = None,
    unit_path: str = "",
    position: str = "",
    employee_no: str = "",
    role: str = "CY",
    hired_on: date | None = None,
    employment: str = "",
    further_ids: Iterable[int] = (),
    password: str | None = None,
    by: int | None = None,
) -> LearnerView:
    """Add one learner who can sign in at once with a code (or with ``password``).

    A manager of the same name and mobile becomes a learner too, with one way in. The unit is given by id, or by a path such as
    ``生产部/一车间`` that is made where missing.

    :param further_ids: further units
    :param by: id of the manager, for the history

    :raises DomainError: ``name_invalid``, ``id_invalid``, ``mobile_invalid``; 409 ``id_taken``, ``mobile_taken``
    """
    name, mobile = checked_name(name), checked_mobile(mobile)
    id_number = checked_id(id_number, on=clock.shanghai_date(at))
    refuse_taken(name=name, mobile=mobile, id_number=id_number)
    try:
        with transaction.atomic():
            row = Learner.objects.create(
                credential=_credential(name=name, mobile=mobile, password=password),
                name=name,
                id_sealed=sealing.seal(id_number, sealing.ID),
                person_key=rules.person_key(id_number),
                mobile_sealed=sealing.seal(mobile, sealing.MOBILE),
                mobile_index=rules.mobile_index(mobile),
                sex=identity.sex_of(id_number),
                unit=_unit(unit_id, unit_path),
                position=position.strip(),
                employee_no=employee_no.strip(),
                role=Learner.Role(role),
                hired_on=hired_on,
                employment=Learner.Employment(employment) if employment else "",
                created_at=at,
            )
            belonging.join_units(row, further_ids)
            recording.noted(row, "added", {}, by, at)
            recording.registered([row], by=by, at=at)
            return recording.announced(row, at)
    except IntegrityError as error:  # somebody was faster between the check and the write
        raise (IdTaken() if "person_key" in str(error) else MobileTaken()) from error


def update_learner(
    *,
    learner_uuid: UUID,
    name: str,
    mobile: str,
    at: datetime,
    unit_id: int | None = None,
    unit_path: str = "",
    position: str = "",
    employee_no: str = "",
    role: str = "CY",
    employment: str | None = None,
    further_ids: Iterable[int] | None = None,
    seen: str = "",
    by: int | None = None,
) -> LearnerView:
    """Change what may change of a learner. An empty ``mobile`` keeps the number, None keeps employment and further units.

    :param seen: `history.fingerprint` of the learner as the form showed them; "" does not compare
    :param by: id of the manager, for the history

    A new number becomes the login: the old password and all sessions end, for the old number may be a stranger's.

    :raises DomainError: 404 ``not_found``; ``name_invalid``, ``mobile_invalid``; 409 ``mobile_taken``, ``is_manager``, ``changed_meanwhile``
    """
    name = checked_name(name)
    new_mobile = checked_mobile(mobile) if mobile.strip() else ""
    try:
        with transaction.atomic():
            row = locked(learner_uuid)
            history.refuse_outdated(row, seen)
            before = history.facts(row)
            if new_mobile and rules.mobile_index(new_mobile) != row.mobile_index:
                refuse_taken(name=name, mobile=new_mobile, ours=row)
                move_login(row, new_mobile, at)
            row.name, row.unit, row.position = name, _unit(unit_id, unit_path), position.strip()
            row.employee_no, row.role = employee_no.strip(), Learner.Role(role)
            if employment is not None:
                row.employment = Learner.Employment(employment) if employment else ""
            row.save()
            if further_ids is not None:
                belonging.join_units(row, further_ids)
            recording.noted(row, "changed", before, by, at)
            _rename_credential(row)
            return recording.announced(row, at)
    except IntegrityError as error:
        raise MobileTaken() from error


def archive_learner(*, learner_uuid: UUID, at: datetime, by: int | None = None) -> LearnerView:
    """Take a learner off the books: records stay, sessions end, signing in is refused. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    return _set_status(learner_uuid, Learner.Status.ARCHIVED, at, by)


def restore_learner(*, learner_uuid: UUID, at: datetime, by: int | None = None) -> LearnerView:
    """Put an archived learner back on the books. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    return _set_status(learner_uuid, Learner.Status.ACTIVE, at, by)


def for_each(
    act: Callable[..., LearnerView], learners: Iterable[UUID], *, at: datetime, by: int | None = None, **changes: Any
) -> None:
    """Archive, restore or change several people, all or none.

    :raises DomainError: 404 ``not_found`` for one of them
    """
    with transaction.atomic():
        for learner_uuid in learners:
            act(learner_uuid=learner_uuid, at=at, by=by, **changes)


def unit_of_path(path: str) -> Unit | None:
    """Return the unit named by a path such as ``生产部/一车间``, made where missing; None for an empty path.

    A single name means the unit of that name wherever it hangs, as long as there is only one.
    """
    names = unit_names(path)
    if len(names) == 1:
        same = list(Unit.objects.filter(name=names[0], archived_at=None)[:2])
        if len(same) == 1:
            return same[0]
    unit: Unit | None = None
    for name in names:
        unit, _made = Unit.objects.get_or_create(parent=unit, name=name)
        if unit.archived_at is not None:
            unit.archived_at = None
            unit.save(update_fields=["archived_at"])
    return unit


def unit_names(path: str) -> list[str]:
    """Split ``生产部/一车间`` (also with a full-width stroke) into names."""
    parts = path.replace("／", "/").split("/")
    return [part.strip() for part in parts if part.strip()]


def refuse_taken(*, name: str, mobile: str, id_number: str = "", ours: Learner | None = None) -> None:
    """Refuse an ID or mobile number that somebody else of this enterprise has.

    :raises DomainError: 409 ``id_taken``, ``mobile_taken``
    """
    if id_number and (known := Learner.objects.filter(person_key=rules.person_key(id_number)).first()):
        raise IdTaken(known)
    holder = Learner.objects.filter(mobile_index=rules.mobile_index(mobile)).first()
    if holder and holder != ours:
        raise MobileTaken(holder)
    manager = Manager.objects.filter(credential__login_key=login_key(mobile)).first()
    if manager and (manager.name != name or ours is not None):
        raise MobileTaken(manager)


def _unit(unit_id: int | None, path: str) -> Unit | None:
    return Unit.objects.get(pk=unit_id) if unit_id is not None else unit_of_path(path)


def _credential(*, name: str, mobile: str, password: str | None) -> Credential:
    """Return the way in of a new learner; a manager of that number (checked before) keeps the one there is."""
    known = Credential.objects.by_login(mobile)
    if known is not None and not known.is_active:  # of somebody who was a manager
        known.is_active = True
        known.save(update_fields=["is_active"])
    return known or Credential.objects.create_credential(login=mobile, name=name, password=password)


def locked(learner_uuid: UUID) -> Learner:
    """Lock and return one learner.

    :raises DomainError: 404 ``not_found``; 409 ``erased``
    """
    if queries.learner_row(learner_uuid).erased_at is not None:
        raise DomainError("erased", _("此人的个人信息已按本人申请删除，不能再修改或恢复。再次入职请重新添加。"), status=409)
    return Learner.objects.select_for_update().select_related(None).get(uuid=learner_uuid)


def move_login(row: Learner, mobile: str, at: datetime) -> None:
    """Give an unsaved row another mobile number and make it the login; the old password and sessions end.

    :raises DomainError: 409 ``is_manager``, ``is_sample``
    """
    if row.sample:
        raise DomainError("is_sample", _("示例人员没有手机号。请添加真实学员。"), status=409)
    if Manager.objects.filter(credential__learner=row, left_at=None).exists():
        raise DomainError("is_manager", _("此人同时是管理员，手机号就是管理员账号，请由本人在账号设置中修改。"), status=409)
    row.mobile_index = rules.mobile_index(mobile)
    row.mobile_sealed = sealing.seal(mobile, sealing.MOBILE)
    credential = row.credential
    if credential is not None:
        credential.login_key = login_key(mobile)
        credential.set_unusable_password()
        credential.save(update_fields=["login_key", "password"])
        devices.end_all(credential, at=at)


def _rename_credential(row: Learner) -> None:
    own_way_in(row).update(name=row.name)


def own_way_in(row: Learner) -> QuerySet[Credential]:
    """The credential of a learner unless a present manager comes in by it too."""
    return Credential.objects.filter(Q(manager=None) | Q(manager__left_at__isnull=False), learner=row)


def _set_status(learner_uuid: UUID, status: Learner.Status, at: datetime, by: int | None) -> LearnerView:
    with transaction.atomic():
        row = locked(learner_uuid)
        if row.status == status:
            return learner_view(row)
        before = history.facts(row)
        row.status = status
        if row.is_active and row.erase_on:  # back at work: the training that the law asks for goes on, the deletion does not
            row.restricted_at = row.erase_on = None
        row.save(update_fields=["status", "restricted_at", "erase_on"])
        recording.noted(row, "restored" if row.is_active else "archived", before, by, at)
        own_way_in(row).update(is_active=row.is_active)
        if not row.is_active:
            transaction.on_commit(lambda: events.learner_archived.send_robust(sender=Learner, learner_id=row.pk, at=at))
        return recording.announced(row, at)
