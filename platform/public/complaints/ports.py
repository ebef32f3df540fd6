"""What complaints need from above: who is asking, and what is kept of one learner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in on an enterprise's site. ``filer``: LEARNER or MANAGER; ``subject``: the learner's uuid, None for others."""

    filer: str
    name: str
    subject: UUID | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A part of what an enterprise keeps of a learner: facts as (name, value), or a table."""

    title: str
    facts: Sequence[tuple[str, str]] = ()
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


class People(Protocol):
    """Knows who makes a request."""

    def person(self, request: HttpRequest) -> Person | None:
        """Return who is signed in, None for strangers. Called while standing in the enterprise."""


class LearnerRecords(Protocol):
    """Shows a learner's record to whoever was granted access for a case. Called while standing in the enterprise."""

    def find(self, mobile: str) -> UUID | None:
        """Return the learner of a mobile number, or None."""

    def blocks(self, subject: UUID, *, at: datetime) -> list[Block]:
        """Return the record: trainings, hours, exams, certificates; numbers of persons masked.

        :raises DomainError: 404 ``not_found``
        """


PEOPLE: Socket[People] = Socket("complaints.people")
RECORDS: Socket[LearnerRecords] = Socket("complaints.records")
