"""What certificates hand in and out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from public.regulators.api import CertificateChange, State


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Everything a certificate says, handed in by whoever found the training complete. Times in milliseconds.

    :param category_code: two letters of the number, e.g. ``CY``
    :param courses: ``{"code", "title", "trainer", "duration_ms", "earned_ms"}``
    :param requirement: code of the row of the law, e.g. ``CY-GEN``; with ``stage`` (``INITIAL``, ``ANNUAL``, ``EVENT``) it decides looks, term and renewal
    :param exam_score: 0-100, or None where the plan asks for no exam
    """

    subject: UUID
    issued_for: UUID
    name: str
    masked_id: str
    training: str
    training_type: str
    category: str
    category_code: str
    basis: str
    required_ms: int
    earned_ms: int
    started_on: date
    completed_on: date
    courses: list[dict[str, Any]]
    exam_score: int | None
    exam_pass_score: int | None
    requirement: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class CertificateView:
    """One certificate; ``body`` holds the facts with ``number``, ``enterprise`` and ``issued_on``."""

    id: int
    uuid: UUID
    number: str
    code: str
    subject: UUID
    body: dict[str, Any]
    fingerprint: str
    issued_at: datetime
    issued_for: UUID

    @property
    def valid_until(self) -> str:
        """Last day as ``2027-11-22``, "" for ever."""
        return str(self.body.get("valid_until") or "")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a certificate is worth on a day, and why. ``revoked``, ``renewed``, ``replaced``: what strangers are told."""

    state: State
    revoked: CertificateChange | None = None
    renewed: CertificateChange | None = None
    replaced: CertificateChange | None = None

    @property
    def label(self) -> str:
        """The state in words."""
        return str(LABELS[self.state])


LABELS = {
    State.VALID: _("有效"),
    State.EXPIRED: _("已过期"),
    State.RENEWED: _("已续期"),
    State.REVOKED: _("已撤销"),
}


@dataclass(frozen=True, slots=True)
class FactsNow:
    """What is known today of what a certificate says, handed in by whoever judged that the training is complete all the same.

    :param course_ms: code of a course -> confirmed ms; courses that are not named keep theirs
    """

    name: str
    masked_id: str
    earned_ms: int
    course_ms: Mapping[str, int]
    exam_score: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that a certificate issued today would say differently, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Decider:
    """The manager who acts: number and name, and the own uuid as a learner (None without one): nobody decides about the own certificate."""

    id: int
    name: str
    own: UUID | None


REASONS: list[tuple[str, Any]] = list(CertificateChange.Reason.choices)
"""Why a certificate may be revoked: value and words."""


def revocation_reason(value: str) -> str:
    """Return a reason in words, also one that a later version wrote."""
    return str(dict(REASONS).get(value, value))
