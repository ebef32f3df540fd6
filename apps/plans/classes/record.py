"""The record of a class (一期一档): what is kept of it, as facts and tables of texts, for page, PDF and Excel alike.

Fields after the domain's list for a class: number, plan and need, outline, timetable, trainers, roster, sign-in and hours, materials,
results, certificates, cost, summary, pictures, who approved.
"""

import io
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from apps.people import api as people
from apps.plans.classes import files, queries
from apps.plans.classes.models import OfflineClass
from apps.plans.classes.ports import RecordFields, SheetFields, SheetLine
from apps.plans.models import Assignment
from infra.kit import clock, marking, sheets
from infra.ui import wording
from tenants.api import current_site

Table = tuple[str, list[str], list[list[str]]]
_BLANK_LINES = 5
"""Empty lines on the sheet for people who come without being on the list."""


def record(row: OfflineClass, *, within: people.Units = None, at: datetime) -> RecordFields:
    """Return everything that is kept about a class; nine queries.

    :param row: from :func:`queries.klass`
    :param within: units whose people the asker sees
    """
    lines = queries.lines(row, within=within)
    return RecordFields(
        title=row.topic,
        enterprise=current_site().name,
        number=row.number,
        facts=_facts(row, lines, at),
        tables=[_roster(lines), _results(row, lines), _files(row)],
        printed=_("打印时间 %(at)s") % {"at": _moment(at)},
    )


def _facts(row: OfflineClass, lines: list[queries.Line], at: datetime) -> list[tuple[str, str]]:
    there = sum(1 for line in lines if line.outcome.presence.ms)
    trainer = row.trainer
    whose = trainer.employer or str(trainer.get_origin_display())
    found = [
        (_("期号"), row.number),
        (_("课程主题"), row.topic),
        (_("状态"), str(queries.STATES[queries.standing(row, at)])),
        (_("培训计划"), row.plan.title),
        (_("培训对象与依据"), f"{row.plan.requirement_title}；{row.plan.basis}"),
        (_("时间"), period(row)),
        (_("地点"), " ".join(filter(None, [row.room.name, row.room.place]))),
        (_("培训教师"), f"{trainer.name}（{whose}，{trainer.qualification}）"),
        (_("大纲与内容"), row.content),
        (_("本期学时"), hours(row.credit_ms)),
        (_("应到 / 实到"), _("%(all)s 人 / %(there)s 人") % {"all": len(lines), "there": there}),
        (_("考核"), _("现场考核") if row.exam_needed else _("不单独考核")),
        (_("费用"), _("%(yuan)s 元") % {"yuan": row.cost_yuan} if row.cost_yuan is not None else "—"),
        (_("总结"), row.summary or "—"),
    ]
    return [*found, *_approval(row)]


def _approval(row: OfflineClass) -> list[tuple[str, str]]:
    """Who arranged, submitted and confirmed it, and when; or why it was called off."""
    found = [(_("安排"), _signed(row.created_by.name, row.created_at))]
    if row.submitted_by and row.submitted_at:
        found.append((_("结课"), _signed(row.submitted_by.name, row.submitted_at)))
    if row.confirmed_by and row.confirmed_at:
        found.append((_("确认"), _signed(row.confirmed_by.name, row.confirmed_at)))
    if row.cancelled_at:
        found.append((_("取消"), f"{_moment(row.cancelled_at)} {row.cancel_reason}"))
    return found


def _roster(lines: list[queries.Line]) -> Table:
    heads = [_("序号"), _("姓名"), _("证件号"), _("部门"), _("岗位"), _("到课"), _("离开"), _("到课时长"), _("计入"), _("说明")]
    return _("学员名册与到课学时"), heads, [_on_roster(no, line) for no, line in enumerate(lines, 1)]


def _on_roster(no: int, line: queries.Line) -> list[str]:
    who, outcome = line.learner, line.outcome
    counted = line.seat.credit_ms if line.seat.klass.state == OfflineClass.State.CONFIRMED else None
    return [
        str(no), who.name, who.masked_id, who.unit, who.position, _time(line.since), _time(line.until),
        wording.duration(outcome.presence.ms // 1000) if outcome.presence.ms else "—",
        hours(counted) if counted else "—" if counted is None else "0",
        note(line),
    ]  # fmt: skip


def note(line: queries.Line) -> str:
    """Return in words why somebody's hours are not simply the time between signing in and out."""
    said = []
    if line.is_open:
        said.append(_("没有签退"))
    if line.by_hand:
        said.append(f"{line.by_hand.get_kind_display()}：{line.by_hand.reason}")
    if line.outcome.overlap_ms:
        said.append(_("与网络学习重叠 %(time)s，不重复计") % {"time": wording.duration(line.outcome.overlap_ms // 1000)})
    confirmed = line.seat.klass.state == OfflineClass.State.CONFIRMED
    if confirmed and line.seat.credit_ms < line.outcome.credit_ms:
        said.append(_("当天已满 8 学时"))
    return "；".join(said)


def _results(row: OfflineClass, lines: list[queries.Line]) -> Table:
    heads = [_("姓名"), _("部门"), _("计划考试成绩"), _("结论"), _("证明编号")]
    duties = Assignment.objects.filter(plan_id=row.plan_id, learner_id__in=[line.learner.id for line in lines])
    known = {duty.learner_id: duty for duty in duties.select_related("certificate")}
    rows = []
    for line in lines:
        duty = known.get(line.learner.id)
        score = "—" if duty is None or duty.exam_score is None else str(duty.exam_score)
        state = str(duty.get_state_display()) if duty else "—"
        rows.append(
            [line.learner.name, line.learner.unit, score, state, duty.certificate.number if duty and duty.certificate else "—"]
        )
    return _("成绩与发证清单"), heads, rows


def _files(row: OfflineClass) -> Table:
    heads = [_("类别"), _("文件"), _("大小"), _("上传"), _("数据指纹（SHA-256）")]
    rows = [
        [str(file.get_kind_display()), file.file_name, size(file.size), _signed(file.by.name, file.at), file.sha256[:16]]
        for file in files.of(row)
    ]
    return _("签到表、教材与现场资料"), heads, rows


def sheet(row: OfflineClass, *, url: str) -> SheetFields:
    """Return what the sheet for signing by hand prints: everybody who sits in the class and some empty lines.

    :param url: of the class on the learner's phone
    """
    lines = queries.lines(row)
    named = [SheetLine(str(no), line.learner.name, line.learner.unit, line.learner.position) for no, line in enumerate(lines, 1)]
    blank = [SheetLine(str(no), "", "", "") for no in range(len(lines) + 1, len(lines) + 1 + _BLANK_LINES)]
    facts = [
        (_("期号"), row.number),
        (_("培训计划"), row.plan.title),
        (_("时间"), period(row)),
        (_("地点"), " ".join(filter(None, [row.room.name, row.room.place]))),
        (_("培训教师"), row.trainer.name),
        (_("本期学时"), hours(row.credit_ms)),
    ]
    return SheetFields(row.topic, current_site().name, row.number, facts, [*named, *blank], url)


def workbook(fields: RecordFields) -> bytes:
    """Return a record as a workbook: facts on the first sheet, each table on one of its own; texts only, never a formula."""
    import xlsxwriter  # slow to import, and few processes write sheets

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    first = book.add_worksheet(_("一期一档"))
    first.set_column(0, 0, 16)
    first.set_column(1, 1, 80)
    for number, (name, value) in enumerate(fields.facts):
        first.write_string(number, 0, name, bold)
        first.write_string(number, 1, sheets.safe_text(value), wrap)
    for title, heads, rows in fields.tables:
        _sheet(book.add_worksheet(title[:31]), heads, rows, bold)
    marking.stamp_here(book, marking.PERSONS)
    book.close()
    return out.getvalue()


def _sheet(page: Any, heads: list[str], rows: list[list[str]], bold: Any) -> None:
    page.freeze_panes(1, 0)
    page.set_column(0, len(heads) - 1, 18)
    for number, line in enumerate([heads, *rows]):
        for column, value in enumerate(line):
            page.write_string(number, column, sheets.safe_text(value), bold if number == 0 else None)


def period(row: OfflineClass) -> str:
    """Return e.g. ``2026-12-01 09:00–12:00``."""
    start, end = row.starts_at.astimezone(clock.SHANGHAI), row.ends_at.astimezone(clock.SHANGHAI)
    return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"


def hours(ms: int) -> str:
    """Return e.g. ``4 学时（3 小时）``."""
    return wording.hours(ms // 1000)


def size(number: int) -> str:
    """Return e.g. ``340 KB``."""
    return f"{max(1, number // 1024)} KB" if number < 1 << 20 else f"{number / (1 << 20):.1f} MB"


def _signed(name: str, at: datetime) -> str:
    return f"{name} {_moment(at)}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def _time(at: datetime | None) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%H:%M}" if at else "—"
