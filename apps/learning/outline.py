"""What the course page shows: the lessons of an assignment with where the learner stands. Reads only."""

from dataclasses import dataclass
from datetime import date

from apps.learning import queries
from apps.learning.shapes import Progress
from apps.plans import api as plans

NOTHING = Progress(0, 0, 0)
_TURN = {"begun": 0, "new": 1, "waiting": 2}


@dataclass(frozen=True, slots=True)
class LessonLine:
    """One lesson. ``state`` is ``done``, ``waiting`` (watched, but not all of it is proven yet), ``begun``, ``new`` or ``locked``
    (an earlier course comes first, or the plan is not open yet).

    ``percent`` 0-100 of its length watched, ``covered_ms`` confirmed, ``provisional_ms`` awaiting a proof.
    """

    id: int
    no: int
    title: str
    duration_ms: int
    covered_ms: int
    state: str
    percent: int
    provisional_ms: int = 0


@dataclass(frozen=True, slots=True)
class CourseBlock:
    """One course of the plan with its lessons."""

    title: str
    trainer: str
    duration_ms: int
    lessons: list[LessonLine]
    version_id: int = 0

    @property
    def done(self) -> int:
        """How many lessons are learnt."""
        return sum(line.state == "done" for line in self.lessons)


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole assignment. ``next`` is the lesson to go on with, None when all are learnt. ``closed`` says why nothing may be
    studied yet, "" when it is open.
    """

    assignment: plans.AssignmentView
    standing: plans.Standing
    courses: list[CourseBlock]
    closed: str = ""

    @property
    def lines(self) -> list[LessonLine]:
        """All lessons in playing order."""
        return [line for course in self.courses for line in course.lessons]

    @property
    def next(self) -> LessonLine | None:
        """The begun lesson, else the first new one, else one that waits for a proof: opening it brings the check."""
        return min((line for line in self.lines if line.state in _TURN), key=lambda line: _TURN[line.state], default=None)

    @property
    def missing_ms(self) -> int:
        """Credit that is still due."""
        return max(0, self.assignment.required_ms - self.standing.earned_ms)

    @property
    def lessons_left(self) -> int:
        """Lessons that are not learnt yet."""
        return sum(line.state != "done" for line in self.lines)

    @property
    def exam_is_open(self) -> bool:
        """Whether the exam may be sat now: hours and courses are there (clause 三.5), and it was not passed."""
        return self.assignment.exam_needed and self.standing.learning_done and self.assignment.exam_passed_at is None

    def after(self, courseware_id: int) -> LessonLine | None:
        """Return the lesson to offer when this one is finished: the next unlearnt one in order, else any unlearnt one."""
        ids = [line.id for line in self.lines]
        start = ids.index(courseware_id) + 1 if courseware_id in ids else 0
        ordered = [*self.lines[start:], *self.lines[:start]]
        open_lines = [line for line in ordered if line.state not in {"done", "locked"} and line.id != courseware_id]
        return min(open_lines, key=lambda line: line.state == "waiting", default=None)


def outline(assignment: plans.AssignmentView, *, today: date) -> Outline:
    """Return an assignment with live progress."""
    known = queries.progress(learner_id=assignment.learner_id, courseware_ids=assignment.courseware_ids)
    closed = plans.plan_lock(assignment, today=today)
    earned = {key: one.covered_ms for key, one in known.items()}
    shut = frozenset(assignment.courseware_ids) if closed else plans.waiting(assignment, earned)
    courses = [
        CourseBlock(
            course.title,
            course.trainer,
            course.duration_ms,
            [_line(no, lesson, known.get(lesson.id, NOTHING), shut) for no, lesson in enumerate(course.lessons, 1)],
            course.version_id,
        )
        for course in assignment.courses
    ]
    return Outline(assignment, plans.standing(assignment), courses, str(closed.message) if closed else "")


def _line(no: int, lesson: plans.LessonView, progress: Progress, shut: frozenset[int]) -> LessonLine:
    watched_ms = progress.covered_ms + progress.provisional_ms
    percent = 100 if progress.is_complete else min(99, watched_ms * 100 // max(1, lesson.duration_ms))
    state = _state(progress)
    state = "locked" if state != "done" and lesson.id in shut else state
    values = (lesson.id, no, lesson.title, lesson.duration_ms, progress.covered_ms, state, percent)
    return LessonLine(*values, progress.provisional_ms)


def _state(progress: Progress) -> str:
    if progress.is_complete:
        return "done"
    if progress.is_watched:
        return "waiting"
    return "begun" if progress.covered_ms or progress.provisional_ms or progress.accepted_ms else "new"
