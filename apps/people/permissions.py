"""What each role inside the enterprise may do. A route declares one permission (`access.py`); nothing else decides.

A route that declares nothing beyond "a manager" is for those who run everything (``MANAGE``), so forgetting is safe.
"""

from enum import StrEnum

from apps.people.models import Manager


class Permission(StrEnum):
    """One thing that one route may ask for."""

    PUBLIC = "public"
    SIGNED_IN = "signed-in"
    LEARN = "learn"
    MANAGE = "manage"
    CONSOLE = "console"
    PEOPLE_SEE = "people.see"
    PEOPLE_CHANGE = "people.change"
    PEOPLE_HISTORY = "people.history"
    PEOPLE_ADMIT = "people.admit"
    PRIVACY_DECIDE = "privacy.decide"
    SIGN_IN_SET = "sign-in.set"
    FACES_REVIEW = "faces.review"
    MANAGERS_SEE = "managers.see"
    MANAGERS_CHANGE = "managers.change"
    PLANS_SEE = "plans.see"
    PLANS_CHANGE = "plans.change"
    ARCHIVE_SEE = "archive.see"
    ARCHIVE_CORRECT = "archive.correct"
    STUDY_SEE = "study.see"
    STUDY_DECIDE = "study.decide"
    INSPECTION = "inspection"
    CLASSES_SEE = "classes.see"
    CLASSES_RUN = "classes.run"
    CLASSES_CHANGE = "classes.change"
    COURSES_SEE = "courses.see"
    COURSES_CHOOSE = "courses.choose"
    COURSES_WRITE = "courses.write"
    EXAMS_SEE = "exams.see"
    EXAMS_CHANGE = "exams.change"
    EXAMS_MARK = "exams.mark"
    TALK_SEE = "talk.see"
    TALK_ANSWER = "talk.answer"
    TALK_MODERATE = "talk.moderate"
    RETENTION_SEE = "retention.see"
    RETENTION_CHANGE = "retention.change"
    AUTHORITY_SEE = "authority.see"
    AUTHORITY_ANSWER = "authority.answer"
    INTERFACES_SEE = "interfaces.see"
    INTERFACES_CHANGE = "interfaces.change"
    EXPORT = "export"
    LOG_SEE = "log.see"
    COMPANY_SEE = "company.see"
    COMPANY_CHANGE = "company.change"
    COMPANY_CLOSE = "company.close"


FOR_ANYBODY = frozenset({Permission.PUBLIC, Permission.SIGNED_IN, Permission.LEARN})
"""What no role gives: open to all, to everybody who is signed in, to learners."""

_ALL = frozenset(Permission) - FOR_ANYBODY
_OF_A_UNIT = frozenset(
    {
        Permission.CONSOLE,
        Permission.PEOPLE_SEE,
        Permission.PLANS_SEE,
        Permission.ARCHIVE_SEE,
        Permission.STUDY_SEE,
        Permission.CLASSES_SEE,
        Permission.COURSES_SEE,
        Permission.EXAMS_SEE,
        Permission.TALK_SEE,
    }
)

GRANTS: dict[str, frozenset[Permission]] = {
    Manager.Role.OWNER: _ALL,
    Manager.Role.TRAINING: _ALL
    - {
        Permission.MANAGERS_CHANGE,
        Permission.SIGN_IN_SET,
        Permission.EXPORT,
        Permission.INTERFACES_CHANGE,
        Permission.LOG_SEE,
        Permission.COMPANY_CLOSE,
    },
    Manager.Role.UNIT: _OF_A_UNIT | {Permission.PEOPLE_ADMIT, Permission.TALK_ANSWER},
    Manager.Role.TRAINER: frozenset(
        {
            Permission.CONSOLE,
            Permission.PLANS_SEE,
            Permission.CLASSES_SEE,
            Permission.CLASSES_RUN,
            Permission.COURSES_SEE,
            Permission.COURSES_WRITE,
            Permission.EXAMS_SEE,
            Permission.EXAMS_CHANGE,
            Permission.EXAMS_MARK,
            Permission.TALK_SEE,
            Permission.TALK_ANSWER,
            Permission.TALK_MODERATE,
        }
    ),
    Manager.Role.AUDITOR: _OF_A_UNIT
    | {
        Permission.PEOPLE_HISTORY,
        Permission.AUTHORITY_SEE,
        Permission.MANAGERS_SEE,
        Permission.RETENTION_SEE,
        Permission.INTERFACES_SEE,
        Permission.LOG_SEE,
        Permission.COMPANY_SEE,
    },
}
"""Role to permissions. Snapshots of faces are for those who decide about them, never for reading (PIPL art. 28)."""


def granted(role: str | None) -> frozenset[Permission]:
    """Return what a manager's role allows; nothing without a role."""
    return GRANTS.get(role or "", frozenset())
