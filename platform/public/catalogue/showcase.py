"""What an enterprise sees of versions before it takes them: chapters, who teaches, what stands beside them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from public.catalogue.models import CourseVersion, Courseware, TrainerQualification
from public.catalogue.queries import CoursewareView, lesson_view, not_found


@dataclass(frozen=True, slots=True)
class TrainerView:
    """Who teaches. ``certificates`` are valid on the day asked about: title, issuer, last day (None: without end)."""

    name: str
    qualification: str
    about: str
    certificates: list[tuple[str, str, date | None]]


@dataclass(frozen=True, slots=True)
class ChapterView:
    """One chapter ("" where lessons stand without one) with its lessons."""

    title: str
    lessons: list[CoursewareView]

    @property
    def duration_ms(self) -> int:
        """Length of its lessons."""
        return sum(lesson.duration_ms for lesson in self.lessons)


@dataclass(frozen=True, slots=True)
class Showcase:
    """One version as a manager sees it who may take it."""

    version_id: int
    course_id: int
    code: str
    version_no: int
    state: str
    title: str
    audience: str
    industry: str
    topic: str
    category: str
    format: str
    key_points: list[str]
    legal_basis: list[str]
    published_at: datetime | None
    review_due_on: date | None
    trainer: TrainerView
    chapters: list[ChapterView]
    current_version_id: int | None

    @property
    def lessons(self) -> list[CoursewareView]:
        """All lessons in playing order."""
        return [lesson for chapter in self.chapters for lesson in chapter.lessons]

    @property
    def duration_ms(self) -> int:
        """Length of all lessons."""
        return sum(chapter.duration_ms for chapter in self.chapters)


def showcase(version_id: int, *, on: date) -> Showcase:
    """Return one version.

    :raises DomainError: ``not_found``, also where the current enterprise may not see it
    """
    found = showcases([version_id], on=on)
    if not found:
        raise not_found(_("课程"))
    return found[0]


def showcases(version_ids: Iterable[int], *, on: date) -> list[Showcase]:
    """Return versions in the order asked, without those the current place may not see; four queries."""
    wanted = list(dict.fromkeys(version_ids))
    rows = CourseVersion.objects.filter(pk__in=wanted).select_related("course", "trainer").in_bulk()
    lessons: dict[int, list[Courseware]] = defaultdict(list)
    for lesson in Courseware.objects.filter(version_id__in=rows).select_related("media", "chapter", "version").order_by("no"):
        lessons[lesson.version_id].append(lesson)
    certificates = _certificates({row.trainer_id for row in rows.values()}, on)
    current = current_versions(row.course_id for row in rows.values())
    return [
        _showcase(rows[key], lessons[key], certificates[rows[key].trainer_id], current.get(rows[key].course_id))
        for key in wanted
        if key in rows
    ]


def current_versions(course_ids: Iterable[int]) -> dict[int, int]:
    """Return course -> version that it offers now, for those courses that offer one; one query."""
    rows = CourseVersion.objects.filter(course_id__in=set(course_ids), state=CourseVersion.State.PUBLISHED)
    return dict(rows.values_list("course_id", "pk"))


def _certificates(trainer_ids: set[int], on: date) -> dict[int, list[tuple[str, str, date | None]]]:
    valid = TrainerQualification.objects.filter(trainer_id__in=trainer_ids, valid_from__lte=on)
    found: dict[int, list[tuple[str, str, date | None]]] = defaultdict(list)
    for row in valid.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).order_by("valid_from", "pk"):
        found[row.trainer_id].append((row.title, row.issuer, row.valid_to))
    return found


def _showcase(
    row: CourseVersion, lessons: list[Courseware], certificates: list[tuple[str, str, date | None]], current: int | None
) -> Showcase:
    chapters: dict[int | None, ChapterView] = {}
    for lesson in lessons:
        title = lesson.chapter.title if lesson.chapter else ""
        chapters.setdefault(lesson.chapter_id, ChapterView(title, [])).lessons.append(lesson_view(lesson, row.title))
    trainer = TrainerView(row.trainer.name, row.trainer.qualification, row.trainer.about, certificates)
    return Showcase(
        version_id=row.pk,
        course_id=row.course_id,
        code=row.course.code,
        version_no=row.number,
        state=row.state,
        title=row.title,
        audience=row.course.audience,
        industry=row.course.industry,
        topic=row.course.topic,
        category=row.course.training_category,
        format=row.format,
        key_points=row.key_points,
        legal_basis=row.legal_basis,
        published_at=row.published_at,
        review_due_on=row.review_due_on,
        trainer=trainer,
        chapters=list(chapters.values()),
        current_version_id=current,
    )
