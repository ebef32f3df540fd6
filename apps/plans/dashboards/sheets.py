"""The dashboards as files: a workbook whose cells are never formulas, or a document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from apps.plans import workbooks
from apps.plans.dashboards import advice
from apps.plans.dashboards.filters import Filters
from apps.plans.dashboards.heat import Heat
from apps.plans.dashboards.queries import Figures, Overview
from apps.plans.models import Assignment
from apps.plans.ports import REPORTS, Report, ReportTable
from apps.plans.rules import credit_hours
from infra.kit import clock
from infra.kit import sheets as tables
from tenants.api import current_site

KINDS = {"xlsx": tables.XLSX, "pdf": "application/pdf"}
MOST_PRINTED = 2_000
"""Lines of people in a document; a workbook holds all."""
Line = Sequence[str | int | float]


@dataclass(frozen=True, slots=True)
class Content:
    """What the overview shows."""

    overview: Overview
    heat: Heat
    figures: Figures
    asked: Filters


def dashboard(found: Content, *, kind: str, at: datetime) -> bytes:
    """Return the overview as a file.

    :param kind: a key of ``KINDS``
    """
    parts = [_units(found.heat), _hours(found.figures), _exams(found.figures), _alerts(found.figures)]
    if kind == "xlsx":
        return workbooks.book([(_("总览"), [_("项目"), _("数值")], _facts(found)), *parts])
    printed = [ReportTable(title, heads, _words(lines), _widths(heads)) for title, heads, lines in parts]
    facts = [(str(name), str(value)) for name, value in _facts(found)]
    return REPORTS.get().report(
        Report(
            title=_("安全培训总览"),
            subtitle=_scope(found.asked),
            summary=advice.verdict(found.overview)[1],
            facts=facts,
            tables=printed,
            foot=_("%(name)s · 生成于 %(at)s") % {"name": current_site().name, "at": _minute(at)},
        )
    )


def persons(rows: QuerySet[Assignment], asked: Filters, *, kind: str) -> bytes:
    """Return people with their duties as a file."""
    heads = [_("姓名"), _("部门"), _("培训计划"), _("截止"), _("应修学时"), _("实修学时"), _("考试成绩"), _("状态")]
    if kind == "xlsx":
        return workbooks.book(
            [
                (
                    _("学员进度"),
                    heads,
                    (_person(row, asked) for row in rows.select_related("plan", "learner__unit").iterator(chunk_size=2_000)),
                )
            ]
        )
    shown = list(rows.select_related("plan", "learner__unit")[: MOST_PRINTED + 1])
    lines = [_person(row, asked) for row in shown[:MOST_PRINTED]]
    more = _("只列出前 %(n)d 行，完整名单请导出 Excel。") % {"n": MOST_PRINTED} if len(shown) > MOST_PRINTED else ""
    table = ReportTable(_("学员进度"), heads, _words(lines), (3, 4, 6, 3, 2, 2, 2, 3))
    foot = _("%(name)s · 生成于 %(at)s") % {"name": current_site().name, "at": _minute(clock.now())}
    return REPORTS.get().report(Report(_("学员进度"), _scope(asked), more, [], [table], foot))


def _person(row: Assignment, asked: Filters) -> Line:
    late = row.state == Assignment.State.ASSIGNED and row.plan.state == "RUNNING" and row.due < asked.today  # type: ignore[attr-defined]
    unit = row.learner.unit.name if row.learner.unit else ""
    score = row.exam_score if row.exam_score is not None else ""
    state = _("已逾期") if late else str(Assignment.State(row.state).label)
    return [row.learner.name, unit, row.plan.title, row.due.isoformat(), credit_hours(row.asked_ms),  # type: ignore[attr-defined]
            credit_hours(row.earned_ms), score, state]  # fmt: skip


def _facts(found: Content) -> list[Line]:
    o = found.overview
    return [
        [_("在册学员"), o.learners],
        [_("进行中的计划"), o.running],
        [_("应完成人次"), o.duties],
        [_("已完成人次"), o.done],
        [_("逾期人数"), o.overdue],
        [_("7 天内到期人数"), o.due_soon],
        [_("不在任何计划里的人数"), o.uncovered],
        [_("已过期的特种作业证"), o.expired],
        [_("90 天内到期的特种作业证"), o.expiring],
        [_("60 天内该再培训的人数"), o.refresh],
        [_("期间学时"), credit_hours(found.figures.total_ms)],
        [_("期间考试人次"), found.figures.exams.tries],
        [_("期间考试通过人次"), found.figures.exams.passed],
    ]


def _units(found: Heat) -> tuple[str, list[str], list[Line]]:
    heads = [_("部门"), *(plan.title for plan in found.plans), _("合计"), _("应完成"), _("已完成"), _("逾期")]
    lines: list[Line] = []
    for row in found.rows:
        cells = [f"{cell.percent}%" if cell.people else "—" for _plan, cell in row.line]
        lines.append([row.name, *cells, f"{row.total.percent}%", row.total.people, row.total.done, row.total.late])
    return _("各部门完成情况"), heads, lines


def _hours(found: Figures) -> tuple[str, list[str], list[Line]]:
    return _("每日学时"), [_("日期"), _("学时")], [[day, value] for day, value in found.hours]


def _exams(found: Figures) -> tuple[str, list[str], list[Line]]:
    return _("考试成绩"), [_("分数段"), _("人次")], [[band, n] for band, n in found.bands]


def _alerts(found: Figures) -> tuple[str, list[str], list[Line]]:
    lines: list[Line] = [[one.reason, one.count, one.ms // 60_000, one.restored_ms // 60_000] for one in found.alerts.voids]
    return _("学时作废"), [_("原因"), _("次数"), _("作废分钟"), _("恢复分钟")], lines


def _scope(asked: Filters) -> str:
    unit = asked.unit_name or _("全企业") if asked.seen is None else asked.unit_name or _("本部门")
    plan = asked.plan.title if asked.plan else _("全部进行中的计划")
    period = f"{asked.since.isoformat()} — {asked.today.isoformat()}"
    return f"{current_site().name} · {unit} · {plan} · {period}"


def _words(lines: Iterable[Line]) -> list[list[str]]:
    return [[str(cell) for cell in line] for line in lines]


def _widths(heads: Sequence[Any]) -> list[int]:
    return [3, *([2] * (len(heads) - 1))]


def _minute(at: datetime) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def download(content: bytes, name: str, kind: str) -> HttpResponse:
    """Answer with a file to be saved; never kept by caches."""
    response = HttpResponse(content, content_type=KINDS[kind])
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{kind}") or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
