"""The story of a case (a complaint, a ticket): each step a row that only grows; what operators do is an event of the platform's log too."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import models

from infra.kit.errors import DomainError
from public.audit import api as audit
from public.operators.desk import Me

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Desk:
    """An operator at work: who, when, from where."""

    me: Me
    at: datetime
    ip: str

    @property
    def actor(self) -> str:
        """The reference of the operator."""
        return self.me.reference

    def require(self, role: str, message: object) -> None:
        """Refuse everybody of another role.

        :raises DomainError: 403 ``forbidden``
        """
        if self.me.role != role:
            raise DomainError("forbidden", message, status=403)


class Case(Protocol):
    """What has a story."""

    uuid: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Story:
    """Writes the steps of one room's cases: never into an enterprise's log, and no words of a case into any.

    ``steps``: the rows, with ``at kind actor name text is_shown`` and a key ``case`` to the case; ``room``: first word of the log's
    actions; ``outsider``: how the log calls whoever opened the case; ``most``: signs of a text that are kept.
    """

    steps: type[models.Model]
    case: str
    room: str
    outsider: str
    most: int

    def by_desk(self, row: Case, kind: str, desk: Desk, *, text: str = "", shown: bool = False) -> None:
        """Write an operator's step here and in the audit log of the platform."""
        self._step(row, kind, at=desk.at, actor=desk.actor, name=desk.me.name, text=text, is_shown=shown)
        target = f"{self.case}:{row.uuid}"
        audit.record(f"{self.room}.{kind.lower()}", actor=desk.actor, target=target, at=desk.at, ip=desk.ip, number=row.number)

    def by_outsider(self, row: Case, kind: str, *, at: datetime, text: str = "") -> None:
        """Write a step of whoever opened the case, who reads it."""
        self._step(row, kind, at=at, actor=self.outsider, text=text, is_shown=True)

    def by_system(self, row: Case, kind: str, *, at: datetime, text: str, shown: bool = False) -> None:
        """Write what happened by itself."""
        self._step(row, kind, at=at, actor=SYSTEM, text=text, is_shown=shown)

    def _step(self, row: Case, kind: str, *, text: str, **values: Any) -> None:
        self.steps._default_manager.create(**{self.case: row}, kind=kind, text=text[: self.most], **values)


def log(desk: Desk, action: str, *, target: str, **facts: Any) -> None:
    """Write what an operator did with no single case into the audit log."""
    audit.record(action, actor=desk.actor, target=target, at=desk.at, ip=desk.ip, name=desk.me.name, **facts)
