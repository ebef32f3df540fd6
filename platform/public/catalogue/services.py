"""The seed: the taxonomy, the demo catalogue, the law's hours; the shared questions are those of `public.questions`."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from public.catalogue import seed
from public.catalogue.models import (
    Course,
    CourseVersion,
    Courseware,
    MediaAsset,
    Topic,
    Trainer,
    TrainerQualification,
    TrainingRequirement,
)
from public.questions import api as questions

FULL_HOUR = ("AQ-CY-ALL-SJ-0005-H", 1)
"""The lesson of the demo catalogue that lasts a whole credit hour, so that one can really be earned."""


@transaction.atomic
def load_seed(*, author_id: int, at: datetime) -> list[int]:
    """Load the taxonomy, questions, legal hours and the demo courses as drafts with films still to be made. Safe to repeat.

    :returns: ids of films that still have to be made, short ones first
    """
    questions.load_seed(at=at)
    _load_requirements()
    load_topics()
    existing = set(Course.objects.values_list("code", flat=True))
    for entry in seed.courses():
        if entry["code"] not in existing:
            _load_course(entry, author_id, at)
    _qualify_trainers(at)
    _place_courses()
    rows = MediaAsset.objects.exclude(state=MediaAsset.State.READY).order_by("source__full_hour", "id")
    return list(rows.values_list("pk", flat=True))


def _load_requirements() -> None:
    TrainingRequirement.objects.bulk_create(
        [
            TrainingRequirement(**{**entry, "valid_from": date.fromisoformat(entry["valid_from"])})
            for entry in seed.requirements()
        ],
        ignore_conflicts=True,
    )


def load_topics() -> None:
    """Write the nodes of the taxonomy that are missing; titles and order that operators changed are kept. Safe to repeat."""
    ids = dict(Topic.objects.values_list("code", "pk"))
    for level in Topic.Level:
        missing = [entry for entry in seed.topics() if entry["level"] == level and entry["code"] not in ids]
        parents = [ids[entry["parent"]] if entry["parent"] else None for entry in missing]
        rows = [
            Topic(level=level, parent_id=parent, **{key: entry[key] for key in ("code", "title", "position")})
            for entry, parent in zip(missing, parents, strict=True)
        ]
        ids |= {row.code: row.pk for row in Topic.objects.bulk_create(rows)}


def _place_courses() -> None:
    ids = dict(Topic.objects.filter(level=Topic.Level.CHAPTER).values_list("code", "pk"))
    for course in Course.objects.filter(place__isnull=True):
        course.place_id = ids.get(f"{course.audience}/{course.industry_code}/{course.topic}")
        if course.place_id:
            course.save(update_fields=["place"])


def _qualify_trainers(at: datetime) -> None:
    """Give the demo's made-up trainers a made-up certificate of five years."""
    year = at.year
    for trainer in Trainer.objects.filter(name__in={entry["teacher"] for entry in seed.courses()}, provider_schema=""):
        if not trainer.qualifications.exists():
            TrainerQualification.objects.create(
                trainer=trainer,
                title="注册安全工程师",
                number=f"演示 {trainer.pk:04d}",
                issuer="演示数据",
                valid_from=date(year, 1, 1),
                valid_to=date(year + 4, 12, 31),
            )


def _load_course(entry: dict[str, Any], author_id: int, at: datetime) -> None:
    trainer, _made = Trainer.objects.get_or_create(name=entry["teacher"], provider_schema="")
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
