"""Robots of group chats: added by the address that the vendor shows, kept as a sealed key."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from apps.people import sealing
from apps.people.models import Robot
from apps.people.notify import kinds
from apps.people.notify.delivering import ROBOT_SECRET, ROBOT_TOKEN
from apps.people.notify.kinds import Kind
from apps.people.ports import ROBOTS
from infra.kit.errors import DomainError
from public.audit import api as audit

MOST = 20


def postable() -> list[Kind]:
    """Return the kinds that may be posted into a group chat."""
    return [kind for kind in kinds.listed() if kinds.ROBOT in kind.channels]


def robot(robot_id: int) -> Robot:
    """Return one robot.

    :raises DomainError: 404 ``not_found``
    """
    row = Robot.objects.filter(pk=robot_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个群机器人，可能已被删除。"), status=404)
    return row


@transaction.atomic
def save(
    *,
    robot_id: int | None,
    name: str,
    vendor: str,
    address: str,
    secret: str,
    chosen: Iterable[str],
    is_on: bool,
    by: int,
    at: datetime,
) -> Robot:
    """Add a robot, or change one; empty address and secret leave what is kept.

    :param address: as the vendor shows it; only the key in it is kept
    :raises DomainError: 404 ``not_found``; ``robot_name``, ``robot_address``, ``robot_vendor``; 409 ``too_many``
    """
    row = robot(robot_id) if robot_id is not None else Robot(vendor=vendor, by_id=by, at=at)
    if robot_id is None and Robot.objects.count() >= MOST:
        raise DomainError("too_many", _("最多添加 %(n)d 个群机器人，请先删除不用的。") % {"n": MOST}, status=409)
    if row.vendor not in Robot.Vendor.values:
        raise DomainError("robot_vendor", _("请选择企业微信或钉钉。"), field="vendor")
    row.name = " ".join(name.split())[:40]
    if not row.name:
        raise DomainError("robot_name", _("请给群机器人起个名字，例如 安全生产群。"), field="name")
    if address.strip() or robot_id is None:
        row.token_sealed = sealing.seal(_key(row.vendor, address), ROBOT_TOKEN)
    if secret.strip():
        row.secret_sealed = sealing.seal(secret.strip()[:200], ROBOT_SECRET)
    names = {kind.name for kind in postable()}
    row.kinds, row.is_on = [one for one in chosen if one in names], is_on
    row.save()
    audit.record("people.robot_saved", actor=f"manager:{by}", target=f"robot:{row.pk}", at=at, kinds=len(row.kinds), on=is_on)
    return row


def _key(vendor: str, address: str) -> str:
    key = ROBOTS.get().key_of(vendor, address)
    if key is None:
        words = {
            "WECOM": _("请粘贴完整地址，以 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key= 开头。"),
            "DINGTALK": _("请粘贴完整地址，以 https://oapi.dingtalk.com/robot/send?access_token= 开头。"),
        }
        raise DomainError("robot_address", words[vendor], field="address")
    return key


@transaction.atomic
def remove(*, robot_id: int, by: int, at: datetime) -> None:
    """Forget a robot and its key; what it has posted stays in the list of deliveries.

    :raises DomainError: 404 ``not_found``
    """
    row = robot(robot_id)
    audit.record("people.robot_removed", actor=f"manager:{by}", target=f"robot:{row.pk}", at=at)
    row.delete()
