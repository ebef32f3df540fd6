"""What plans hand out through their front door."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, Literal, get_args
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LessonView:
    """One courseware as the plan froze it."""

    id: int
    title: str
    duration_ms: int


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


Face = Literal["none", "start", "random"]
LeaveAction = Literal["note", "submit"]
Reveal = Literal["wrong", "score"]
FACES, LEAVE_ACTIONS, REVEALS = get_args(Face), get_args(LeaveAction), get_args(Reveal)
MOST_LEAVES, MOST_COOL_HOURS, MOST_RESTUDY = 50, 168, 600


@dataclass(frozen=True, slots=True)
class ExamPolicy:
    """How strictly an exam is held. As JSON on the plan, on the paper and, as it was then, on each try.

    ``face``: no check, one before the first question, or also at random moments during the exam.
    ``leave_limit``: how often the page may be left before ``leave_action`` follows; 0: leaving is only counted.
    ``cool_hours``, ``restudy_minutes``: what lies between a failed try and the next: hours on the clock, minutes learnt anew.
    ``reveal``: what is shown after handing in: the questions answered wrongly with their key, or the score alone.
    """

    face: Face = "none"
    leave_limit: int = 0
    leave_action: LeaveAction = "note"
    cool_hours: int = 0
    restudy_minutes: int = 0
    reveal: Reveal = "wrong"

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "ExamPolicy":
        """Return the policy that JSON names; what it does not name is as by default, and names of other days are left out."""
        return cls(**{field.name: data[field.name] for field in fields(cls) if field.name in data})

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ExamRule:
    """How the exam of a plan is held: with a ``paper`` (a revision of `apps.exams.papers`), or drawn from the topics of the courses."""

    question_topics: list[str]
    questions: int
    pass_score: int
    minutes: int
    tries: int
    paper: UUID | None = None
    policy: ExamPolicy = ExamPolicy()

    @classmethod
    def of(cls, held: Any, *, topics: Sequence[str]) -> "ExamRule":
        """Return the rule of whatever says how an exam is held.

        :param held: a plan, an order or an edit of one: anything with ``exam_questions``, ``exam_pass_score``, ``exam_minutes``,
            ``exam_tries``, ``exam_paper`` and ``exam_policy`` (JSON or `ExamPolicy`)
        """
        policy = held.exam_policy
        return cls(
            question_topics=list(topics),
            questions=held.exam_questions,
            pass_score=held.exam_pass_score,
            minutes=held.exam_minutes,
            tries=held.exam_tries,
            paper=held.exam_paper,
            policy=policy if isinstance(policy, ExamPolicy) else ExamPolicy.read(policy),
        )


@dataclass(frozen=True, slots=True)
class PlanName:
    """Which plan: what other rooms need to speak of it."""

    id: int
    uuid: UUID
    title: str


@dataclass(frozen=True, slots=True)
class RunningExam:
    """How the exam of a running plan is held."""

    uuid: UUID
    title: str
    rule: ExamRule


@dataclass(frozen=True, slots=True)
class PaperUse:
    """That a plan's exam takes a revision of a paper."""

    revision: UUID
    plan: UUID
    title: str
    state: str


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
