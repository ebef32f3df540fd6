"""What one record of the feed tells another platform: a fixed set of fields by kind, whatever the ledger's own bodies look like (clause 七.1).

The names are those of `contract/records-1.schema.json`; XML writes them with a capital letter. Fields about a person (`SENSITIVE`) leave only
sealed for the receiver. A later version may add fields; none is taken away or changes its meaning within version 1.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

VERSION: Final = "1.0"
MOST_CHARS: Final = 500
"""Of any text, in both forms of the contract."""
Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its published name, where it stands in the ledger's body (the first path that leads to a value), and its type.

    ``is_code``: only what is a code (``ENDED``) is told; what somebody wrote may name people and leaves sealed.
    """

    name: str
    paths: tuple[str, ...]
    kind: type[str] | type[int] | type[bool] = str
    is_code: bool | None = None


def _text(name: str, *paths: str) -> Field:
    return Field(name, paths or (name,))


def _whole(name: str, *paths: str) -> Field:
    return Field(name, paths or (name,), int)


_LESSON = (
    _text("courseCode", "course.code"),
    _text("courseTitle", "course.title", "course"),
    _text("courseVersion", "course.version"),
    _text("lesson", "courseware.title", "courseware"),
)
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_REASON = Field("reason", ("reason",), is_code=True)
_COMMON = (_REASON, _whole("corrects", "corrects.n"))

FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "LEARNER": (_text("role"), _text("unit"), _text("position"), _text("status")),
    "SESSION": (
        *_LESSON,
        _text("plan"),
        _text("session"),
        _text("startedAt", "start", "issued"),
        _text("endedAt", "end", "answered"),
        _text("terminal"),
        _whole("durationMs", "duration_ms"),
        _whole("effectiveMs", "effective_ms"),
        _whole("provisionalMs", "provisional_ms"),
        _whole("confirmedMs", "confirmed_ms"),
        _whole("voidedMs", "voided_ms"),
        _whole("restoredMs", "restored_ms"),
        _whole("heldMs", "held_ms"),
        _text("decision"),
        _whole("score"),
        Field("passed", ("passed",), bool),
        *_COMMON,
    ),
    "EXAM": (
        _text("plan"),
        _text("attempt"),
        _whole("number"),
        _text("startedAt", "started_at"),
        _text("submittedAt", "submitted_at"),
        _whole("score"),
        _whole("scoreBefore", "before_score"),
        _whole("passScore", "pass_score"),
        Field("passed", ("passed",), bool),
        *_COMMON,
    ),
    "CERTIFICATE": (
        _text("number"),
        _text("training"),
        _text("trainingType", "training_type"),
        _text("category"),
        _text("startedOn", "started_on"),
        _text("completedOn", "completed_on"),
        _whole("earnedMs", "earned_ms"),
        _whole("requiredMs", "required_ms"),
        _whole("examScore", "exam_score"),
        _text("issuedOn", "issued_on"),
        _text("validUntil", "valid_until"),
        _text("oldNumber", "old_number", "replaces", "renews"),
        _REASON,
        _text("fingerprint"),
    ),
    "ENTERPRISE": (_text("status"),),
    "COMPLAINT": (
        _text("number"),
        _text("category"),
        _text("state"),
        _text("filedAt", "filed_at"),
        _text("promisedAt", "promised_at"),
        _text("decidedAt", "decided_at"),
        Field("decision", ("decision",), is_code=True),
        _whole("satisfaction"),
    ),
    "DAILY": (
        _text("day"),
        _whole("learners"),
        _whole("sessions"),
        _whole("effectiveMs", "effective_ms"),
        _whole("exams"),
        _whole("passed", "exams_passed"),
        _whole("certificates"),
        _whole("complaints"),
    ),
}
"""What is told in clear, by kind: the four of clause 七.1, then enterprise, complaint and the day's figures."""

SENSITIVE: Final = (
    _text("name"),
    _text("idNumber", "id_number", "masked_id"),
    _text("mobile"),
    _text("sex"),
    _text("personKey", "person_key"),
    _text("ip"),
    Field("remark", ("reason",), is_code=False),
)
"""What is about a person: always sealed (`contract/sealed-1.schema.json`). Names and numbers are masked before they come here."""

_EVENTS = {"LEARNER": "STATE", "SESSION": "SITTING", "EXAM": "RESULT", "CERTIFICATE": "ISSUE", "ENTERPRISE": "STATE"}


@dataclass(frozen=True, slots=True)
class Published:
    """One record as told: which event it is, fields in clear, fields to be sealed."""

    event: str
    fields: dict[str, Value]
    sensitive: dict[str, Value]


def publish(kind: str, body: Mapping[str, Any]) -> Published:
    """Return what is told of a record's body. Missing values and those of another type are left out, never guessed.

    :raises KeyError: an unknown kind
    """
    event = str(body.get("event") or _EVENTS.get(kind, "STATE")).upper()
    return Published(event, _values(FIELDS[kind], body), _values(SENSITIVE, body))


def _values(fields: tuple[Field, ...], body: Mapping[str, Any]) -> dict[str, Value]:
    found = {one.name: value for one in fields if (value := _value(one, body)) is not None}
    return {name: value for name, value in found.items() if value != ""}


def _value(one: Field, body: Mapping[str, Any]) -> Value | None:
    for path in one.paths:
        value = _at(body, path)
        if one.is_code is not None and (not isinstance(value, str) or bool(_CODE.fullmatch(value)) is not one.is_code):
            continue
        if one.kind is str and isinstance(value, str | int) and not isinstance(value, bool):
            return str(value)[:MOST_CHARS]
        if one.kind is bool and isinstance(value, bool):
            return value
        if one.kind is int and isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _at(body: Mapping[str, Any], path: str) -> Any:
    value: Any = body
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
