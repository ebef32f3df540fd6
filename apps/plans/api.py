"""Front door of plans: one learner's duties, and how they get completed."""

from apps.plans.assigning import Who
from apps.plans.checking import check_exam_numbers, check_title
from apps.plans.classes.attending import refuse_in_class
from apps.plans.classes.credit import offline_ms
from apps.plans.classes.ports import SITTINGS, StudyTimes
from apps.plans.classes.rules import Sitting
from apps.plans.console import plan_named
from apps.plans.dashboards.filters import Filters, path_of
from apps.plans.dashboards.filters import read as read_filters
from apps.plans.dashboards.queries import running_plans
from apps.plans.exam_form import PolicyFields, policy_answers
from apps.plans.exam_wording import policy_lines
from apps.plans.feedback import add_quality_source, versions_of_assignments
from apps.plans.home_parts import HomePart, add_home_part
from apps.plans.locks import plan_lock, refuse_locked, waiting
from apps.plans.opening import Level, PlanOrder, add_learners, close_plan, open_induction, open_plan
from apps.plans.paging import DutyFacts, PlanFacts, count_running, duties_after, plan_facts, plans_after, sums_by_unit
from apps.plans.ports import CREDIT, EVALUATIONS, EXAMS, PAPERS, REPORTS, STUDY, CreditSource, PaperOffer
from apps.plans.queries import (
    allows,
    assignment,
    assignment_by_id,
    assignment_ids_of,
    assignments_of,
    duty_with_exam,
    exam_rule,
    hold,
    is_course_finished,
    plans_with_papers,
    running_exams,
    standing,
)
from apps.plans.services import correct_exam, note_exam_passed, review_completion
from apps.plans.shapes import AssignmentView, ExamPolicy, ExamRule, LessonView, PlanCourseView, PlanName, Standing
from apps.plans.today import Duties, duties
from apps.plans.workbooks import book as workbook
from apps.plans.workbooks import response as workbook_response

__all__ = [
    "CREDIT",
    "EVALUATIONS",
    "EXAMS",
    "PAPERS",
    "REPORTS",
    "SITTINGS",
    "STUDY",
    "AssignmentView",
    "CreditSource",
    "Duties",
    "DutyFacts",
    "ExamPolicy",
    "ExamRule",
    "Filters",
    "HomePart",
    "LessonView",
    "Level",
    "PaperOffer",
    "PlanCourseView",
    "PlanFacts",
    "PlanName",
    "PlanOrder",
    "PolicyFields",
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
    "check_exam_numbers",
    "check_title",
    "close_plan",
    "correct_exam",
    "count_running",
    "duties",
    "duties_after",
    "duty_with_exam",
    "exam_rule",
    "hold",
    "is_course_finished",
    "note_exam_passed",
    "offline_ms",
    "open_induction",
    "open_plan",
    "path_of",
    "plan_facts",
    "plan_lock",
    "plan_named",
    "plans_after",
    "plans_with_papers",
    "policy_answers",
    "policy_lines",
    "read_filters",
    "refuse_in_class",
    "refuse_locked",
    "review_completion",
    "running_exams",
    "running_plans",
    "standing",
    "sums_by_unit",
    "versions_of_assignments",
    "waiting",
    "workbook",
    "workbook_response",
]
