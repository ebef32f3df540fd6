"""What a version consists of, for the rooms that judge whether something belongs to each part of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Value
from django.db.models.functions import Coalesce

from public.catalogue.models import CourseVersion, Courseware


@dataclass(frozen=True, slots=True)
class LessonKind:
    """One lesson and the kind of its media (``VIDEO``, ``AUDIO``, ``DOCUMENT``; ``QUIZ`` has none)."""

    id: int
    version_id: int
    no: int
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class VersionLabel:
    """How lists call a version, and where it stands."""

    id: int
    code: str
    number: int
    title: str
    state: str
    author_id: int
    provider_schema: str


def lesson_kinds(version_ids: Iterable[int]) -> list[LessonKind]:
    """Return the lessons of several versions in playing order, in one query."""
    rows = Courseware.objects.filter(version_id__in=list(version_ids)).order_by("version_id", "no")
    kind = Coalesce("media__kind", Value(Courseware.QUIZ))
    return [LessonKind(*values) for values in rows.values_list("id", "version_id", "no", "title", kind)]


def labels(version_ids: Iterable[int]) -> dict[int, VersionLabel]:
    """Return how several versions are called, in one query."""
    rows = CourseVersion.objects.filter(pk__in=list(version_ids))
    values = rows.values_list("id", "course__code", "number", "title", "state", "author_id", "course__provider_schema")
    return {row[0]: VersionLabel(*row) for row in values}
