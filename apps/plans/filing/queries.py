"""Reads of the lists of files. Every list costs the same number of queries however long it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from apps.people import api as people
from apps.plans.models import Assignment, SignOff
from apps.records import api as records
from infra.kit import clock

names_of = people.names_of
_REAL = ~Q(state=Assignment.State.EXEMPT)


@dataclass(frozen=True, slots=True)
class Line:
    """One learner of the list. ``trainings``, ``done`` of them, ``signed`` of those by the learner; ``sums``: entries and sealed ones."""

    learner: people.LearnerView
    trainings: int
    done: int
    signed: int
    sums: records.Sums


@dataclass(frozen=True, slots=True)
class Waits:
    """A record that its learner has signed and whoever is in charge has not. ``name`` of the learner, ``at`` of the signature."""

    subject: UUID
    assignment: UUID
    name: str
    training: str
    at: datetime


def lines(learners: Sequence[people.LearnerView]) -> list[Line]:
    """Return learners with what is in their files; two queries."""
    rows = Assignment.objects.filter(_REAL, learner_id__in=[one.id for one in learners]).values("learner_id")
    done = Q(state=Assignment.State.COMPLETED)
    counted = rows.annotate(all=Count("id"), done=Count("id", filter=done), signed=Count("sign_off"))
    known: dict[int, Any] = {row["learner_id"]: row for row in counted.order_by()}
    sums = records.sums_of([one.uuid for one in learners])
    none = {"all": 0, "done": 0, "signed": 0}
    found = []
    for one in learners:
        row = known.get(one.id, none)
        found.append(Line(one, row["all"], row["done"], row["signed"], sums.get(one.uuid, records.Sums())))
    return found


def waiting(*, within: people.Units, learner: UUID | None = None, plan: UUID | None = None) -> list[Waits]:
    """Return the signed records without a second signature, of one learner or of one plan, oldest first; two queries."""
    rows = SignOff.objects.filter(people.belongs(within, "assignment__learner"), people.real("assignment__learner"))
    if learner is not None:
        rows = rows.filter(assignment__learner__uuid=learner)
    if plan is not None:
        rows = rows.filter(assignment__plan__uuid=plan)
    found = list(rows.select_related("assignment__learner", "assignment__plan").order_by("at", "pk"))
    second = records.countersigned({row.assignment.learner.uuid for row in found})
    return [
        Waits(row.assignment.learner.uuid, row.assignment.uuid, row.assignment.learner.name, row.assignment.plan.title, row.at)
        for row in found
        if str(row.assignment.uuid) not in second
    ]


def moment(at: datetime | None) -> str:
    """Return e.g. ``2026-11-28 14:20`` in Zhejiang, or ""."""
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}" if at else ""
