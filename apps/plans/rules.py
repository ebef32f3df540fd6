"""Pure rules of plans, each with its source."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

HOUR_MS = 2_700_000
"""One credit hour (学时) = 45 minutes (clause 三.5)."""
DAY_MS = 8 * HOUR_MS
"""At most 8 credit hours a day count (clause 三.5)."""
SOON = timedelta(days=7)
"""A deadline this near is told apart."""
COMPLETE_SHARE = 99
"""A courseware is complete when at least this percentage of its length was confirmed (clause 三.5: full attendance)."""
MAX_HOURS = 400
MAX_COURSES = 60


def is_complete(earned_ms: int, duration_ms: int) -> bool:
    """Say whether a courseware of ``duration_ms`` counts as finished with ``earned_ms`` confirmed."""
    return duration_ms > 0 and earned_ms * 100 >= duration_ms * COMPLETE_SHARE


def credit_hours(ms: int) -> float:
    """Return credit hours with one decimal, cut and never rounded up."""
    return ms * 10 // HOUR_MS / 10


def category_code(requirement_code: str) -> str:
    """Return the two letters of the trainee group, e.g. ``CY`` of ``CY-GEN``; ``QT`` (其他) when there are none."""
    head = requirement_code.split("-", maxsplit=1)[0].upper()[:2]
    return head if len(head) == 2 and head.isascii() and head.isalnum() else "QT"


def fits_hazard(requirement_code: str, hazard: str) -> bool:
    """Say whether a row of the law is for enterprises of this hazard class: ``-GEN`` for general, ``-HR`` for high risk."""
    return not requirement_code.endswith("-HR" if hazard == "GENERAL" else "-GEN")


def is_strict_enough(requirement_code: str, hazard: str) -> bool:
    """Say whether an enterprise may use a row: a high-risk one not the general row, a general one the stricter row too."""
    return hazard == "GENERAL" or fits_hazard(requirement_code, hazard)


FOR_ALL_ROLES = frozenset({"XF-FIRE", "ZYWS", "YX-YEAR"})
"""Rows about a subject, for whoever is exposed to it."""


def fits_role(requirement_code: str, role: str) -> bool:
    """Say whether a row is for this kind of trainee: team leaders and special workers are 其他从业人员 too (令第3号 art. 4)."""
    if requirement_code in FOR_ALL_ROLES:
        return True
    head = category_code(requirement_code)
    return head == ("CY" if role in {"BZ", "CY", "TZ"} else role)


def hours_allowed(hours: int, legal_hours: int | None) -> bool:
    """Say whether a plan may ask for ``hours``: the law's number is a floor (国家安全监管总局令第3号 arts. 9, 13)."""
    return (legal_hours or 0) <= hours <= MAX_HOURS


def due_allowed(due_on: date, *, today: date) -> bool:
    """Say whether a plan opened ``today`` may end on ``due_on``: after today, within three years."""
    return 0 < (due_on - today).days <= 3 * 366


def finished_courses(
    courses: Iterable[Mapping[int, int]], earned: Mapping[int, int], quizzes: Collection[int] = frozenset()
) -> int:
    """Count the courses of which every courseware is complete, and every quiz passed.

    :param courses: for each course, courseware id -> length in ms; a quiz has none
    :param earned: courseware id -> confirmed ms
    :param quizzes: those that are passed
    """
    return sum(
        all(key in quizzes or is_complete(earned.get(key, 0), length) for key, length in course.items()) for course in courses
    )


def waiting(
    courses: Sequence[Mapping[int, int]], earned: Mapping[int, int], quizzes: Collection[int] = frozenset()
) -> frozenset[int]:
    """Return the coursewares behind the first course that is not complete; a courseware of an earlier course too never waits.

    :param courses: in their order, for each courseware id -> length in ms
    :param earned: courseware id -> confirmed ms
    """
    opened: set[int] = set()
    for at, course in enumerate(courses):
        opened |= set(course)
        if not finished_courses([course], earned, quizzes):
            return frozenset(key for later in courses[at + 1 :] for key in later if key not in opened)
    return frozenset()
