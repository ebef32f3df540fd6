"""The tables of a class's file; each costs the same number of queries however many people there are."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from apps.people import api as people
from apps.plans.classes import record as papers
from apps.plans.classes.models import ClassFile, OfflineClass, Seat
from apps.plans.filing.trainings import NONE, version, worth
from apps.plans.models import Assignment, Exemption, PlanChange, TrainingPlan
from apps.plans.ports import EVALUATIONS, EXAMS
from apps.plans.running.comparing import FIELDS
from apps.records import api as records
from infra.kit import clock
from infra.ui import wording
from public.catalogue import api as catalogue

Known = Mapping[int, people.LearnerView]
SAMPLE = 20
"""People whose snapshots are looked at: enough for an inspector's sample, and their chains are read by index."""


def moment(at: datetime | None) -> str:
    """Return e.g. ``2026-11-28 14:20`` in Zhejiang, or a dash."""
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if at else NONE


def outline(plan: TrainingPlan) -> records.Table:
    """Return the courses with their versions and lessons: outline and materials at once."""
    courses = list(plan.courses.order_by("no"))
    labels = catalogue.labels([one.version_id for one in courses])
    rows = [
        [str(no), one.code, version(labels.get(one.version_id)), one.title, one.trainer,
         "、".join(str(lesson["title"]) for lesson in one.coursewares), wording.duration(one.duration_ms // 1000)]
        for no, one in enumerate(courses, 1)
    ]  # fmt: skip
    heads = [_("序号"), _("课程编号"), _("版本"), _("课程名称"), _("教师"), _("大纲（课件）"), _("时长")]
    return records.Table(_("课程与教材课件版本"), heads, rows, (1, 3, 2, 4, 2, 6, 2))


def trainers(plan: TrainingPlan, classes: Sequence[OfflineClass]) -> records.Table:
    """Return who taught, online and in rooms."""
    online = sorted({one.trainer for one in plan.courses.all()})
    offline = {row.trainer_id: row.trainer for row in classes}
    rows = [[name, _("线上课程"), _("平台课程教师"), _("资格随课程审核")] for name in online]
    rows += [
        [one.name, _("线下授课"), one.employer or str(one.get_origin_display()), one.qualification] for one in offline.values()
    ]
    return records.Table(_("教师名单"), [_("姓名"), _("方式"), _("来源"), _("资格")], rows, (3, 3, 4, 6))


def timetable(classes: Sequence[OfflineClass], within: people.Units) -> records.Table:
    """Return the classes in rooms with who was there, and who submitted and confirmed."""
    seats = Seat.objects.filter(people.belongs(within, "learner"), klass__in=classes).values("klass_id")
    there = {row["klass_id"]: row for row in seats.annotate(n=Count("id"), here=Count("id", filter=Q(present_ms__gt=0)), ms=Sum("credit_ms"))}  # fmt: skip
    rows = []
    for row in classes:
        told = there.get(row.pk, {"n": 0, "here": 0, "ms": 0})
        confirmed = f"{row.confirmed_by.name} {moment(row.confirmed_at)}" if row.confirmed_by else NONE
        rows.append([row.number, row.topic, papers.period(row), " ".join(filter(None, [row.room.name, row.room.place])), row.trainer.name,
                     f"{told['n']} / {told['here']}", wording.hours(int(told["ms"] or 0) // 1000), confirmed])  # fmt: skip
    heads = [_("期号"), _("主题"), _("时间"), _("地点"), _("教师"), _("应到 / 实到"), _("计入学时合计"), _("确认")]
    return records.Table(_("线下课与签到"), heads, rows, (2, 4, 4, 3, 2, 2, 3, 4))


def roster(rows: Sequence[Assignment], known: Known) -> records.Table:
    """Return everybody with the hours asked for and confirmed."""
    heads = [_("序号"), _("姓名"), _("证件号"), _("部门"), _("岗位"), _("应修"), _("实修"), _("开始"), _("完成"), _("状态")]
    made = []
    for no, row in enumerate(rows, 1):
        who = known[row.learner_id]
        asked = row.required_ms if row.required_ms is not None else row.plan.required_ms
        made.append([str(no), who.name, who.masked_id, who.unit, who.position, wording.hours(asked // 1000), wording.hours(row.earned_ms // 1000),
                     _day(row.started_at), _day(row.completed_at), str(Assignment.State(row.state).label)])  # fmt: skip
    return records.Table(_("学员名册与在线学时"), heads, made, (2, 3, 6, 4, 4, 3, 3, 4, 4, 3))


def _day(at: datetime | None) -> str:
    return clock.shanghai_date(at).isoformat() if at else NONE


def results(rows: Sequence[Assignment], known: Known) -> records.Table:
    """Return every try that was handed in, as results stand now."""
    by_id = {row.pk: row for row in rows}
    made = []
    for one in EXAMS.get().tries(by_id):
        who = known[by_id[one.assignment_id].learner_id]
        made.append([who.name, who.unit, _("第 %(n)s 次") % {"n": one.number}, moment(one.at), str(one.score),
                     _("合格") if one.passed else _("不合格")])  # fmt: skip
    heads = [_("姓名"), _("部门"), _("次数"), _("交卷时间"), _("成绩"), _("结论")]
    return records.Table(_("成绩单"), heads, made, (3, 4, 2, 4, 2, 2))


def snapshots(rows: Sequence[Assignment], known: Known) -> records.Table:
    """Return a sample of presence checks with the digests by which their pictures are found: one of each of the first people."""
    made: list[list[str]] = []
    sample = sorted(rows, key=lambda row: row.uuid.hex)[:SAMPLE]
    sittings = records.entries_of_kind([row.learner.uuid for row in sample], "STUDY_SESSION")
    for row in sample:
        mine = (one for one in sittings.get(row.learner.uuid, []) if one.body.get("assignment") == row.pk)
        sitting = next((one for one in mine if one.body.get("checks")), None)
        if sitting is None:
            continue
        check = sitting.body["checks"][0]
        found = [str(one)[:16] for one in check.get("digests", [])]
        way = _("人脸") if check.get("kind") == "face" else _("验证码和知识题")
        result = {"passed": _("通过"), "missed": _("未通过")}.get(check.get("outcome"), _("待复核"))
        made.append([known[row.learner_id].name, moment(datetime.fromisoformat(check["issued"])), way, result,
                     "、".join(found) or _("不采集照片"), _("第 %(n)d 条") % {"n": sitting.n}])  # fmt: skip
    heads = [_("姓名"), _("时间"), _("方式"), _("结果"), _("抓拍摘要（SHA-256 前 16 位）"), _("档案记录")]
    return records.Table(_("在场核验抽样"), heads, made, (2, 3, 2, 2, 6, 2))


def ratings(plan: TrainingPlan, rows: Sequence[Assignment]) -> records.Table:
    """Return how the courses were rated by these people."""
    courses = list(plan.courses.all())
    found = EVALUATIONS.get().ratings([one.version_id for one in courses], learner_ids=[row.learner_id for row in rows])
    made = []
    for one in courses:
        n, mean = found.get(one.version_id, (0, None))
        told = f"{mean:.1f}" if mean is not None else _("人数少，不显示平均分") if n else NONE
        made.append([one.title, str(n), told])
    return records.Table(_("课程评价"), [_("课程"), _("评价人数"), _("平均分（满分 5）")], made, (6, 2, 3))


def certificates(rows: Sequence[Assignment], on: date, second: Mapping[str, Any]) -> records.Table:
    """Return the certificates with what each is worth on a day, and both signatures; rows of `records.with_certificate_state`."""
    made = []
    for row in rows:
        if row.certificate is None:
            continue
        own, other = getattr(row, "sign_off", None), second.get(str(row.uuid))
        made.append([row.certificate.number, row.learner.name, _day(row.certificate.issued_at), worth(row, on),
                     moment(own.at) if own else _("未签名"), f"{other[0]} {moment(other[1])}" if other else _("未签名")])  # fmt: skip
    heads = [_("证明编号"), _("姓名"), _("发证日期"), _("状态"), _("学员签名"), _("培训负责人签名")]
    return records.Table(_("发证清单"), heads, made, (6, 2, 3, 3, 3, 4))


def files(rows: Sequence[ClassFile]) -> records.Table:
    """Return sheets, materials and pictures of the classes, by digest."""
    heads = [_("期号"), _("类别"), _("文件"), _("大小"), _("上传"), _("指纹（SHA-256）")]
    made = [
        [row.klass.number if row.klass else "", str(row.get_kind_display()), row.file_name, papers.size(row.size),
         f"{row.by.name} {moment(row.at)}", f"{row.sha256[:24]}…"]
        for row in rows
    ]  # fmt: skip
    return records.Table(_("签到表、教材与现场资料"), heads, made, (2, 2, 4, 2, 4, 5))


def approvals(plan: TrainingPlan, classes: Sequence[OfflineClass], within: people.Units) -> records.Table:
    """Return who opened, changed, let off, submitted and confirmed, in the order of time."""
    told: list[tuple[datetime, str, str, str]] = [(plan.opened_at, _("开启计划"), plan.opened_by, plan.title)]
    for change in PlanChange.objects.filter(plan=plan).order_by("id"):
        names = "、".join(str(FIELDS.get(name, name)) for name in change.changes)
        told.append((change.at, _("变更计划"), change.by, names))
    let_off = Exemption.objects.filter(people.belongs(within, "learner"), plan=plan, state=Exemption.State.APPROVED)
    for one in let_off.select_related("proposed_by", "decided_by"):
        if one.decided_by and one.decided_at:
            told.append((one.decided_at, _("免训批准"), f"{one.proposed_by.name} → {one.decided_by.name}", one.reason))
    for row in classes:
        told.append((row.created_at, _("安排线下课"), row.created_by.name, row.number))
        if row.submitted_by and row.submitted_at:
            told.append((row.submitted_at, _("结课"), row.submitted_by.name, row.number))
        if row.confirmed_by and row.confirmed_at:
            told.append((row.confirmed_at, _("确认学时"), row.confirmed_by.name, row.number))
    if plan.closed_at:
        told.append((plan.closed_at, _("结束计划"), NONE, plan.title))
    made = [[moment(at), what, who, more] for at, what, who, more in sorted(told, key=lambda line: line[0])]
    return records.Table(_("审批链"), [_("时间"), _("事项"), _("经办、批准"), _("说明")], made, (3, 3, 4, 6))
