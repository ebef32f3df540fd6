"""Who changed what about people, when, from what to what. Rows are only added; numbers are masked before they are written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.people import sealing
from apps.people.models import Change, Learner
from infra.kit import identity
from infra.kit.errors import DomainError

Facts = Mapping[str, str]
"""Field to value as a person reads it."""

FIELDS: dict[str, Any] = {
    "name": _("姓名"),
    "id_number": _("身份证号"),
    "mobile": _("手机号"),
    "unit": _("部门"),
    "further": _("兼属部门"),
    "position": _("岗位"),
    "employee_no": _("工号"),
    "role": _("人员类别"),
    "employment": _("用工形式"),
    "hired_on": _("入职日期"),
    "trade": _("工种"),
    "education": _("学历"),
    "fitness": _("职业禁忌核查"),
    "fitness_on": _("核查日期"),
    "status": _("状态"),
    "parent": _("上级部门"),
    "hazards": _("危险因素"),
    "note": _("备注"),
    "manager_role": _("管理角色"),
    "qualification": _("特种作业证"),
    "expires_on": _("有效期至"),
    "review_on": _("复审日期"),
    "invite": _("邀请部门"),
    "sign_in": _("密码登录"),
    "devices": _("登录中的设备"),
    "outside": _("外部账号"),
    "sso_app": _("应用编号"),
    "sso_open": _("登录入口"),
    "sso_secret": _("应用密钥"),
}
ACTIONS: dict[str, Any] = {
    "added": _("新增"),
    "changed": _("修改"),
    "moved": _("移动"),
    "archived": _("归档"),
    "restored": _("恢复"),
    "invited": _("邀请"),
    "removed": _("移除"),
    "qualified": _("登记证书"),
    "unqualified": _("作废证书"),
    "link_made": _("新建邀请"),
    "link_ended": _("停用邀请"),
    "unlocked": _("解除登录锁定"),
    "signed_out": _("退出设备登录"),
    "bound": _("绑定外部账号"),
    "unbound": _("解绑外部账号"),
    "phone": _("更换手机号"),
}


def facts(row: Learner) -> dict[str, str]:
    """Return what history tells of a learner; ``unit`` must be loaded or is loaded. Further units cost a query."""
    further = row.memberships.select_related("unit").order_by("unit__name") if row.pk else []
    return {**own_facts(row), "further": "、".join(member.unit.name for member in further)}


def own_facts(row: Learner) -> dict[str, str]:
    """Return what history tells of the learner's own row, without a query where ``unit`` is loaded."""
    return {
        "name": row.name,
        "mobile": identity.mask_mobile(sealing.unseal(row.mobile_sealed, sealing.MOBILE)),
        "unit": row.unit.name if row.unit else "",
        "position": row.position,
        "employee_no": row.employee_no,
        "role": row.role,
        "employment": row.employment,
        "hired_on": row.hired_on.isoformat() if row.hired_on else "",
        "trade": row.trade,
        "education": row.education,
        "fitness": row.fitness,
        "fitness_on": row.fitness_on.isoformat() if row.fitness_on else "",
        "status": row.status,
    }


def fingerprint(row: Learner) -> str:
    """Return what tells whether somebody else has changed a learner since a form was opened; 16 hex digits.

    Made of the row itself and not of a counter, so that every writer counts, bulk ones too.
    """
    told = {**facts(row), "unit": str(row.unit_id), "mobile": row.mobile_index}
    return sha256("\n".join(f"{key}={told[key]}" for key in sorted(told)).encode()).hexdigest()[:16]


def refuse_outdated(row: Learner, seen: str) -> None:
    """Refuse a change by somebody who saw an older state than the locked ``row``.

    :raises DomainError: 409 ``changed_meanwhile``
    """
    if seen and seen != fingerprint(row):
        last = of(Change.Kind.LEARNER, row.uuid).first()
        who = last.by.name if last and last.by else _("其他人")
        words = _("%(name)s的资料刚刚被%(who)s修改过，您的修改还没有保存。请核对后再保存。")
        raise DomainError("changed_meanwhile", words % {"name": row.name, "who": who}, status=409)


def difference(before: Facts, after: Facts) -> dict[str, list[str]]:
    """Return ``{field: [before, after]}`` of what differs."""
    return {key: [before.get(key, ""), value] for key, value in after.items() if before.get(key, "") != value}


def note(
    kind: Change.Kind, subject: object, *, name: str, action: str, before: Facts, after: Facts, by: int | None, at: datetime
) -> None:
    """Write down one change; nothing where nothing differs.

    :param by: id of the manager; None for the system itself
    """
    changes = difference(before, after)
    if changes:
        Change.objects.create(kind=kind, subject=str(subject), name=name[:60], action=action, changes=changes, by_id=by, at=at)


def note_many(entries: Iterable[tuple[Learner, str, Facts, Facts]], *, by: int | None, at: datetime) -> None:
    """Write down changes of many learners in one query per thousand.

    :param entries: (learner, action, before, after)
    """
    rows = (
        Change(kind=Change.Kind.LEARNER, subject=str(row.uuid), name=row.name, action=action, changes=changes, by_id=by, at=at)
        for row, action, before, after in entries
        if (changes := difference(before, after))
    )
    Change.objects.bulk_create(rows, batch_size=1000)


def of(kind: Change.Kind, subject: object) -> QuerySet[Change]:
    """Return the changes of one subject with who made them, newest first."""
    return Change.objects.filter(kind=kind, subject=str(subject)).select_related("by").order_by("-id")


def newest(*, kind: str = "", by: int | None = None, text: str = "") -> QuerySet[Change]:
    """Return changes that fit, newest first.

    :param text: part of what the subject was called
    """
    rows = Change.objects.select_related("by").order_by("-at", "-id")
    if kind in Change.Kind.values:
        rows = rows.filter(kind=kind)
    if by is not None:
        rows = rows.filter(by_id=by)
    return rows.filter(name__icontains=text.strip()) if text.strip() else rows


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words. ``lines``: (field, before, after)."""

    at: datetime
    who: str
    action: str
    kind: str
    name: str
    subject: str
    lines: list[tuple[str, str, str]]


def told(row: Change) -> Told:
    """Return a change in the reader's language."""
    lines = [(str(FIELDS.get(key, key)), *(_words(key, value) for value in pair)) for key, pair in row.changes.items()]
    who = row.by.name if row.by else str(_("系统"))
    action = str(ACTIONS.get(row.action, row.action))
    return Told(row.at, who, action, str(Change.Kind(row.kind).label), row.name, row.subject, lines)  # type: ignore[arg-type]


_CHOICES: dict[str, dict[str, Any]] = {
    "role": dict(Learner.Role.choices),
    "employment": dict(Learner.Employment.choices),
    "education": dict(Learner.Education.choices),
    "fitness": dict(Learner.Fitness.choices),
    "status": dict(Learner.Status.choices),
    "sign_in": {"locked": _("锁定"), "open": _("正常")},
}


def _words(field: str, value: str) -> str:
    return str(_CHOICES.get(field, {}).get(value, value)) or "—"
