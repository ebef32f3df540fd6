"""What the product holds about a person: every app says it here, once for each table (decision 0063).

A `Holding` is exported with everything its rows say, except what it leaves out with a reason; and it says what erasure does to it. A table
with a column about learners that nobody declares, nor exempts by name, fails a test.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Model, QuerySet


class Fate(StrEnum):
    """What erasure does to the rows of a table."""

    AT_ONCE = "at-once"
    """No law keeps them: they go when the erasure is granted."""
    WITH_RECORD = "with-record"
    """They belong to the record of training: they go, or lose what tells who it was, when no law keeps it any more."""
    STAYS = "stays"
    """They say nothing that tells who it is once name and numbers are gone; ``why_kept`` says so."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data: every key under which tables know a person. ``credential_id`` is 0 without a way in."""

    id: int
    uuid: UUID
    credential_id: int
    person_key: str


File = tuple[str, bytes]
"""Name within the export, content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One table.

    :param model: e.g. ``learning.StudySession``
    :param title: what the person reads above the rows
    :param why: what the rows are for, for the person
    :param path: lookup that leads from a row to the person, ``by`` with which key of `Subject`, or what made of it, it is compared
    :param shown: columns of the readable part, field to heading; the JSON has all columns
    :param worded: columns of the readable part whose text is made of the row
    :param left_out: columns that are not exported, with the reason in the person's words
    :param opened: sealed columns to the function that opens them; others to what makes of a value what is exported
    :param files: files that belong to a row
    :param fate: what erasure does; ``erase`` does it, without it the rows are deleted; with `Fate.STAYS` nothing is done
    :param why_kept: why rows stay, for the person
    """

    model: str
    title: Any
    why: Any = ""
    path: str = "learner"
    by: str | Callable[[Subject], Any] = "id"
    order: str = "pk"
    shown: Mapping[str, Any] = field(default_factory=dict)
    worded: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    left_out: Mapping[str, Any] = field(default_factory=dict)
    opened: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    files: Callable[[Any], Iterable[File]] | None = None
    fate: Fate = Fate.WITH_RECORD
    erase: Callable[[Subject, datetime], None] | None = None
    why_kept: Any = ""

    def rows(self, subject: Subject) -> "QuerySet[Any]":
        """Return the person's rows, oldest first."""
        model: type[Model] = apps.get_model(self.model)
        key = getattr(subject, self.by) if isinstance(self.by, str) else self.by(subject)
        return model._default_manager.filter(**{self.path: key}).order_by(self.order)

    def forget(self, subject: Subject, at: datetime) -> None:
        """Erase the person's rows, or what tells who it was."""
        if self.erase is not None:
            self.erase(subject, at)
        elif self.fate != Fate.STAYS:
            self.rows(subject).delete()


def drop_files(names: Iterable[str]) -> None:
    """Remove files of the object store once the erasure is committed: one that is taken back has lost nothing."""
    for name in list(names):
        transaction.on_commit(partial(default_storage.delete, name))


_holdings: list[Holding] = []
_exempt: dict[str, str] = {}


def register_holdings(*holdings: Holding) -> None:
    """Make holdings known, in ``ready()``; the same table again replaces the former. Erasure goes through them from the last to the first."""
    for one in holdings:
        known = next((n for n, old in enumerate(_holdings) if (old.model, old.path) == (one.model, one.path)), None)
        if known is None:
            _holdings.append(one)
        else:
            _holdings[known] = one


def exempt(reasons: Mapping[str, str]) -> None:
    """Name tables that hold nothing about a person which a declared one does not hold already: ``{"persons.Day": "why"}``."""
    _exempt.update(reasons)


def holdings() -> tuple[Holding, ...]:
    """Return all, in the order in which rooms were started: people first."""
    return tuple(_holdings)


def exemptions() -> dict[str, str]:
    """Return the tables that are exempt, with the reason."""
    return dict(_exempt)


def by_the_way(subject: Subject, at: datetime) -> None:
    """Erase nothing here: `erasing.py` does it itself: the person's own row, the way in, and what only grows."""
