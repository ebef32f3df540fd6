"""What enterprises are told about the versions they use."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from public.catalogue.models import CourseVersion, Notice


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One piece of news. ``current_version_id`` is what the course offers now, None when nothing."""

    id: int
    kind: str
    kind_name: str
    version_id: int
    course_title: str
    course_code: str
    text: str
    at: datetime
    current_version_id: int | None


def notify(*, version_id: int, kind: str, text: str, at: datetime) -> int:
    """Tell every enterprise that uses a version; part of the caller's transaction. Returns the notice's id.

    :param kind: a value of `Notice.Kind`
    :param text: Chinese, at most 500 characters; the rest is cut
    """
    return Notice.objects.create(version_id=version_id, kind=Notice.Kind(kind), text=text[:500], at=at).pk


def notices_for(version_ids: Iterable[int]) -> list[NoticeView]:
    """Return the news about these versions, newest first. A new version is news to all who use another one of its course."""
    wanted = list(version_ids)
    if not wanted:
        return []
    sibling = CourseVersion.objects.filter(course_id=OuterRef("version__course_id"), pk__in=wanted)
    rows = Notice.objects.select_related("version__course").filter(
        Q(version_id__in=wanted) | (Q(kind=Notice.Kind.NEW_VERSION) & Exists(sibling) & ~Q(version_id__in=wanted))
    )
    found = list(rows.order_by("-at", "-id"))
    return _views(found)


def _views(rows: list[Notice]) -> list[NoticeView]:
    courses = {row.version.course_id for row in rows}
    live = CourseVersion.objects.filter(course_id__in=courses, state=CourseVersion.State.PUBLISHED)
    current = dict(live.values_list("course_id", "pk"))
    return [
        NoticeView(
            id=row.pk,
            kind=row.kind,
            kind_name=str(Notice.Kind(row.kind).label),
            version_id=row.version_id,
            course_title=row.version.title,
            course_code=row.version.course.code,
            text=row.text,
            at=row.at,
            current_version_id=current.get(row.version.course_id),
        )
        for row in rows
    ]
