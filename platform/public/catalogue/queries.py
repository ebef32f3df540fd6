"""Reads of the catalogue. Run on the platform or within an enterprise (which sees only what was published)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, TrainingRequirement


@dataclass(frozen=True, slots=True)
class CourseCard:
    """What a list shows of one version. ``duration_ms`` is measured; 0 while media are still made."""

    course_id: int
    version_id: int
    code: str
    version_no: int
    title: str
    audience: str
    industry: str
    topic: str
    trainer: str
    key_points: list[str]
    format: str
    duration_ms: int
    courseware_count: int
    state: str


@dataclass(frozen=True, slots=True)
class CoursewareView:
    """One lesson."""

    id: int
    version_id: int
    course_title: str
    no: int
    title: str
    duration_ms: int
    media: UUID


@dataclass(frozen=True, slots=True)
class CourseView:
    """One version with its lessons."""

    card: CourseCard
    legal_basis: list[str]
    coursewares: list[CoursewareView]
    question_topics: list[str]


@dataclass(frozen=True, slots=True)
class RequirementView:
    """Hours that the law asks; ``hours`` is None where it names none. ``levels``: those of an induction in their order."""

    id: int
    code: str
    stage: str
    title: str
    hours: int | None
    suggested_hours: int
    levels: dict[str, int]
    basis: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides who may do what to a version; ``submitted_at`` stays when it comes back from review."""

    version_id: int
    author_id: int
    state: str
    submitted_at: datetime | None

    @property
    def in_review(self) -> bool:
        """Whether reviewers have it."""
        return self.state == CourseVersion.State.IN_REVIEW


def not_found(what: Any) -> DomainError:
    """Return the refusal for something that does not exist or is not this enterprise's to see."""
    return DomainError("not_found", _("没有找到%(what)s，它可能已下架。") % {"what": what}, status=404)


def _versions() -> QuerySet[CourseVersion]:
    return CourseVersion.objects.select_related("course", "trainer").annotate(
        total_ms=Sum("coursewares__media__duration_ms"), lessons=Count("coursewares")
    )


def _card(version: Any) -> CourseCard:
    return CourseCard(
        course_id=version.course_id,
        version_id=version.pk,
        code=version.course.code,
        version_no=version.number,
        title=version.title,
        audience=version.course.audience,
        industry=version.course.industry,
        topic=version.course.topic,
        trainer=version.trainer.name,
        key_points=version.key_points,
        format=version.format,
        duration_ms=version.total_ms or 0,
        courseware_count=version.lessons,
        state=version.state,
    )


def published(
    *, search: str = "", audience: str = "", topic: str = "", version_ids: Iterable[int] | None = None
) -> list[CourseCard]:
    """Return the published courses by code; with ``version_ids`` exactly those versions, retired ones too."""
    rows = _versions()
    if version_ids is not None:
        rows = rows.filter(pk__in=list(version_ids))
    else:
        rows = rows.filter(state=CourseVersion.State.PUBLISHED)
    for word in search.split():
        hit = Q(title__icontains=word) | Q(course__code__icontains=word) | Q(trainer__name__icontains=word)
        rows = rows.filter(hit | Q(key_points__icontains=word))
    if audience:
        rows = rows.filter(course__audience=audience)
    if topic:
        rows = rows.filter(course__topic=topic)
    return [_card(row) for row in rows.order_by("course__code", "number")]


def all_versions(*, search: str = "", state: str = "") -> list[CourseCard]:
    """Return versions in any state, newest course first. For operators."""
    rows = _versions().order_by("course__code", "-number")
    if state:
        rows = rows.filter(state=state)
    if search:
        rows = rows.filter(Q(title__icontains=search) | Q(course__code__icontains=search))
    return [_card(row) for row in rows]


def is_for_all(code: str) -> bool:
    """Say whether a course, by its code, is open to every enterprise and not one that an enterprise keeps for itself."""
    return Course.objects.filter(code=code, is_private=False).exists()


def standing(version_id: int, *, hold: bool = False) -> Standing:
    """Return where a version stands; ``hold`` locks it for the transaction, so that two people do not decide past each other.

    :raises DomainError: ``not_found``
    """
    rows = CourseVersion.objects.select_for_update() if hold else CourseVersion.objects.all()
    row = rows.filter(pk=version_id).first()
    if row is None:
        raise not_found(_("课程版本"))
    return Standing(row.pk, row.author_id, row.state, row.submitted_at)


def standings(*, state: str = "", author_id: int | None = None) -> list[Standing]:
    """Return where versions stand, by state and author."""
    rows = CourseVersion.objects.all()
    if state:
        rows = rows.filter(state=state)
    if author_id is not None:
        rows = rows.filter(author_id=author_id)
    return [Standing(*values) for values in rows.order_by("pk").values_list("pk", "author_id", "state", "submitted_at")]


def course(version_id: int) -> CourseView:
    """Return one version with its lessons.

    :raises DomainError: ``not_found``
    """
    row = _versions().filter(pk=version_id).first()
    if row is None:
        raise not_found(_("课程"))
    lessons = Courseware.objects.select_related("media").filter(version=row).order_by("no")
    return CourseView(_card(row), row.legal_basis, [_lesson(lesson, row.title) for lesson in lessons], row.question_topics)


def _lesson(lesson: Courseware, course_title: str) -> CoursewareView:
    return CoursewareView(
        id=lesson.pk,
        version_id=lesson.version_id,
        course_title=course_title,
        no=lesson.no,
        title=lesson.title,
        duration_ms=lesson.media.duration_ms or 0,
        media=lesson.media.uuid,
    )


def courseware(courseware_id: int) -> CoursewareView:
    """Return one lesson.

    :raises DomainError: ``not_found``
    """
    row = Courseware.objects.select_related("media", "version").filter(pk=courseware_id).first()
    if row is None:
        raise not_found(_("课件"))
    return _lesson(row, row.version.title)


def media_states(version_id: int) -> list[dict[str, Any]]:
    """Return state, progress and error of each lesson's film: ``[{"no", "title", "state", "progress", "error"}]``."""
    rows = Courseware.objects.filter(version_id=version_id).order_by("no")
    return [
        dict(row) for row in rows.values("no", "title", "media__state", "media__progress", "media__error", "media__duration_ms")
    ]


def film_course(media_id: int) -> str:
    """Return the code of the course that a film belongs to."""
    return Course.objects.values_list("code", flat=True).get(versions__coursewares__media_id=media_id)


def versions_about(topics: Iterable[str]) -> dict[int, str]:
    """Return version -> the first of these question topics that its exam draws from; offered versions only, one query."""
    wanted = list(dict.fromkeys(topics))
    about = Q()
    for topic in wanted:
        about |= Q(question_topics__contains=[topic])
    if not wanted:
        return {}
    rows = CourseVersion.objects.filter(about, state=CourseVersion.State.PUBLISHED).values_list("pk", "question_topics")
    return {key: next(topic for topic in wanted if topic in has) for key, has in rows}


def making() -> dict[str, int]:
    """Return how many films are in each state."""
    return dict(MediaAsset.objects.values_list("state").annotate(n=Count("id")))


def _requirement(row: TrainingRequirement) -> RequirementView:
    levels = dict(sorted(row.levels.items(), key=lambda pair: _LEVELS.index(pair[0]) if pair[0] in _LEVELS else len(_LEVELS)))
    return RequirementView(row.pk, row.code, row.stage, row.title, row.hours, row.suggested_hours, levels, row.basis)


_LEVELS = ("厂级", "车间级", "班组级")
"""Order in which an induction goes; the database keeps no order of the keys of a JSON object."""


def requirements(*, on: date) -> list[RequirementView]:
    """Return the legal rows in force on day ``on``."""
    rows = TrainingRequirement.objects.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return [_requirement(row) for row in rows.order_by("code", "stage")]


def requirement(requirement_id: int) -> RequirementView:
    """Return one legal row.

    :raises DomainError: ``not_found``
    """
    row = TrainingRequirement.objects.filter(pk=requirement_id).first()
    if row is None:
        raise not_found(_("培训要求"))
    return _requirement(row)


def version_ids_of(course_code: str) -> list[int]:
    """Return the versions of a course by number."""
    return list(Course.objects.filter(code=course_code).order_by("versions__number").values_list("versions__id", flat=True))
