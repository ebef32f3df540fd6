"""Tells managers of notices of an authority: those who answer them."""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.people.notify.kinds import APP, MAIL, MANAGER, NORMAL, SMS, URGENT, register_notice
from apps.people.notify.port import notify_all
from apps.people.permissions import Permission
from apps.people.queries import managers_who

_MUST = _("对监管部门的监督检查应当配合（安全生产法第六十六条）。")
_URL = "/console/rectifications/%(rectification)s"
_KINDS = {
    "ASKED": "rectification.asked",
    "ATTACHED": "rectification.attached",
    "AGAIN": "rectification.again",
    "ACCEPTED": "rectification.accepted",
    "WITHDRAWN": "rectification.withdrawn",
    "SOON": "rectification.soon",
    "LATE": "rectification.late",
}


def register() -> None:
    """Make the kinds known; called once at start."""
    answer = _("请在 %(due)s 前到“整改通知”提交整改情况和证明材料。")
    for what, title, body, label, urgency in (
        ("ASKED", _("收到%(organisation)s的整改通知"), answer, _("收到整改通知"), URGENT),
        ("AGAIN", _("%(organisation)s要求再整改"), answer, _("整改被退回"), URGENT),
        ("SOON", _("整改通知 %(number)s 将于 %(due)s 到期"), answer, _("整改即将到期"), NORMAL),
        ("LATE", _("整改通知 %(number)s 已逾期"), _("期限是 %(due)s，监管部门已看到逾期，请马上提交整改情况。"), _("整改已逾期"), URGENT),
    ):  # fmt: skip
        register_notice(
            _KINDS[what], title=title, body=body, url=_URL, channels=(APP, SMS, MAIL), urgency=urgency, label=label,
            audience=(MANAGER,), must=_MUST,
        )  # fmt: skip
    for what, title, body, label in (
        ("ATTACHED", _("整改通知 %(number)s 有新附件"), _("监管部门补充了附件，请打开整改通知查看。"), _("整改通知有新附件")),
        ("ACCEPTED", _("整改通知 %(number)s 已通过复核"), _("监管部门已确认整改到位，无需再处理。"), _("整改通过复核")),
        ("WITHDRAWN", _("整改通知 %(number)s 已撤回"), _("监管部门撤回了这份通知，无需再处理。"), _("整改通知撤回")),
    ):
        register_notice(
            _KINDS[what], title=title, body=body, url=_URL, channels=(APP, MAIL), urgency=NORMAL, label=label, audience=(MANAGER,)
        )


class ManagersOfPortal:
    """Fills `public.portal` with those who are told."""

    def tell(
        self, *, what: str, rectification: UUID, number: str, organisation: str, due_on: date, turn: int, at: datetime
    ) -> None:
        """Tell everybody who may answer, once a turn."""
        kind = _KINDS.get(what)
        if kind is None:
            return
        notify_all(
            kind=kind,
            manager_ids=managers_who(Permission.AUTHORITY_ANSWER),
            context={
                "rectification": str(rectification),
                "number": number,
                "organisation": organisation,
                "due": due_on.isoformat(),
            },
            at=at,
            about=f"rectification:{rectification}/{turn}",
        )
