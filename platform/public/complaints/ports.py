"""What complaints need from above: who is asking and what is kept of one learner, of an enterprise's rooms; and somebody who sends mail."""

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


class Mail(Protocol):
    """Sends mail to complainants who left no phone."""

    def send(self, *, to: str, subject: str, text: str) -> bool:
        """Hand one mail over; plain text.

        :returns: False where it never will go: no mail server is set, or the address is refused for good
        :raises Unavailable: the server does not answer; it is tried again
        """


PEOPLE: Socket[People] = Socket("complaints.people")
RECORDS: Socket[LearnerRecords] = Socket("complaints.records")
MAIL: Socket[Mail] = Socket("complaints.mail")
