"""Front door of plans: one learner's duties, and how they get completed."""

from apps.plans.assigning import Who
from apps.plans.classes.attending import refuse_in_class
from apps.plans.classes.credit import offline_ms
from apps.plans.classes.ports import SITTINGS, StudyTimes
from apps.plans.classes.rules import Sitting
from apps.plans.dashboards.filters import Filters, path_of
from apps.plans.dashboards.filters import read as read_filters
from apps.plans.dashboards.queries import running_plans
from apps.plans.feedback import add_quality_source, versions_of_assignments
from apps.plans.home_parts import HomePart, add_home_part
from apps.plans.locks import plan_lock, refuse_locked, waiting
from apps.plans.opening import Level, PlanOrder, add_learners, close_plan, open_induction, open_plan
from apps.plans.ports import CREDIT, EXAMS, REPORTS, STUDY, CreditSource
from apps.plans.queries import (
    allows,
    assignment,
    assignment_by_id,
    assignment_ids_of,
    assignments_of,
    exam_rule,
    hold,
    is_course_finished,
    standing,
)
from apps.plans.services import note_exam_passed, review_completion
from apps.plans.shapes import AssignmentView, ExamRule, LessonView, PlanCourseView, Standing
from apps.plans.today import Duties

__all__ = [
    "CREDIT",
    "EXAMS",
    "REPORTS",
    "SITTINGS",
    "STUDY",
    "AssignmentView",
    "CreditSource",
    "Duties",
    "ExamRule",
    "Filters",
    "HomePart",
    "LessonView",
    "Level",
    "PlanCourseView",
    "PlanOrder",
    "Sitting",
    "Standing",
    "StudyTimes",
    "Who",
    "add_home_part",
    "add_learners",
    "add_quality_source",
    "allows",
    "assignment",
    "assignment_by_id",
    "assignment_ids_of",
    "assignments_of",
    "close_plan",
    "exam_rule",
    "hold",
    "is_course_finished",
    "note_exam_passed",
    "offline_ms",
    "open_induction",
    "open_plan",
    "path_of",
    "plan_lock",
    "read_filters",
    "refuse_in_class",
    "refuse_locked",
    "review_completion",
    "running_plans",
    "standing",
    "versions_of_assignments",
    "waiting",
]
