"""What the open interface answers and takes. Fields are only added within a version; times are UTC, durations in seconds."""

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

Role = Literal["FZ", "GL", "BZ", "CY", "TZ", "XF"]
Employment = Literal["OWN", "DISPATCH", "INTERN", "TEMP", "CONTRACTOR"]
Status = Literal["ACTIVE", "ARCHIVED"]
MOST_LEVELS, LONGEST_UNIT = 10, 60
ROLES = "FZ 主要负责人 · GL 安全生产管理人员 · BZ 班组长 · CY 从业人员 · TZ 特种作业人员 · XF 相关方人员"


class KeyOut(Schema):
    """The key of this request."""

    name: str
    prefix: str
    scopes: list[str]
    per_minute: int = Field(description="Requests a minute")
    expires_at: datetime
    enterprise: str
    uscc: str = Field(description="统一社会信用代码")


class UnitOut(Schema):
    """One unit (部门)."""

    id: int
    path: str = Field(description="生产部/一车间")


class Units(Schema):
    """All units by path."""

    items: list[UnitOut]


class LearnerOut(Schema):
    """One learner (学员). Identity and mobile numbers are masked and never given in full."""

    id: UUID
    name: str
    masked_id: str
    masked_mobile: str
    unit_id: int | None
    unit: str = Field(description="Name of the main unit, or empty")
    position: str
    employee_no: str
    role: Role = Field(description=ROLES)
    employment: Employment | None
    hired_on: date | None
    status: Status


class LearnerPage(Schema):
    """A page of learners."""

    items: list[LearnerOut]
    next: str | None = Field(description="`cursor` of the next page; null after the last")


class Learners(Schema):
    """Learners that fit."""

    items: list[LearnerOut]


class _Strict(Schema):
    """A body with nothing unknown in it, so that a misspelt field is told and not ignored."""

    model_config = ConfigDict(extra="forbid")


_KEPT = r"^[^\x00]*$"
"""What the database keeps: any text without U+0000."""
_UNIT = f"[^/／\\x00]{{0,{LONGEST_UNIT}}}"
UnitPath = Annotated[str, Field(max_length=200, pattern=f"^{_UNIT}([/／]{_UNIT}){{0,{MOST_LEVELS - 1}}}$")]
"""At most ten levels, each named by at most sixty characters."""


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: Any) -> date:
    """Read a day as RFC 3339 writes it; pydantic alone would take 0 for 1970-01-01, and Python 2026-W48-6 for a day.

    :raises ValueError: anything else
    """
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("Input should be a date such as 2026-11-28")
    return date.fromisoformat(value)


def _number(value: Any) -> Any:
    """Let pass what JSON calls a number, 2.0 too; pydantic alone would take true for 1 and "2" for 2.

    :raises ValueError: anything else
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("Input should be a valid integer")
    return value


Day = Annotated[date, BeforeValidator(_day)]


class SearchIn(_Strict):
    """What to look for; in the body, because addresses end up in logs."""

    text: str = Field(
        min_length=1,
        max_length=60,
        pattern=r"^[^\x00]*[^\x00\s][^\x00]*$",
        description="Part of a name, an employee number, a whole mobile or ID number",
    )
    limit: Annotated[int, BeforeValidator(_number)] = Field(default=20, ge=1, le=50)


class LearnerIn(_Strict):
    """A new learner."""

    name: str = Field(min_length=2, max_length=60, pattern=_KEPT)
    id_number: str = Field(pattern=r"^[1-9][0-9]{16}[0-9Xx]$", description="居民身份证号, with its right check digit")
    mobile: str = Field(min_length=11, max_length=20, pattern=_KEPT)
    unit: UnitPath = Field(default="", description="Path such as 生产部/一车间; made where missing")
    position: str = Field(default="", max_length=60, pattern=_KEPT)
    employee_no: str = Field(default="", max_length=30, pattern=_KEPT)
    role: Role = Field(default="CY", description=ROLES)
    employment: Employment | None = None
    hired_on: Day | None = None


class LearnerPatch(_Strict):
    """Fields to change; the others stay as they are."""

    name: str | None = Field(default=None, min_length=2, max_length=60, pattern=_KEPT)
    mobile: str | None = Field(
        default=None, min_length=11, max_length=20, pattern=_KEPT, description="Becomes the login; sessions end"
    )
    unit: UnitPath | None = Field(default=None, description="Path; made where missing, empty takes the unit away")
    position: str | None = Field(default=None, max_length=60, pattern=_KEPT)
    employee_no: str | None = Field(default=None, max_length=30, pattern=_KEPT)
    role: Role | None = None
    employment: Employment | None = None


class PlanOut(Schema):
    """One training plan (培训计划)."""

    id: UUID
    title: str
    state: Literal["RUNNING", "CLOSED"]
    basis: str = Field(description="The law it follows")
    requirement: str
    required_s: int = Field(description="Seconds that each learner must earn; one 学时 is 2,700")
    starts_on: date | None
    due_on: date
    exam_needed: bool
    opened_at: datetime
    closed_at: datetime | None
    people: int
    done: int


class PlanPage(Schema):
    """A page of plans."""

    items: list[PlanOut]
    next: str | None


class DutyOut(Schema):
    """One learner's duty within a plan (学员任务). ``earned_s`` is what was confirmed at the last review."""

    id: UUID
    plan_id: UUID
    learner_id: UUID
    state: Literal["ASSIGNED", "COMPLETED", "EXEMPT"]
    required_s: int
    earned_s: int
    due_on: date
    assigned_at: datetime
    exam_score: int | None
    exam_passed_at: datetime | None
    completed_at: datetime | None
    certificate_id: UUID | None


class DutyPage(Schema):
    """A page of duties."""

    items: list[DutyOut]
    next: str | None


class WhoIn(_Strict):
    """Learners to bring into a plan."""

    learner_ids: list[UUID] = Field(min_length=1, max_length=500)


class AddedOut(Schema):
    """How many were new in the plan."""

    added: int


class RecordOut(Schema):
    """One entry of the ledger (学习档案). It never changes; ``hash`` chains it to the learner's entry before it."""

    place: int = Field(description="0, 1, 2 … within the enterprise, given when the entry was sealed")
    learner_id: UUID
    n: int = Field(description="1, 2, 3 … of this learner, without gaps")
    kind: str
    at: datetime
    body: dict[str, Any] = Field(description="Fields by kind; more may be added")
    hash: str


class RecordPage(Schema):
    """A page of entries, in the order in which they were sealed."""

    items: list[RecordOut]
    next: str = Field(description="`cursor` to go on from, also when nothing is there yet")


class CertificateOut(Schema):
    """One training certificate (培训证明)."""

    id: UUID
    number: str
    learner_id: UUID
    training: str
    state: Literal["VALID", "EXPIRED", "RENEWED", "REVOKED"]
    issued_at: datetime
    valid_until: date | None
    verify_code: str = Field(description="Leads to the public page: <platform>/v/<code>")
    fingerprint: str
    body: dict[str, Any]


class CertificatePage(Schema):
    """A page of certificates, oldest first."""

    items: list[CertificateOut]
    next: str | None


class StatisticsOut(Schema):
    """Numbers of the enterprise, of today."""

    learners: int
    signed_in: int = Field(description="Learners on the books who have ever come in")
    running_plans: int
    certificates: dict[str, int] = Field(description="By state: VALID, EXPIRED, RENEWED, REVOKED")


class UnitSumsOut(Schema):
    """Numbers of one unit: people whose main unit it is, with duties in running plans. Units below are lines of their own."""

    unit_id: int | None = Field(description="null: people without a unit")
    unit: str = Field(description="Path, or empty")
    people: int
    duties: int
    done: int
    overdue: int


class UnitStatistics(Schema):
    """Numbers by unit; units without duties are left out."""

    items: list[UnitSumsOut]


class VerifiedOut(Schema):
    """What anybody may know of a certificate of any enterprise. ``body`` is what was signed; the name in it is masked."""

    code: str
    number: str
    is_genuine: bool = Field(description="Whether the signature fits")
    state: Literal["VALID", "EXPIRED", "RENEWED", "REVOKED"]
    issued_at: datetime
    body: dict[str, Any]
    signature: str
    key_id: str
