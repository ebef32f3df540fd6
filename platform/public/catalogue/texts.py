"""The words of a version, for whoever lets people search them. Rooms that keep words of their own (subtitles) add them."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.dispatch import Signal

from public.catalogue.models import Chapter, CourseVersion, Courseware

TextSource = Callable[[int], str]
_sources: list[TextSource] = []
texts_changed = Signal()
"""Sent after commit when words of versions changed. Arguments: ``version_ids`` (list). Receivers may run twice."""


@dataclass(frozen=True, slots=True)
class VersionText:
    """What one version says of itself. ``headings`` are its chapters' and lessons' titles, ``place`` its node's code."""

    version_id: int
    course_id: int
    code: str
    state: str
    visible_to: str
    title: str
    key_points: list[str]
    trainer: str
    audience: str
    industry: str
    topic: str
    place: str
    category: str
    provider_schema: str
    duration_ms: int
    published_at: datetime | None
    headings: list[str]


def add_text_source(source: TextSource) -> None:
    """Let a room add words to a version's (``version_id -> text``, "" for none). Called in ``ready()``; counts once."""
    if source not in _sources:
        _sources.append(source)


def spoken_text(version_id: int) -> str:
    """Return what the other rooms know to be said in a version, e.g. its subtitles."""
    return "\n".join(filter(None, (source(version_id) for source in _sources)))


def published_ids(*, after: int = 0, limit: int = 1000) -> list[int]:
    """Return ids of published versions above ``after``, in order."""
    rows = CourseVersion.objects.filter(state=CourseVersion.State.PUBLISHED, pk__gt=after)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def version_texts(version_ids: Sequence[int]) -> list[VersionText]:
    """Return the words of versions in any state, in three queries."""
    rows = CourseVersion.objects.filter(pk__in=version_ids).select_related("course__place", "trainer").order_by("pk")
    headings: dict[int, list[str]] = defaultdict(list)
    for model in (Chapter, Courseware):
        for version_id, title in (
            model.objects.filter(version_id__in=version_ids).order_by("no").values_list("version_id", "title")
        ):
            headings[version_id].append(title)
    return [
        VersionText(
            version_id=row.pk,
            course_id=row.course_id,
            code=row.course.code,
            state=row.state,
            visible_to=row.visible_to,
            title=row.title,
            key_points=row.key_points,
            trainer=row.trainer.name,
            audience=row.course.audience,
            industry=row.course.industry,
            topic=row.course.topic,
            place=row.course.place.code if row.course.place else "",
            category=row.course.training_category,
            provider_schema=row.course.provider_schema,
            duration_ms=row.total_ms or 0,
            published_at=row.published_at,
            headings=headings[row.pk],
        )
        for row in rows.annotate(total_ms=Sum("coursewares__media__duration_ms"))
    ]
