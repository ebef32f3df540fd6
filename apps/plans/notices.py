"""News about the courses that this enterprise uses: recalled, retired, rights over, law changed, new version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans.models import CourseSelection, NoticeRead, PlanCourse, TrainingPlan
from public.catalogue import api as catalogue
from public.catalogue.api import NoticeView

KINDS: dict[str, tuple[Any, str, str, Any]] = {
    "RECALLED": (_("课程召回"), "stop", "alert-octagon", _("请马上为受影响的计划另选课程；学员已确认的学时保留。")),
    "HELD": (_("课程暂停"), "attention", "player-pause", _("正在核实，学员暂时不能学习，已确认的学时保留；急用时请另选课程。")),
    "RELEASED": (_("课程恢复"), "proven", "player-play", _("已核实，可以继续学习，不用调整计划。")),
    "RETIRED": (_("课程下架"), "attention", "archive", _("进行中的计划可以学完；新计划请另选课程。")),
    "RIGHTS": (_("版权到期"), "attention", "copyright", _("进行中的计划可以学完；新计划请另选课程。")),
    "LAW": (_("法规变化"), "attention", "gavel", _("课程正在复审。请留意新版本，必要时为学员补充培训。")),
    "REVIEWED": (_("复审结论"), "info", "clipboard-check", _("继续有效的不用调整；需要修订的请留意新版本。")),
    "NEW_VERSION": (_("新版本"), "info", "sparkles", _("已开始的计划继续用原版；新计划请选用新版。")),
}
"""For each kind of notice: name, tone, icon, what to do next."""

FRESH = timedelta(days=3)
"""How old news may be to be told of: longer than the schedule can be away over a weekend."""


@dataclass(frozen=True, slots=True)
class Item:
    """One notice as this enterprise sees it. ``running`` counts its running plans with that version; ``next_label`` names the link."""

    notice: NoticeView
    is_read: bool
    running: int
    next_url: str
    next_label: Any

    @property
    def name(self) -> Any:
        """The kind in words."""
        return KINDS[self.notice.kind][0]

    @property
    def tone(self) -> str:
        """The kind's colour."""
        return KINDS[self.notice.kind][1]

    @property
    def icon(self) -> str:
        """The kind's icon."""
        return KINDS[self.notice.kind][2]

    @property
    def advice(self) -> Any:
        """What to do next."""
        return KINDS[self.notice.kind][3]


def used_since() -> dict[int, datetime]:
    """Return the versions that this enterprise has chosen or has plans with, and since when."""
    used = dict(PlanCourse.objects.values_list("version_id").annotate(since=Min("plan__opened_at")))
    for version_id, at in CourseSelection.objects.values_list("version_id", "at"):
        used[version_id] = min(at, used.get(version_id, at))
    return used


def notices() -> list[NoticeView]:
    """Return the notices about versions in use, newest first; what was said before the enterprise took a course is no news to it."""
    used = used_since()
    found = catalogue.notices_for(used)
    by_course: dict[str, datetime] = {}
    for key, label in catalogue.labels(used).items() if found else ():
        by_course[label.code] = min(used[key], by_course.get(label.code, used[key]))
    return [row for row in found if row.at >= used.get(row.version_id, by_course.get(row.course_code, row.at))]


def items(*, manager_id: int, kind: str = "", unread_only: bool = False) -> list[Item]:
    """Return the notices with what this manager has read and which plans they touch."""
    found = [row for row in notices() if not kind or row.kind == kind]
    read = _read(manager_id, (row.id for row in found))
    running = _running({row.version_id for row in found})
    made = [_item(row, row.id in read, running.get(row.version_id, 0)) for row in found]
    return [item for item in made if not (unread_only and item.is_read)]


def _item(row: NoticeView, is_read: bool, running: int) -> Item:
    if row.kind == "NEW_VERSION" and row.current_version_id is not None:
        return Item(row, is_read, running, reverse("console-course", args=[row.current_version_id]), _("查看新版"))
    if running:
        return Item(row, is_read, running, f"{reverse('console-plans')}?state=RUNNING", _("查看进行中的计划"))
    return Item(row, is_read, running, reverse("console-courses"), _("另选课程"))


def _read(manager_id: int, ids: Iterable[int]) -> set[int]:
    rows = NoticeRead.objects.filter(manager_id=manager_id, notice_id__in=list(ids))
    return set(rows.values_list("notice_id", flat=True))


def _running(version_ids: set[int]) -> dict[int, int]:
    rows = PlanCourse.objects.filter(version_id__in=version_ids, plan__state=TrainingPlan.State.RUNNING)
    return dict(rows.values_list("version_id").annotate(n=Count("plan_id", distinct=True)))


def unread_count(*, manager_id: int) -> int:
    """Return how many notices this manager has not read."""
    ids = {row.id for row in notices()}
    return len(ids - _read(manager_id, ids))


def mark_read(*, manager_id: int, notice_ids: Iterable[int] | None, at: datetime) -> int:
    """Note that a manager has read notices (all with None); ids of other enterprises' news are passed over. Returns how many."""
    mine = {row.id for row in notices()}
    wanted = mine if notice_ids is None else mine & set(notice_ids)
    fresh = wanted - _read(manager_id, wanted)
    rows = [NoticeRead(manager_id=manager_id, notice_id=key, at=at) for key in sorted(fresh)]
    NoticeRead.objects.bulk_create(rows, ignore_conflicts=True)
    return len(fresh)


def register() -> None:
    """Make the kinds of notice known; called once at start."""
    people.register_notice(
        "course.recalled",
        title=_("课程召回：%(course)s"),
        body=_("请马上为受影响的计划另选课程；学员已确认的学时保留。"),
        url="/console/notices?kind=RECALLED",
        channels=("sms", "mail", "robot"),
        urgency="urgent",
        label=_("课程召回"),
        audience=("manager",),
        must=_("召回的课程不能再用于培训。"),
    )
    people.register_notice(
        "course.news",
        title=_("课程有变化：%(course)s"),
        body=_("下架、版权到期、法规变化、复审结论或新版本，点开看下一步怎么做。"),
        url="/console/notices",
        channels=("mail", "robot"),
        urgency="low",
        label=_("在用课程有变化"),
        audience=("manager",),
    )


def tell(*, at: datetime) -> int:
    """Tell those who run training of fresh news about courses in use, once each; returns how many pieces there were."""
    fresh = [row for row in notices() if at - FRESH < row.at <= at]
    if fresh:
        told = people.deciding_managers()
        for row in fresh:
            kind, about = "course.recalled" if row.kind == "RECALLED" else "course.news", f"course-notice:{row.id}"
            people.notify_all(kind=kind, manager_ids=told, context={"course": row.course_title}, at=at, about=about)
    return len(fresh)
