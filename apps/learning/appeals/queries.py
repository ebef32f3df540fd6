"""Reads of voids and appeals within one enterprise."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.learning.appeals import rules
from apps.learning.models import Appeal, Void
from apps.people import api as people
from infra.kit.errors import DomainError
from public.appeals import api as appeals

SORTS = {
    "due": ("due_at", "id"),
    "-due": ("-due_at", "-id"),
    "filed": ("at", "id"),
    "-filed": ("-at", "-id"),
    "name": ("learner__name", "id"),
    "-name": ("-learner__name", "-id"),
    "ms": ("void__ms", "id"),
    "-ms": ("-void__ms", "-id"),
}


@dataclass(frozen=True, slots=True)
class VoidPage:
    """A void as its learner sees it. ``file_until``: how long an appeal is possible."""

    void: Void
    appeal: Appeal | None
    facts: list[appeals.Fact]
    file_until: datetime
    may_file: bool
    may_go_on: bool


def voids_of(learner_id: int) -> QuerySet[Void]:
    """Return a learner's voids with their sessions and appeals, newest first."""
    return Void.objects.filter(learner_id=learner_id).select_related("session", "appeal").order_by("-at", "-id")


def void_page(void_uuid: UUID, *, learner_id: int, at: datetime) -> VoidPage:
    """Return one void of a learner.

    :raises DomainError: 404 ``not_found``, also for somebody else's
    """
    void = voids_of(learner_id).filter(uuid=void_uuid).first()
    if void is None:
        raise DomainError("not_found", _("没有找到这段作废的学时，请从列表重新进入。"), status=404)
    appeal = getattr(void, "appeal", None)
    is_open = void.state == Void.State.OPEN
    return VoidPage(
        void,
        appeal,
        appeals.facts(void.evidence),
        void.at + rules.FILE_WITHIN,
        rules.may_file(void_at=void.at, void_is_open=is_open, has_appealed=appeal is not None, at=at),
        appeal is not None and rules.may_go_on(state=appeal.state, due_at=appeal.due_at, second_until=appeal.second_until, at=at),
    )


def listing(*, text: str = "", state: str = "", sort: str = "", within: people.Units = None) -> QuerySet[Appeal]:
    """Return this enterprise's appeals that fit: waiting ones by deadline.

    :param text: part of a learner's, a unit's, a course's or a lesson's name
    :param state: a value of ``Appeal.State``, ``ALL``, or "" for those that wait for the manager
    :param within: units that the asker sees
    """
    rows = Appeal.objects.select_related("void__session", "learner__unit").filter(people.belongs(within, "learner"))
    for word in text.split()[:5]:
        about = Q(learner__name__icontains=word) | Q(learner__unit__name__icontains=word)
        rows = rows.filter(
            about | Q(void__session__course_title__icontains=word) | Q(void__session__courseware_title__icontains=word)
        )
    if state in Appeal.State.values:
        rows = rows.filter(state=state)
    elif state != "ALL":
        rows = rows.filter(state=Appeal.State.FIRST)
    return rows.order_by(*SORTS.get(sort, ("due_at", "id") if state in {"", "FIRST"} else ("-at", "-id")))


def one(appeal_uuid: UUID, *, within: people.Units = None) -> Appeal:
    """Return one appeal with its void and session.

    :raises DomainError: 404 ``not_found``
    """
    rows = Appeal.objects.select_related("void__session", "learner__unit")
    row = rows.filter(people.belongs(within, "learner"), uuid=appeal_uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这件申诉，请从列表重新进入。"), status=404)
    return row


def count_waiting() -> int:
    """Return how many appeals wait for the manager."""
    return Appeal.objects.filter(state=Appeal.State.FIRST).count()
