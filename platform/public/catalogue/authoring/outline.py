"""Chapters of a draft, and the order of everything in it.

Lessons are numbered through the whole version in the order of the chapters they stand in; those without a chapter come first.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.authoring.ownership import Writer, own_draft
from public.catalogue.models import Chapter, Courseware
from public.catalogue.queries import not_found

_ASIDE = 1_000_000
"""Numbers are unique in the database, so rows step aside before they take their places."""


def draft_chapter(chapter_id: int, by: Writer) -> Chapter:
    """Return a chapter of one of the writer's drafts, which is held for the transaction.

    :raises DomainError: ``not_found``; ``frozen``
    """
    row = Chapter.objects.filter(pk=chapter_id).first()
    if row is None:
        raise not_found(_("章节"))
    own_draft(row.version_id, by)
    return row


def give_numbers(rows: "Sequence[Chapter] | Sequence[Courseware]") -> None:
    """Number rows of one version 1, 2, 3 … in the order given."""
    listed: list[Any] = list(rows)
    moved = [(row, no) for no, row in enumerate(listed, 1) if row.no != no]
    if not moved:
        return
    model: Any = type(moved[0][0])
    model.objects.filter(pk__in=[row.pk for row, _no in moved]).update(no=models.F("no") + _ASIDE)
    for row, no in moved:
        row.no = no
    model.objects.bulk_update([row for row, _no in moved], ["no"])


def number_lessons(version_id: int) -> None:
    """Number the lessons of a version again after something moved."""
    rows = Courseware.objects.filter(version_id=version_id).select_related("chapter")
    give_numbers(sorted(rows, key=lambda row: (row.chapter.no if row.chapter else 0, row.no)))


@transaction.atomic
def add_chapter(*, version_id: int, title: str, by: Writer) -> int:
    """Put a chapter at the end of a draft; return its id.

    :raises DomainError: ``not_found``; ``frozen``
    """
    version = own_draft(version_id, by)
    last = version.chapters.aggregate(last=models.Max("no"))["last"] or 0
    return int(Chapter.objects.create(version=version, no=last + 1, title=title).pk)


@transaction.atomic
def rename_chapter(*, chapter_id: int, title: str, by: Writer) -> None:
    """Give a chapter another heading.

    :raises DomainError: ``not_found``; ``frozen``
    """
    row = draft_chapter(chapter_id, by)
    row.title = title
    row.save(update_fields=["title"])


@transaction.atomic
def move_chapter(*, chapter_id: int, by_steps: int, by: Writer) -> None:
    """Move a chapter with its lessons: -1 is up, 1 is down; at the ends nothing happens.

    :raises DomainError: ``not_found``; ``frozen``
    """
    row = draft_chapter(chapter_id, by)
    rows = list(Chapter.objects.filter(version_id=row.version_id).order_by("no"))
    place = rows.index(row)
    rows.insert(max(0, place + by_steps), rows.pop(place))
    give_numbers(rows)
    number_lessons(row.version_id)


@transaction.atomic
def remove_chapter(*, chapter_id: int, by: Writer) -> None:
    """Take an empty chapter out.

    :raises DomainError: ``not_found``; ``frozen``; ``chapter_not_empty``
    """
    row = draft_chapter(chapter_id, by)
    if row.coursewares.exists():
        raise DomainError("chapter_not_empty", _("这一章还有课件，请先把课件移到别的章或移除。"), status=409)
    row.delete()
    give_numbers(list(Chapter.objects.filter(version_id=row.version_id).order_by("no")))
