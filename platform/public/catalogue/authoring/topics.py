"""The taxonomy as operators see and tend it. Codes stay; titles, order and use may change."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from public.catalogue.models import Topic
from public.catalogue.queries import not_found


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One node: how many nodes stand under it and how many courses in it."""

    id: int
    code: str
    level: str
    title: str
    outline: str
    position: int
    parent_id: int | None
    is_retired: bool
    children: int
    courses: int

    @property
    def is_chapter(self) -> bool:
        """Whether courses stand here."""
        return self.level == Topic.Level.CHAPTER


def _line(row: Topic) -> TopicLine:
    counts: dict[str, int] = row.__dict__
    return TopicLine(
        row.pk,
        row.code,
        row.level,
        row.title,
        row.outline,
        row.position,
        row.parent_id,
        row.retired_at is not None,
        counts["n_children"],
        counts["n_courses"],
    )


def topic_children(parent_id: int | None = None, *, in_use: bool = False) -> list[TopicLine]:
    """Return the nodes under one (the audiences, where None) in their order; ``in_use`` leaves retired ones out."""
    rows = Topic.objects.filter(parent_id=parent_id).order_by("position", "code")
    if in_use:
        rows = rows.filter(retired_at=None)
    counted = rows.annotate(n_children=Count("children", distinct=True), n_courses=Count("courses", distinct=True))
    return [_line(row) for row in counted]


def topic_line(topic_id: int) -> TopicLine:
    """Return one node.

    :raises DomainError: ``not_found``
    """
    rows = Topic.objects.filter(pk=topic_id)
    row = rows.annotate(n_children=Count("children", distinct=True), n_courses=Count("courses", distinct=True)).first()
    if row is None:
        raise not_found(_("分类"))
    return _line(row)


def _held(topic_id: int) -> Topic:
    row = Topic.objects.select_for_update().filter(pk=topic_id).first()
    if row is None:
        raise not_found(_("分类"))
    return row


@transaction.atomic
def edit_topic(*, topic_id: int, title: str, outline: str, position: int) -> None:
    """Change how a node reads and where it stands among its neighbours.

    :raises DomainError: ``not_found``
    """
    row = _held(topic_id)
    row.title, row.outline, row.position = title, outline, position
    row.save(update_fields=["title", "outline", "position"])


@transaction.atomic
def retire_topic(*, topic_id: int, at: datetime) -> None:
    """Let no new course stand under a node; courses that do stay.

    :raises DomainError: ``not_found``
    """
    row = _held(topic_id)
    row.retired_at = row.retired_at or at
    row.save(update_fields=["retired_at"])


@transaction.atomic
def restore_topic(*, topic_id: int) -> None:
    """Use a node again.

    :raises DomainError: ``not_found``
    """
    row = _held(topic_id)
    row.retired_at = None
    row.save(update_fields=["retired_at"])


def places() -> dict[str, list[tuple[str, str]]]:
    """Return what a new course may be put under: (code, title) of audiences, industries and topics in use, each once."""
    names = {Topic.Level.AUDIENCE: "audience", Topic.Level.INDUSTRY: "industry", Topic.Level.CHAPTER: "topic"}
    found: dict[str, dict[str, str]] = {name: {} for name in names.values()}
    rows = Topic.objects.filter(retired_at=None).order_by("parent__parent__position", "parent__position", "position")
    for code, level, title in rows.values_list("code", "level", "title"):
        found[names[Topic.Level(level)]].setdefault(code.rpartition("/")[2], title)
    return {name: list(titles.items()) for name, titles in found.items()}
