"""What plans hand out through their front door."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LessonView:
    """One courseware as the plan froze it."""

    id: int
    title: str
    duration_ms: int
    is_quiz: bool = False
    """Asks and shows nothing: its length is 0, and it is done when it is passed."""


@dataclass(frozen=True, slots=True)
class PlanCourseView:
    """One course version of a plan; ``coursewares`` are ids in playing order, ``lessons`` the same with titles."""

    version_id: int
    code: str
    title: str
    trainer: str
    coursewares: list[int]
    lessons: list[LessonView]
    duration_ms: int


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """One learner's duty. ``earned_ms`` is as of the last review; ask the credit engine for the live figure.

    ``hours_bound`` false: the law names no hours, finishing all courses counts and ``required_ms`` is their length.
    ``offline_ms``: what confirmed classes of the plan count, at most ``offline_due_ms``, the part that must be earned in classes;
    at most ``required_ms`` where the plan names no such part (0).
    ``prerequisite``: title of the plan that must be completed first, "" for none. A completed one shows the plan as it was then.
    """

    id: int
    uuid: UUID
    plan_id: int
    plan_uuid: UUID
    plan_title: str
    plan_state: str
    basis: str
    learner_id: int
    required_ms: int
    hours_bound: bool
    earned_ms: int
    due_on: date
    state: str
    assigned_at: datetime
    exam_needed: bool
    exam_score: int | None
    exam_passed_at: datetime | None
    completed_at: datetime | None
    certificate_id: int | None
    courses: list[PlanCourseView]
    offline_ms: int = 0
    offline_due_ms: int = 0
    starts_on: date | None = None
    in_order: bool = False
    prerequisite: str = ""
    prerequisite_done: bool = True
    level: str = ""

    @property
    def courseware_ids(self) -> list[int]:
        """All coursewares of all courses, in playing order."""
        return [key for course in self.courses for key in course.coursewares]

    @property
    def quiz_ids(self) -> list[int]:
        """Those of them that are quizzes."""
        return [lesson.id for course in self.courses for lesson in course.lessons if lesson.is_quiz]


@dataclass(frozen=True, slots=True)
class ExamRule:
    """How the exam of a plan is held."""

    question_topics: list[str]
    questions: int
    pass_score: int
    minutes: int
    tries: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands in an assignment, counted live."""

    earned_ms: int
    courses_done: int
    courses: int
    hours_ok: bool
    courses_ok: bool
    prerequisite_ok: bool = True

    @property
    def learning_done(self) -> bool:
        """Whether hours and courses are there, so that the exam may be sat (clause 三.5), and no other plan comes first."""
        return self.hours_ok and self.courses_ok and self.prerequisite_ok
