"""What the portal needs from an enterprise's rooms: plans and classes with their figures, and somebody who tells its managers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.core.paginator import Page

from infra.kit.ports import Socket


@dataclass(frozen=True, slots=True)
class Training:
    """A plan or a class in figures. ``done``: people who completed it, or were there; ``earned_ms`` of all together.

    ``passed``: who passed its exam, None where it has none; ``day``: until when, or when it was held.
    """

    uuid: UUID
    title: str
    state: str
    is_open: bool
    day: date
    people: int
    done: int
    earned_ms: int
    passed: int | None
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a training; the name with stars, and nothing by which somebody could be reached."""

    name: str
    unit: str
    state: str
    tone: str
    earned_ms: int
    score: int | None
    certificate: str


@dataclass(frozen=True, slots=True)
class Detail:
    """A training with one page of its people."""

    training: Training
    persons: Sequence[Person]
    page: Page[Any]


class Trainings(Protocol):
    """Shows what an enterprise trains. Called while standing in it; samples and people whose data are only kept are left out."""

    def plans(self, *, most: int) -> list[Training]:
        """Return the newest plans; one query."""

    def classes(self, *, most: int, at: datetime) -> list[Training]:
        """Return the newest classes but cancelled ones; one query."""

    def plan(self, uuid: UUID, *, number: str) -> Detail:
        """Return a plan and a page of its people.

        :raises DomainError: 404 ``not_found``
        """

    def klass(self, uuid: UUID, *, number: str, at: datetime) -> Detail:
        """Return a class and a page of its people.

        :raises DomainError: 404 ``not_found``
        """


class Managers(Protocol):
    """Tells an enterprise's managers of a notice. Called while standing in the enterprise, in the transaction that changes it."""

    def tell(
        self, *, what: str, rectification: UUID, number: str, organisation: str, due_on: date, turn: int, at: datetime
    ) -> None:
        """Tell once. ``what``: ASKED, ATTACHED, AGAIN, ACCEPTED, WITHDRAWN, SOON or LATE; ``turn``: tells the steps of one kind apart."""


TRAININGS: Socket[Trainings] = Socket("portal.TRAININGS")
MANAGERS: Socket[Managers] = Socket("portal.MANAGERS")
