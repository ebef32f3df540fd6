"""Changing a running plan: its effect is counted first, then it is made by whoever saw the plan as it is.

What is complete stays as it was. Courses may be added and hours moved down to the law's floor, never below; nothing is taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from apps.people import api as people
from apps.plans import assigning, checking, opening, rules
from apps.plans.assigning import Who
from apps.plans.classes import blending
from apps.plans.models import Assignment, AssignmentRule, PlanChange, PlanCourse, TrainingPlan
from apps.plans.ports import PAPERS
from apps.plans.running import following
from apps.plans.running.comparing import FIELDS, facts, refuse_outdated
from apps.plans.shapes import ExamPolicy, ExamRule
from infra.kit import clock
from infra.kit.errors import DomainError
from infra.ui import wording
from tenants.api import current_site

_SAMPLE = 5


@dataclass(frozen=True, slots=True)
class PlanEdit:
    """The whole plan as a manager wants it.

    :param hours: None keeps "finish all courses"
    :param add_version_ids: courses added behind those there are
    :param drop_rules: ids of rules that shall not bring in anybody any more; who is in the plan stays
    :param add_rule: a further rule, None for none
    :param confirmed: number of people confirmed where the rules take in everybody
    """

    title: str
    due_on: date
    starts_on: date | None = None
    hours: int | None = None
    add_version_ids: list[int] = field(default_factory=list)
    newcomer_days: int | None = None
    in_order: bool = False
    prerequisite: UUID | None = None
    renew_yearly: bool = False
    exam_needed: bool = True
    exam_questions: int = 10
    exam_pass_score: int = 80
    exam_minutes: int = 30
    exam_tries: int = 3
    exam_paper: UUID | None = None
    exam_policy: ExamPolicy = field(default_factory=ExamPolicy)
    drop_rules: frozenset[int] = frozenset()
    add_rule: Who | None = None
    confirmed: int | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do, before it is made.

    ``changes``: field to (before, after) in words. ``added``: people whom the rules bring in, ``names`` some of them. ``hours``:
    unfinished people whose required hours change, from ``before_ms`` to ``after_ms``. ``too_late``: people who cannot make it any more,
    as at most 8 学时 a day count (clause 三.5); ``relieved``: late ones who no longer are. ``kept``: people who have completed and keep
    what they have. ``waiting``: unfinished people who must complete another plan first, ``stranded`` of them are not in it.
    """

    changes: dict[str, tuple[str, str]]
    added: int
    names: list[str]
    hours: int
    before_ms: int
    after_ms: int
    too_late: int
    relieved: int
    kept: int
    waiting: int = 0
    stranded: int = 0

    @property
    def figures(self) -> dict[str, int]:
        """The figures that history keeps."""
        return {name: getattr(self, name) for name in ("added", "hours", "too_late", "relieved", "kept") if getattr(self, name)}


def preview(*, plan_uuid: UUID, edit: PlanEdit, seen: str, at: datetime) -> Effect:
    """Count what a change would do; nothing is written.

    :raises DomainError: as :func:`change`, without ``takes_everyone``
    """
    with transaction.atomic():
        plan = opening.running(plan_uuid)
        refuse_outdated(plan, seen)
        effect, _ids = _carry_out(plan, edit, by="", at=at)
        transaction.set_rollback(True)
    return effect


@transaction.atomic
def change(*, plan_uuid: UUID, edit: PlanEdit, seen: str, by: str, at: datetime) -> Effect:
    """Change a running plan, bring in whom its rules mean now, and write the change down. An edit without change writes nothing.

    :param seen: `comparing.fingerprint` of the plan as the form showed it
    :param by: name of the manager
    :raises DomainError: 404 ``not_found``; 409 ``plan_closed``, ``changed_meanwhile``, ``takes_everyone``, ``prerequisite_cycle``,
        ``prerequisite_closed``; ``title``, ``due_not_after_start``, ``already_started``, ``below_the_law``, ``too_many_hours``,
        ``courses_too_short``, ``course_gone``, ``course_not_ready``, ``course_twice``, ``exam_rule``, ``exam_policy``, ``bank_too_small``, ``paper_gone``, ``nobody``
    """
    plan = opening.running(plan_uuid)
    refuse_outdated(plan, seen)
    if to_confirm(plan, edit):
        assigning.refuse_everybody(_wanted(plan, edit), confirmed=edit.confirmed)
    effect, ids = _carry_out(plan, edit, by=by, at=at)
    assigning.assign(plan, ids, at=at)
    following.tell_assigned(plan, ids, at=at)
    if effect.changes:
        changes = {key: list(pair) for key, pair in effect.changes.items()}
        PlanChange.objects.create(plan=plan, changes=changes, effect=effect.figures, by=by, at=at)
    return effect


def to_confirm(plan: TrainingPlan, edit: PlanEdit) -> int:
    """Return how many people are to be confirmed because a further rule makes the plan take in everybody; 0 for nothing to confirm."""
    if edit.add_rule is None or not edit.add_rule.says_whom or assigning.everybody(following.choices(plan.rules.all())):
        return 0
    return assigning.everybody(_wanted(plan, edit))


def _wanted(plan: TrainingPlan, edit: PlanEdit) -> list[people.Choice]:
    kept = following.choices(plan.rules.exclude(pk__in=edit.drop_rules))
    return [*kept, edit.add_rule.choice] if edit.add_rule is not None else kept


def _carry_out(plan: TrainingPlan, edit: PlanEdit, *, by: str, at: datetime) -> tuple[Effect, list[int]]:
    """Change a locked plan; return what that does and the learners whom its rules bring in."""
    today = clock.shanghai_date(at)
    before, before_ms, before_due = facts(plan), plan.required_ms, plan.due_on
    _set_days(plan, edit, today=today)
    plan.title = checking.check_title(edit.title)
    plan.prerequisite = checking.check_prerequisite(edit.prerequisite, of=plan)
    if edit.renew_yearly and not plan.renew_yearly:
        checking.check_renewal(plan.requirement_code, on=today, hazard=current_site().hazard)
    plan.in_order, plan.renew_yearly = edit.in_order, edit.renew_yearly
    plan.newcomer_days = checking.check_newcomer_days(edit.newcomer_days)
    _add_courses(plan, edit.add_version_ids, at=at)
    _set_hours(plan, edit.hours)
    _set_exam(plan, edit, at=at)
    plan.save()
    _set_rules(plan, edit, by=by, at=at)
    takes_in = plan.due_on >= today or plan.newcomer_days is not None
    ids = following.newcomers(plan, following.choices(plan.rules.all())) if takes_in else []
    return _effect(plan, ids, before=before, before_ms=before_ms, before_due=before_due, at=at), ids


def _set_days(plan: TrainingPlan, edit: PlanEdit, *, today: date) -> None:
    if edit.starts_on != plan.starts_on:
        begun = plan.assignments.filter(Q(earned_ms__gt=0) | Q(started_at__isnull=False)).exists()
        if begun and edit.starts_on is not None and edit.starts_on > today:
            words = _("已经有学员开始学习，开始日期不能改到今天以后。")
            raise DomainError("already_started", words, field="starts_on")
    if (edit.due_on, edit.starts_on) != (plan.due_on, plan.starts_on):
        checking.check_due(edit.due_on, today=today, starts_on=edit.starts_on)
    plan.starts_on, plan.due_on = edit.starts_on, edit.due_on


def _add_courses(plan: TrainingPlan, version_ids: list[int], *, at: datetime) -> None:
    if not version_ids:
        return
    known = set(plan.courses.values_list("version_id", flat=True))
    if known & set(version_ids):
        raise DomainError("course_twice", _("所选课程里有计划已经包含的，请去掉后再保存。"), field="version_ids")
    chosen = checking.check_courses(version_ids, required_ms=0)
    if len(known) + len(chosen) > rules.MAX_COURSES:
        words = _("一个计划最多 %(most)s 门课程，请分成几个计划。") % {"most": rules.MAX_COURSES}
        raise DomainError("too_many_courses", words, field="version_ids")
    last = plan.courses.aggregate(last=Max("no"))["last"] or 0
    rows = [opening.frozen(plan, no, course) for no, course in enumerate(chosen, last + 1)]
    for row in rows:
        row.added_at = at
    PlanCourse.objects.bulk_create(rows)
    plan.exam_topics = sorted({*plan.exam_topics, *(topic for course in chosen for topic in course.question_topics)})


def _set_hours(plan: TrainingPlan, hours: int | None) -> None:
    total_ms = sum(plan.courses.values_list("duration_ms", flat=True)) + blending.offline_ms(plan)
    if hours is None and plan.legal_hours is None:
        plan.hours_bound, plan.required_ms = False, total_ms
        return
    wanted = plan.legal_hours if hours is None else hours
    wanted = checking.refuse_hours(wanted or 0, floor=plan.legal_hours, basis=plan.basis)
    plan.hours_bound, plan.required_ms = True, wanted * rules.HOUR_MS
    if total_ms < plan.required_ms:
        short = -(-(plan.required_ms - total_ms) // 60_000)
        words = _("计划里的课程总时长不够应修学时，还差 %(left)s，请同时添加课程。")
        raise DomainError("courses_too_short", words % {"left": wording.hours(short * 60)}, field="hours", short_minutes=short)


def _set_exam(plan: TrainingPlan, edit: PlanEdit, *, at: datetime) -> None:
    now, wanted = (ExamRule.of(one, topics=plan.exam_topics) for one in (plan, edit))
    if not plan.exam_needed or now == wanted:
        return
    checking.check_exam(edit, plan.exam_topics)
    for name in ("exam_questions", "exam_pass_score", "exam_minutes", "exam_tries", "exam_paper"):
        setattr(plan, name, getattr(edit, name))
    plan.exam_policy = wanted.policy.as_json()
    if wanted.paper is not None:
        plan.exam_questions = PAPERS.get().take(wanted.paper, at=at).questions


def _set_rules(plan: TrainingPlan, edit: PlanEdit, *, by: str, at: datetime) -> None:
    if edit.drop_rules:
        AssignmentRule.objects.filter(plan=plan, pk__in=edit.drop_rules).delete()
    if edit.add_rule is not None:
        assigning.meant_ids(edit.add_rule)
        assigning.keep_rule(plan, edit.add_rule, by=by, at=at)


def _effect(
    plan: TrainingPlan, ids: list[int], *, before: Mapping[str, str], before_ms: int, before_due: date, at: datetime
) -> Effect:
    now, today = facts(plan), clock.shanghai_date(at)
    open_ones = Assignment.objects.filter(plan=plan, state=Assignment.State.ASSIGNED)
    unfinished = open_ones.count()
    begin = max(today, plan.starts_on or today)
    days = max(0, (plan.due_on - begin).days + 1)
    late = open_ones.filter(Q(due_on__isnull=True) | Q(due_on__lte=plan.due_on))
    short = late.filter(earned_ms__lt=max(0, plan.required_ms - days * rules.DAY_MS)).count()
    new_days = ((assigning.own_deadline(plan, at=at) or plan.due_on) - begin).days + 1
    first = plan.prerequisite_id
    done = Assignment.objects.filter(plan_id=first, state__in=[Assignment.State.COMPLETED, Assignment.State.EXEMPT])
    has = Assignment.objects.filter(plan_id=first)
    waiting = open_ones.exclude(learner__in=done.values("learner")).count() if first else 0
    return Effect(
        changes={key: (before.get(key, ""), now.get(key, "")) for key in FIELDS if before.get(key, "") != now.get(key, "")},
        added=len(ids),
        names=[view.name for view in people.learners(ids[:_SAMPLE]).values()],
        hours=unfinished if before_ms != plan.required_ms else 0,
        before_ms=before_ms,
        after_ms=plan.required_ms,
        too_late=short + (len(ids) if plan.required_ms > new_days * rules.DAY_MS else 0),
        relieved=unfinished if before_due < today <= plan.due_on else 0,
        kept=Assignment.objects.filter(plan=plan, state=Assignment.State.COMPLETED).count(),
        waiting=waiting,
        stranded=open_ones.exclude(learner__in=has.values("learner")).count() if first else 0,
    )
