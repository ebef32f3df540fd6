"""What the desk gives out as sheets."""

from django.utils.translation import gettext as _

from infra.kit import sheets
from infra.kit.marking import PERSONS
from public.regulators.exchange import board, wording
from public.regulators.exchange.models import Delivery


def days(rows: list[board.Day]) -> bytes:
    """Return the days of a partner."""
    heads = [_("日期"), _("应报"), _("已编号"), _("已接收"), _("退回或未送达"), _("对账")]
    lines = [
        (f"{one.day:%Y-%m-%d}", one.due, one.given, one.accepted, one.dead, str(one.file.get_state_display()) if one.file else "")
        for one in rows
    ]
    return sheets.xlsx_file("days", heads, lines)


def dead_letters(rows: list[Delivery]) -> bytes:
    """Return what was rejected or given up, with reasons, in which an authority may name somebody."""
    names = board.names(rows)
    heads = [_("序号"), _("记录编号"), _("企业"), _("类型"), _("日期"), _("状态"), _("代码"), _("原因")]
    lines = [
        (
            row.seq,
            str(row.record.uuid),
            names.get(row.record.schema_name, ""),
            str(row.record.get_kind_display()),
            f"{row.day:%Y-%m-%d}",
            str(row.get_state_display()),
            row.code,
            row.reason or wording.problem(row.code),
        )
        for row in rows
    ]
    return sheets.xlsx_file("records", heads, lines, label=PERSONS)
