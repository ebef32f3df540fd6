"""Front door of plans: one learner's duties, and how they get completed."""

from apps.plans.assigning import Who
from apps.plans.feedback import add_quality_source, versions_of_assignments
from apps.plans.locks import plan_lock, refuse_locked, waiting
from apps.plans.opening import Level, PlanOrder, add_learners, close_plan, open_induction, open_plan
from apps.plans.ports import CREDIT, EXAMS, REPORTS, STUDY, CreditSource
from apps.plans.queries import allows, assignment, assignment_by_id, assignment_ids_of, assignments_of, exam_rule, hold, standing
from apps.plans.services import note_exam_passed, review_completion
from apps.plans.shapes import AssignmentView, ExamRule, LessonView, PlanCourseView, Standing

__all__ = [
    "CREDIT",
    "EXAMS",
    "REPORTS",
    "STUDY",
    "AssignmentView",
    "CreditSource",
    "ExamRule",
    "LessonView",
    "Level",
    "PlanCourseView",
    "PlanOrder",
    "Standing",
    "Who",
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
    "note_exam_passed",
    "open_induction",
    "open_plan",
    "plan_lock",
    "refuse_locked",
    "review_completion",
    "standing",
    "versions_of_assignments",
    "waiting",
]
