"""Who runs training: inviting, changing and removing managers. An enterprise always keeps an owner."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.people import history
from apps.people.errors import MobileTaken, checked_mobile, checked_name
from apps.people.models import Change, Learner, Manager, Unit
from apps.people.rules import mobile_index
from infra.kit.errors import DomainError
from tenants.api import Credential


def managers() -> list[Manager]:
    """Return the present managers, owners first, in one query."""
    rows = Manager.objects.filter(left_at=None).select_related("unit", "credential")
    order = list(Manager.Role.values)
    return sorted(rows, key=lambda row: (order.index(row.role), row.name, row.pk))


def manager(manager_id: int) -> Manager:
    """Return one present manager.

    :raises DomainError: 404 ``not_found``
    """
    row = Manager.objects.filter(pk=manager_id, left_at=None).select_related("unit", "credential").first()
    if row is None:
        raise DomainError("not_found", _("没有找到这位管理人员，可能已被移除。"), status=404)
    return row


@transaction.atomic
def invite(*, name: str, mobile: str, role: str, unit_id: int | None, by: int, at: datetime) -> Manager:
    """Let somebody run training, who signs in with a code to the mobile number at once.

    A learner of the same name and number becomes a manager too, with one way in; who was a manager before comes back.

    :raises DomainError: ``name_invalid``, ``mobile_invalid``, ``role_invalid``, ``unit_missing``; 409 ``mobile_taken``, ``is_manager``
    """
    name, mobile = checked_name(name), checked_mobile(mobile)
    role, unit = _place(role, unit_id)
    credential = _way_in(name, mobile)
    row = Manager.objects.select_for_update().filter(credential=credential).first()
    if row is not None and row.left_at is None:
        raise DomainError("is_manager", _("此人已经是管理人员，请直接修改角色。"), status=409, field="mobile")
    row = row or Manager(credential=credential)
    row.name, row.role, row.unit, row.left_at = name, role, unit, None
    row.save()
    _noted(row, "invited", {}, by, at)
    return row


@transaction.atomic
def change_role(*, manager_id: int, role: str, unit_id: int | None, by: int, at: datetime) -> Manager:
    """Give a manager another role, or a supervisor another unit.

    :raises DomainError: 404 ``not_found``; ``role_invalid``, ``unit_missing``; 409 ``last_owner``
    """
    owners = _owners()
    row = manager(manager_id)
    before = facts(row)
    role, unit = _place(role, unit_id)
    if role != Manager.Role.OWNER:
        _keep_an_owner(row, owners)
    row.role, row.unit = role, unit
    row.save(update_fields=["role", "unit"])
    _noted(row, "changed", before, by, at)
    return row


@transaction.atomic
def remove(*, manager_id: int, by: int, at: datetime) -> None:
    """End somebody's managing: sessions end at once, what was done keeps its name. A learner goes on learning.

    :raises DomainError: 404 ``not_found``; 409 ``last_owner``
    """
    owners = _owners()
    row = manager(manager_id)
    _keep_an_owner(row, owners)
    before = facts(row)
    row.left_at = at
    row.save(update_fields=["left_at"])
    learns = Learner.objects.filter(credential=row.credential, status=Learner.Status.ACTIVE).exists()
    Credential.objects.filter(pk=row.credential_id).update(is_active=learns)
    history.note(
        Change.Kind.MANAGER, row.pk, name=row.name, action="removed", before=before, after={**before, "manager_role": ""}, by=by, at=at
    )  # fmt: skip


def _owners() -> list[int]:
    """Lock all owners, so that two of them cannot remove each other at the same time."""
    rows = Manager.objects.select_for_update().filter(role=Manager.Role.OWNER, left_at=None).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def _keep_an_owner(row: Manager, owners: list[int]) -> None:
    if owners == [row.pk]:
        words = _("%(name)s是唯一的企业负责人。请先把另一位管理人员设为企业负责人。") % {"name": row.name}
        raise DomainError("last_owner", words, status=409, field="role")


def _place(role: str, unit_id: int | None) -> tuple[str, Unit | None]:
    """Return the role and the unit that belongs to it; only supervisors have one."""
    if role not in Manager.Role.values:
        raise DomainError("role_invalid", _("请选择一个角色。"), field="role")
    if role != Manager.Role.UNIT:
        return role, None
    unit = Unit.objects.filter(pk=unit_id, archived_at=None).first() if unit_id is not None else None
    if unit is None:
        raise DomainError("unit_missing", _("请选择主管的部门，主管只看得到这个部门和下级部门的人。"), field="unit")
    return role, unit


def _way_in(name: str, mobile: str) -> Credential:
    holder = Learner.objects.filter(mobile_index=mobile_index(mobile)).first()
    if holder is not None and holder.name != name:
        raise MobileTaken(holder)
    known = Credential.objects.by_login(mobile)
    if known is None:
        try:
            with transaction.atomic():
                return Credential.objects.create_credential(login=mobile, name=name, password=None)
        except IntegrityError as error:  # invited twice in the same moment
            raise MobileTaken() from error
    if not known.is_active or known.name != name:
        known.is_active, known.name = True, name
        known.save(update_fields=["is_active", "name"])
    return known


def facts(row: Manager) -> dict[str, str]:
    """Return what the history keeps of a manager: name, role and unit in words."""
    return {"name": row.name, "manager_role": str(Manager.Role(row.role).label), "unit": row.unit.name if row.unit else ""}


def _noted(row: Manager, action: str, before: dict[str, str], by: int, at: datetime) -> None:
    history.note(Change.Kind.MANAGER, row.pk, name=row.name, action=action, before=before, after=facts(row), by=by, at=at)
