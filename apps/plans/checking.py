"""What a plan may be: each check refuses in words. Used step by step by the pages and again by every write."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.plans import law, rules
from apps.plans.models import TrainingPlan
from apps.plans.ports import PAPERS
from apps.plans.shapes import FACES, LEAVE_ACTIONS, MOST_COOL_HOURS, MOST_LEAVES, MOST_RESTUDY, REVEALS, ExamPolicy, ExamRule
from infra.kit.errors import DomainError
from infra.ui import wording
from public.catalogue import api as catalogue
from public.questions import api as questions


def check_hazard(row: catalogue.RequirementView, hazard: str) -> None:
    """Refuse the general row of the law to a high-risk enterprise (令第3号 arts. 9, 13: it needs more hours).

    :raises DomainError: ``wrong_hazard``
    """
    if not rules.is_strict_enough(row.code, hazard):
        raise DomainError("wrong_hazard", _("这个模板不适用于本企业的风险类别，请换一个模板。"))


def check_title(title: str) -> str:
    """Return the title trimmed.

    :raises DomainError: ``title`` when empty or over 80 characters
    """
    title = " ".join(title.split())
    if not 1 <= len(title) <= 80:
        raise DomainError("title", _("请填写计划名称，不超过 80 个字。"))
    return title


def check_due(due_on: date, *, today: date, starts_on: date | None = None) -> None:
    """Refuse a deadline that is not after today and after the start, or beyond three years.

    :raises DomainError: ``due_not_after_start``
    """
    if not rules.due_allowed(due_on, today=today):
        raise DomainError("due_not_after_start", _("截止日期要晚于今天，并且在三年以内。"))
    if starts_on is not None and starts_on >= due_on:
        raise DomainError("due_not_after_start", _("截止日期要晚于开始日期。请调整其中一个。"))


def check_newcomer_days(days: int | None) -> int | None:
    """Return the days that who comes in later has at least.

    :raises DomainError: ``newcomer_days``
    """
    if days is not None and not 1 <= days <= 366:
        raise DomainError("newcomer_days", _("后加入的人完成的天数请填 1 到 366，或留空。"), field="newcomer_days")
    return days


def check_hours(hours: int | None, row: catalogue.RequirementView) -> int | None:
    """Return the hours a plan asks for; None means "finish all courses".

    :raises DomainError: ``below_the_law``, ``too_many_hours``
    """
    wanted = row.hours if hours is None else hours
    if wanted is None or (wanted == 0 and row.hours is None):
        return None
    return refuse_hours(wanted, floor=row.hours, basis=row.basis)


def refuse_hours(hours: int, *, floor: int | None, basis: str) -> int:
    """Return the hours unless they are fewer than the law's ``floor``, or too many.

    :raises DomainError: ``below_the_law``, ``too_many_hours``
    """
    if hours < (floor or 1):
        message = _("应修学时不能少于 %(floor)s 学时（依据：%(basis)s），请调高。")
        raise DomainError("below_the_law", message % {"floor": floor or 1, "basis": basis}, floor=floor, field="hours")
    if not rules.hours_allowed(hours, floor):
        raise DomainError("too_many_hours", _("应修学时最多 %(most)s 学时，请调低。") % {"most": rules.MAX_HOURS}, field="hours")
    return hours


def check_courses(version_ids: list[int], *, required_ms: int, may_blend: bool = False) -> list[catalogue.CourseView]:
    """Return the chosen courses with their lessons, in the given order.

    :param may_blend: whoever is refused has a field for hours in classroom courses, and is told of it
    :raises DomainError: ``no_courses``, ``too_many_courses``, ``course_gone``, ``course_not_ready``, ``courses_too_short``
    """
    wanted = list(dict.fromkeys(version_ids))
    if not wanted:
        raise DomainError("no_courses", _("请至少选择一门课程。"))
    if len(wanted) > rules.MAX_COURSES:
        raise DomainError("too_many_courses", _("一个计划最多 %(most)s 门课程，请分成几个计划。") % {"most": rules.MAX_COURSES})
    live = {card.version_id for card in catalogue.published(version_ids=wanted) if card.state == "PUBLISHED"}
    if not live.issuperset(wanted):
        raise DomainError("course_gone", _("所选课程中有的已下架或更新，请刷新课程列表后重新选择。"))
    chosen = [catalogue.course(key) for key in wanted]
    for course in chosen:
        if not course.coursewares or any(item.duration_ms <= 0 and not item.is_quiz for item in course.coursewares):
            message = _("课程“%(title)s”的视频还在制作中，请稍后再选或先去掉它。")
            raise DomainError("course_not_ready", message % {"title": course.card.title})
    total_ms = sum(item.duration_ms for course in chosen for item in course.coursewares)
    if total_ms < required_ms:
        short = -(-(required_ms - total_ms) // 60_000)
        message = _("所选课程总时长不够应修学时，还差 %(left)s，请继续添加课程。")
        if may_blend:
            message = _(
                "所选课程总时长不够应修学时，还差 %(left)s。请继续添加课程，或把差的学时填在“其中线下学时”里，用线下课补足。"
            )
        raise DomainError("courses_too_short", message % {"left": wording.hours(short * 60)}, short_minutes=short)
    return chosen


def check_exam(order: Any, topics: Sequence[str]) -> None:
    """Refuse exam numbers out of range, and banks that cannot fill the paper.

    :param order: what `ExamRule.of` reads, with ``exam_needed``
    :raises DomainError: ``exam_rule``, ``exam_policy``, ``bank_too_small``; as `ports.PaperSource.check`
    """
    if not order.exam_needed:
        return
    rule = ExamRule.of(order, topics=topics)
    check_exam_numbers(
        count=rule.questions, pass_score=rule.pass_score, minutes=rule.minutes, tries=rule.tries, policy=rule.policy
    )
    if rule.paper is not None:
        PAPERS.get().check(rule)
        return
    questions.draw(topics=topics, count=order.exam_questions, seed=0)


def check_exam_numbers(*, count: int, pass_score: int, minutes: int, tries: int, policy: ExamPolicy) -> None:
    """Refuse numbers that no exam may have.

    :raises DomainError: ``exam_rule``, ``exam_policy``
    """
    bounds = ((1, count, 100), (60, pass_score, 100), (5, minutes, 240), (1, tries, 10))
    if not all(low <= value <= high for low, value, high in bounds):
        raise DomainError("exam_rule", _("考试设置超出范围：题数 1-100，及格线 60-100 分，时长 5-240 分钟，次数 1-10 次。"))
    most = ((policy.leave_limit, MOST_LEAVES), (policy.cool_hours, MOST_COOL_HOURS), (policy.restudy_minutes, MOST_RESTUDY))
    is_known = policy.face in FACES and policy.leave_action in LEAVE_ACTIONS and policy.reveal in REVEALS
    if not is_known or not all(0 <= value <= high for value, high in most):
        words = _("考试纪律超出范围：离开次数 0-%(leaves)s，补考间隔 0-%(hours)s 小时，补考前再学 0-%(minutes)s 分钟。")
        said = {"leaves": MOST_LEAVES, "hours": MOST_COOL_HOURS, "minutes": MOST_RESTUDY}
        raise DomainError("exam_policy", words % said)


def check_prerequisite(uuid: UUID | None, *, of: TrainingPlan | None = None) -> TrainingPlan | None:
    """Return the plan that must be completed first, or None.

    :param of: the plan that asks for it, where there is one already
    :raises DomainError: 404 ``not_found``; 409 ``prerequisite_cycle`` where it would wait for itself, ``prerequisite_closed``
    """
    if uuid is None:
        return None
    found = TrainingPlan.objects.filter(uuid=uuid).first()
    if found is None:
        raise DomainError("not_found", _("没有找到前置计划，请重新选择。"), status=404, field="prerequisite")
    if of is not None and of.pk in _chain(found):
        words = _("“%(title)s”本身要等这个计划完成，互相等待就谁也开始不了。请换一个前置计划。")
        raise DomainError("prerequisite_cycle", words % {"title": found.title}, status=409, field="prerequisite")
    if found.state != TrainingPlan.State.RUNNING and (of is None or of.prerequisite_id != found.pk):
        raise DomainError("prerequisite_closed", _("前置计划已结束，请选择进行中的计划。"), status=409, field="prerequisite")
    return found


def _chain(plan: TrainingPlan) -> set[int]:
    """Return the ids of a plan and of all that it waits for, one query a link."""
    ids, here = {plan.pk}, plan.prerequisite_id
    while here is not None and here not in ids:
        ids.add(here)
        here = TrainingPlan.objects.values_list("prerequisite_id", flat=True).get(pk=here)
    return ids


def check_renewal(requirement_code: str, *, on: date, hazard: str) -> None:
    """Refuse yearly renewing where the law has no refresher for these people.

    :raises DomainError: ``no_refresher``
    """
    if law.refresher(requirement_code, on=on, hazard=hazard) is None:
        words = _("法规没有规定这类培训的年度再培训，请去掉“每年自动再培训”。")
        raise DomainError("no_refresher", words, field="renew_yearly")


def check_levels(hours: Sequence[int], row: catalogue.RequirementView) -> None:
    """Refuse a split of an induction that drops a level or gives less than the law in all (令第3号 arts. 13-16).

    :param hours: of each level, in the law's order
    :raises DomainError: ``no_levels``, ``level_hours``, ``below_the_law``
    """
    if len(row.levels) < 2 or len(hours) != len(row.levels):
        raise DomainError("no_levels", _("这个模板不分级，请去掉分级或换一个模板。"))
    if any(not 1 <= one <= rules.MAX_HOURS for one in hours):
        raise DomainError("level_hours", _("每一级至少 1 学时，请填写整数。"))
    if sum(hours) < (row.hours or 0):
        words = _("各级学时合计 %(sum)s，不能少于 %(floor)s 学时（依据：%(basis)s），请调高。")
        raise DomainError("below_the_law", words % {"sum": sum(hours), "floor": row.hours, "basis": row.basis}, floor=row.hours)
