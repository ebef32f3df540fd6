"""What the open interface holds about a person, said to `people.register_holdings`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.openapi.hooks import kinds
from apps.people import api as people


def register() -> None:
    """Make it known; called once at start. Answers to writes are sealed and gone after a day; keys name nobody."""
    people.register_holdings(
        people.Holding(
            model="openapi.HookDelivery",
            title=_("推送给其他系统的消息"),
            why=_("单位的其他系统收到了哪些关于您的消息。消息里只有编号，没有姓名和号码。"),
            path="subject",
            by="uuid",
            shown={"happened_at": _("时间"), "kind": _("类别"), "state": _("状态")},
            worded={"kind": _kind},
            fate=people.Fate.STAYS,
            why_kept=_("只有编号和时间，半年后清除；学员资料里的姓名删除后，不能再认出是谁。"),
        )
    )


def _kind(row: Any) -> str:
    return kinds.label(row.kind)
