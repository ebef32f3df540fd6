"""Reads for those who write: their courses, one version with everything in it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from public.catalogue.authoring.lessons import shown_elsewhere
from public.catalogue.authoring.ownership import Writer, own_version
from public.catalogue.models import Chapter, CourseVersion, Courseware, MediaAsset
from public.catalogue.queries import not_found


@dataclass(frozen=True, slots=True)
class CourseLine:
    """The latest version of one course; ``returned`` says that a draft came back from review."""

    course_id: int
    version_id: int
    code: str
    number: int
    title: str
    trainer: str
    state: str
    returned: bool
    is_private: bool
    lessons: int
    duration_ms: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LessonLine:
    """One lesson and how far its media are; ``error`` is what people are told when they failed.

    ``is_shared``: a version that is no draft shows the same media, so their subtitles are frozen.
    """

    id: int
    no: int
    title: str
    media_id: int
    media: UUID
    kind: str
    state: str
    progress: int
    error: str
    duration_ms: int
    is_shared: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether the media are still in the making."""
        return self.state in {MediaAsset.State.QUEUED, MediaAsset.State.PROCESSING}

    @property
    def speaks(self) -> bool:
        """Whether subtitles belong to it (clause R3.4)."""
        return self.kind in {MediaAsset.Kind.VIDEO, MediaAsset.Kind.AUDIO}


@dataclass(frozen=True, slots=True)
class Section:
    """One chapter with its lessons; ``id`` None holds the lessons that stand before all chapters."""

    id: int | None
    no: int
    title: str
    lessons: list[LessonLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything the editor shows of one version."""

    version_id: int
    course_id: int
    code: str
    number: int
    state: str
    returned: bool
    is_private: bool
    industry: str
    training_category: str
    words: dict[str, Any]
    trainer: str
    sections: list[Section]

    @property
    def may_edit(self) -> bool:
        """Whether it is still a draft."""
        return self.state == CourseVersion.State.DRAFT

    @property
    def lessons(self) -> list[LessonLine]:
        """All lessons in playing order."""
        return [lesson for section in self.sections for lesson in section.lessons]

    @property
    def is_making(self) -> bool:
        """Whether media of a lesson are still in the making."""
        return any(lesson.is_waiting for lesson in self.lessons)

    @property
    def duration_ms(self) -> int:
        """Measured length of all lessons."""
        return sum(lesson.duration_ms for lesson in self.lessons)


def course_lines(
    *, by: Writer, search: str = "", state: str = "", audience: str = "", topic: str = "", number: str = "1", size: int = 20
) -> Page[Any]:
    """Return a page of `CourseLine`, one for each of the writer's courses, newest first. Two queries whatever its size."""
    latest = CourseVersion.objects.filter(by.versions).order_by("course_id", "-number").distinct("course_id")
    rows = CourseVersion.objects.filter(pk__in=latest.values("pk")).select_related("course", "trainer")
    for word in search.replace("\0", "").split():
        hit = Q(title__icontains=word) | Q(course__code__icontains=word) | Q(trainer__name__icontains=word)
        rows = rows.filter(hit)
    wanted = {"state": state, "course__audience": audience, "course__topic": topic}
    asked = {name: value.replace("\0", "") for name, value in wanted.items()}
    rows = rows.filter(**{name: value for name, value in asked.items() if value})
    counted = rows.annotate(n=Count("coursewares"), ms=Sum("coursewares__media__duration_ms"))
    page: Page[Any] = Paginator(counted.order_by("-created_at", "-pk"), size).get_page(number)
    rows_here: Any = page.object_list
    page.object_list = [_line(row) for row in rows_here]
    return page


def _line(row: Any) -> CourseLine:
    return CourseLine(
        course_id=row.course_id,
        version_id=row.pk,
        code=row.course.code,
        number=row.number,
        title=row.title,
        trainer=row.trainer.name,
        state=row.state,
        returned=_is_returned(row),
        is_private=row.course.is_private,
        lessons=row.n,
        duration_ms=row.ms or 0,
        created_at=row.created_at,
    )


def _is_returned(row: CourseVersion) -> bool:
    return row.state == CourseVersion.State.DRAFT and row.submitted_at is not None


def editor(version_id: int, *, by: Writer) -> Editor:
    """Return one of the writer's versions with chapters and lessons. Three queries.

    :raises DomainError: ``not_found``, also for somebody else's
    """
    row = own_version(version_id, by)
    names = ("title", "key_points", "legal_basis", "format", "difficulty", "question_topics", "review_cycle_months", "trainer_id")
    return Editor(
        version_id=row.pk,
        course_id=row.course_id,
        code=row.course.code,
        number=row.number,
        state=row.state,
        returned=_is_returned(row),
        is_private=row.course.is_private,
        industry=row.course.industry,
        training_category=row.course.training_category,
        words={name: getattr(row, name) for name in names},
        trainer=row.trainer.name,
        sections=_sections(row.pk),
    )


def _sections(version_id: int) -> list[Section]:
    free = Section(None, 0, "")
    chapters = Chapter.objects.filter(version_id=version_id).order_by("no")
    sections = {row.pk: Section(row.pk, row.no, row.title) for row in chapters}
    frozen = Courseware.objects.filter(shown_elsewhere(), media_id=OuterRef("media_id"))
    lessons = Courseware.objects.filter(version_id=version_id).select_related("media").annotate(is_shared=Exists(frozen))
    for row in lessons.order_by("no"):
        (sections[row.chapter_id] if row.chapter_id else free).lessons.append(_lesson(row))
    return [*([free] if free.lessons else []), *sections.values()]


def _lesson(row: Any) -> LessonLine:
    media = row.media
    return LessonLine(
        row.pk,
        row.no,
        row.title,
        media.pk,
        media.uuid,
        media.kind,
        media.state,
        media.progress,
        media.error,
        media.duration_ms or 0,
        row.is_shared,
    )


def version_of_chapter(chapter_id: int) -> int:
    """Return the version that a chapter belongs to.

    :raises DomainError: ``not_found``
    """
    found = Chapter.objects.filter(pk=chapter_id).values_list("version_id", flat=True).first()
    if found is None:
        raise not_found(_("章节"))
    return found


def version_of_lesson(lesson_id: int) -> int:
    """Return the version that a lesson belongs to.

    :raises DomainError: ``not_found``
    """
    found = Courseware.objects.filter(pk=lesson_id).values_list("version_id", flat=True).first()
    if found is None:
        raise not_found(_("课件"))
    return found
