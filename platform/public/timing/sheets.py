"""The figures as workbooks: months for an inspector, days, pages."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from infra.kit import sheets
from infra.kit.marking import PLAIN
from public.timing import words
from public.timing.audiences import Audience
from public.timing.models import Site
from public.timing.queries import Line, waits_of
from public.timing.rules import BAR_MS, Figures, added


def _heads(first: str) -> list[str]:
    return [
        first, _("操作次数（按抽样推算）"), _("实测次数"), _("平均（秒）"), _("中位数（秒）"), _("75 分位（秒）"), _("95 分位（秒）"),
        _("3 秒内占比"), _("结论（标准：平均 ≤ 3 秒）"),
    ]  # fmt: skip


def _cells(name: str, figures: Figures) -> list[str | int | float]:
    return [
        name, figures.count, figures.sampled, _s(figures.mean_ms), *(_s(figures.quantile(part)) for part in (0.5, 0.75, 0.95)),
        words.percent(figures.within(BAR_MS)), words.verdict(figures)[1],
    ]  # fmt: skip


def _s(ms: float | None) -> str | float:
    return "" if ms is None else round(ms / 1000, 3)


def by_time(title: str, first: str, kinds: Mapping[date, dict[str, Figures]], *, names: str) -> bytes:
    """Return a row for each month or day, and one for all.

    :param names: format of a row's name, such as ``%Y-%m``
    """
    rows = [(f"{on:{names}}", waits_of(found)) for on, found in sorted(kinds.items())]
    lines = [*rows, (_("合计"), added(figures for _name, figures in rows))]
    return sheets.xlsx_file(title, _heads(first), [_cells(*line) for line in lines], label=PLAIN)


def by_page(title: str, lines: Sequence[Line]) -> bytes:
    """Return a row for each page."""
    heads = [_("页面"), _("名称"), _("使用者"), _("网站"), *_heads("")[1:]]
    cells = [
        [
            line.address or line.route,
            line.route,
            str(Audience(line.audience).label),
            str(Site(line.site).label),
            *_cells("", line.figures)[1:],
        ]
        for line in lines
    ]
    return sheets.xlsx_file(title, heads, cells, label=PLAIN)
