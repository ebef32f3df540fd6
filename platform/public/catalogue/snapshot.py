"""A version's whole content as one JSON value, so that it can be kept, compared and signed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from public.catalogue.models import Chapter, CourseVersion, Courseware, PublishLog
from public.catalogue.queries import not_found

Part = Callable[[int], Any]
_parts: dict[str, Part] = {}


def add_content(name: str, part: Part) -> None:
    """Let another room put its share into the snapshot, e.g. the digest of a version's subtitles. Called in ``ready()``.

    :param part: version id -> a JSON value of strings, whole numbers, lists and dicts
    """
    _parts[name] = part


def content(version_id: int) -> dict[str, Any]:
    """Return everything that reviewers judge: words, trainer, chapters, lessons with their media, and what other rooms add.

    :raises DomainError: ``not_found``
    """
    version = CourseVersion.objects.select_related("course__place", "trainer").filter(pk=version_id).first()
    if version is None:
        raise not_found(_("课程版本"))
    course = version.course
    return {
        "title": version.title,
        "code": course.code,
        "number": version.number,
        "audience": course.audience,
        "industry": course.industry,
        "category": course.training_category,
        "place": course.place.code if course.place else "",
        "trainer": version.trainer.name,
        "trainer_qualification": version.trainer.qualification,
        "format": version.format,
        "difficulty": version.difficulty,
        "review_cycle_months": version.review_cycle_months,
        "key_points": version.key_points,
        "legal_basis": version.legal_basis,
        "question_topics": version.question_topics,
        "chapters": [f"{no}. {title}" for no, title in _chapters(version_id)],
        "lessons": _lessons(version_id),
        "extra": {name: part(version_id) for name, part in sorted(_parts.items())},
    }


def _chapters(version_id: int) -> list[tuple[int, str]]:
    return list(Chapter.objects.filter(version_id=version_id).order_by("no").values_list("no", "title"))


def _lessons(version_id: int) -> list[dict[str, Any]]:
    rows = Courseware.objects.filter(version_id=version_id).select_related("media", "chapter").order_by("no")
    return [
        {
            "no": row.no,
            "title": row.title,
            "chapter": row.chapter.title if row.chapter else "",
            "media": str(row.media.uuid),
            "kind": row.media.kind,
            "duration_ms": row.media.duration_ms or 0,
        }
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a course's publish log; ``None`` is "no version"."""

    kind: str
    kind_name: str
    from_number: int | None
    to_number: int | None
    by_id: int
    reason: str
    at: datetime


def publish_log(course_id: int, *, most: int = 50) -> list[Entry]:
    """Return who made which version of a course current, newest first."""
    rows = PublishLog.objects.filter(course_id=course_id).select_related("from_version", "to_version").order_by("-at", "-id")
    return [
        Entry(
            row.kind,
            str(PublishLog.Kind(row.kind).label),
            row.from_version.number if row.from_version else None,
            row.to_version.number if row.to_version else None,
            row.by_id,
            row.reason,
            row.at,
        )
        for row in rows[:most]
    ]


def media_ids(version_id: int) -> dict[int, int]:
    """Return lesson number -> id of its media, for pages that show a player."""
    return dict(Courseware.objects.filter(version_id=version_id).order_by("no").values_list("no", "media_id"))


def current_of(version_id: int) -> int | None:
    """Return the version that is published now of the same course, or None."""
    rows = CourseVersion.objects.filter(state=CourseVersion.State.PUBLISHED, course__versions=version_id)
    return rows.values_list("pk", flat=True).first()


def legal_bases(*, states: tuple[str, ...] = ()) -> list[tuple[int, list[str]]]:
    """Return each version with the laws and standards it names, as written; only in these states when given."""
    rows = CourseVersion.objects.filter(state__in=states) if states else CourseVersion.objects.all()
    return list(rows.order_by("pk").values_list("pk", "legal_basis"))
