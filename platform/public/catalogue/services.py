"""Writes of the catalogue: the life of a version, and the seed."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.catalogue import seed
from public.catalogue.models import (
    Course,
    CourseVersion,
    Courseware,
    MediaAsset,
    PublishLog,
    Question,
    Trainer,
    TrainingRequirement,
)
from public.catalogue.queries import not_found

FULL_HOUR = ("AQ-CY-ALL-SJ-0005-V1", 1)
"""The lesson of the demo catalogue that lasts a whole credit hour, so that one can really be earned."""


def _locked(version_id: int, *states: str) -> CourseVersion:
    version = CourseVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise not_found(_("课程版本"))
    if version.state not in states:
        raise DomainError("wrong_state", _("课程当前状态不允许此操作，请刷新页面查看最新状态。"), status=409, state=version.state)
    return version


def _missing(version: CourseVersion) -> list[str]:
    lessons = list(version.coursewares.select_related("media"))
    missing = [str(_("至少要有一个课件"))] if not lessons else []
    return missing + [lesson.title for lesson in lessons if lesson.media.state != MediaAsset.State.READY]


@transaction.atomic
def submit(*, version_id: int, by_id: int, at: datetime) -> None:
    """Freeze a draft and put it before the reviewers.

    :raises DomainError: ``incomplete`` with the list of lessons whose media are missing; ``wrong_state``; ``not_found``
    """
    version = _locked(version_id, CourseVersion.State.DRAFT)
    if missing := _missing(version):
        raise DomainError("incomplete", _("还不能提交：以下课件没有可播放的媒体。"), missing=missing)
    version.state, version.submitted_at = CourseVersion.State.IN_REVIEW, at
    version.save(update_fields=["state", "submitted_at"])


@transaction.atomic
def return_to_draft(*, version_id: int) -> None:
    """Give a version in review back to its author.

    :raises DomainError: ``wrong_state``; ``not_found``
    """
    version = _locked(version_id, CourseVersion.State.IN_REVIEW)
    version.state = CourseVersion.State.DRAFT
    version.save(update_fields=["state"])


@transaction.atomic
def publish(*, version_id: int, by_id: int, at: datetime) -> None:
    """Make a reviewed version the current one of its course; the former one retires. `public.review` checks the verdicts.

    :raises DomainError: ``wrong_state``; ``not_found``
    """
    version = _locked(version_id, CourseVersion.State.IN_REVIEW)
    former = (
        CourseVersion.objects.select_for_update().filter(course_id=version.course_id, state=CourseVersion.State.PUBLISHED).first()
    )
    if former:
        former.state = CourseVersion.State.RETIRED
        former.save(update_fields=["state"])
    version.state, version.published_at = CourseVersion.State.PUBLISHED, at
    version.save(update_fields=["state", "published_at"])
    PublishLog.objects.create(course_id=version.course_id, from_version=former, to_version=version, by_id=by_id, at=at)


@transaction.atomic
def retire(*, version_id: int, by_id: int, reason: str, at: datetime) -> None:
    """Take a published version away from new plans; learners who started it keep it.

    :raises DomainError: ``wrong_state``; ``not_found``
    """
    version = _locked(version_id, CourseVersion.State.PUBLISHED)
    version.state = CourseVersion.State.RETIRED
    version.save(update_fields=["state"])
    PublishLog.objects.create(
        course_id=version.course_id, from_version=version, to_version=None, by_id=by_id, reason=reason, at=at
    )


@transaction.atomic
def load_seed(*, author_id: int, at: datetime) -> list[int]:
    """Load questions, legal hours and the demo courses as drafts with films still to be made. Safe to repeat.

    :returns: ids of films that still have to be made, short ones first
    """
    _load_questions()
    _load_requirements()
    existing = set(Course.objects.values_list("code", flat=True))
    for entry in seed.courses():
        if entry["code"] not in existing:
            _load_course(entry, author_id, at)
    rows = MediaAsset.objects.exclude(state=MediaAsset.State.READY).order_by("source__full_hour", "id")
    return list(rows.values_list("pk", flat=True))


def _load_questions() -> None:
    kinds = {"true_false": Question.Kind.JUDGE}
    Question.objects.bulk_create(
        [
            Question(
                code=entry["id"],
                kind=kinds.get(entry["type"], entry["type"]),
                topic=entry["topic"],
                difficulty=entry["difficulty"],
                stem=entry["stem"],
                options=entry["options"],
                answer=entry["answer"],
                explanation=entry["explanation"],
                basis=entry["basis"],
            )
            for entry in seed.questions()
        ],
        ignore_conflicts=True,
    )


def _load_requirements() -> None:
    TrainingRequirement.objects.bulk_create(
        [
            TrainingRequirement(**{**entry, "valid_from": date.fromisoformat(entry["valid_from"])})
            for entry in seed.requirements()
        ],
        ignore_conflicts=True,
    )


def _load_course(entry: dict[str, Any], author_id: int, at: datetime) -> None:
    trainer, _made = Trainer.objects.get_or_create(name=entry["teacher"])
    course = Course.objects.create(
        code=entry["code"],
        audience=entry["audience"],
        industry_code=entry["industry_code"],
        industry=entry["industry"],
        topic=entry["topic"],
        training_category=entry["training_category"],
        alternative_to=Course.objects.filter(versions__title=entry["alt_of"]).first() if entry["alt_of"] else None,
        created_at=at,
    )
    version = CourseVersion.objects.create(
        course=course,
        number=1,
        title=entry["title"],
        key_points=entry["key_points"],
        legal_basis=entry["legal_basis"],
        format=entry["format"],
        difficulty=entry["difficulty"],
        question_topics=entry["quiz"]["question_topics"],
        trainer=trainer,
        review_cycle_months=entry["review_cycle_months"],
        author_id=author_id,
        created_at=at,
    )
    for lesson in entry["lessons"]:
        full_hour = (entry["code"], lesson["no"]) == FULL_HOUR
        source = {"course": entry["code"], "lesson_no": lesson["no"], "full_hour": full_hour}
        media = MediaAsset.objects.create(source=source, updated_at=at)
        Courseware.objects.create(version=version, no=lesson["no"], title=lesson["title"], media=media)
