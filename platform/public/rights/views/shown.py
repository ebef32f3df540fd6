"""How one asset is shown in tables and sheets."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infra.kit import clock
from public.rights.models import RightsAsset
from public.rights.rules import State, state_of

_BADGES: dict[str, tuple[str, Any]] = {
    "OK": ("proven", gettext_lazy("有效")),
    "SOON": ("attention", gettext_lazy("即将到期")),
    "EXPIRED": ("stop", gettext_lazy("已到期")),
    "EARLY": ("attention", gettext_lazy("未生效")),
    "INCOMPLETE": ("attention", gettext_lazy("不完整")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table."""

    row: RightsAsset
    state: State
    tone: str
    label: Any
    days_left: int | None
    scope: str


def line(row: RightsAsset, today: date) -> Line:
    """Return an asset with its badge, the days it has left and its scope in words."""
    state = state_of(row, today)
    tone, label = _BADGES[state.code]
    left = (row.valid_to - today).days if row.valid_to and row.valid_to >= today else None
    return Line(row, state, tone, label, left, scope_of(row))


def scope_of(row: RightsAsset) -> str:
    """Return what may be done with it, in words."""
    named = ((row.may_transmit, _("网络传播")), (row.may_adapt, _("改编")), (row.may_sublicense, _("转授权")))
    granted = [name for has, name in named if has]
    return "、".join(granted) or _("未注明")


def sheet_heads() -> list[str]:
    """Return the column titles of the export."""
    return [
        _("课程编码"), _("课程"), _("版本"), _("类别"), _("素材名称"), _("权利人"), _("授权方式"), _("合同编号或许可名称"), _("授权范围"),
        _("地域"), _("授权开始"), _("授权截止"), _("状态"), _("证明"), _("登记人"), _("登记日期"),
    ]  # fmt: skip


def sheet_line(row: RightsAsset, today: date) -> list[str | int]:
    """Return one line of the export."""
    shown = line(row, today)
    proof = _("文件") if row.evidence else _("原创声明：%(name)s") % {"name": row.signed_name} if row.statement else _("无")
    return [
        row.version.course.code, row.version.title, row.version.number, row.get_kind_display(), row.title, row.holder,
        row.get_licence_display(), row.licence_text, shown.scope, row.territory, row.valid_from.isoformat(),
        row.valid_to.isoformat() if row.valid_to else _("长期"), str(shown.label), proof, row.registered_name,
        clock.shanghai_date(row.at).isoformat(),
    ]  # fmt: skip
