"""Courses that an enterprise wrote: reviewed and published the whole way, with a row in every table that hangs on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from public.catalogue.media import storage_name
from public.catalogue.models import Course, CourseVersion, MediaAsset, Notice, Quiz, Trainer, TrainerQualification
from public.review.models import Citation, Finding, FindingEntry, LawArticle, ReReview, Submission
from public.rights.models import ExpiryAlert, RightsAsset
from public.search.models import CourseQuality, Entry
from public.uploads.models import Upload
from tests.public.review.ground import AT, House, draft
from tests.public.rights.ground import scan


@dataclass(frozen=True)
class Own:
    """One course, and what hangs on it outside the database or beside its rows."""

    course: int
    version: int
    film: MediaAsset
    trainer: int
    source: Any
    evidence: Any
    diploma: Any

    @property
    def file(self) -> str:
        return storage_name(self.film.uuid, "seg-1.m4s")


def written(schema: str, *, code: str, is_private: bool, house: House | None = None) -> Own:
    """Write a course of an enterprise, standing on the platform; published by a house, else a draft."""
    version = CourseVersion.objects.get(pk=draft(house.author.credential_id if house else 1, code=code, title=f"本厂 {code}"))
    film = version.coursewares.get().media
    assert film is not None
    source, evidence, diploma = (scan(1, provider_schema=schema) for _ in range(3))
    Upload.objects.filter(uuid=source).update(purpose="courseware", kind="video")
    MediaAsset.objects.filter(pk=film.pk).update(upload=source)
    Trainer.objects.filter(pk=version.trainer_id).update(provider_schema=schema)
    TrainerQualification.objects.filter(trainer=version.trainer_id).update(evidence=diploma)
    RightsAsset.objects.filter(version=version).update(evidence=evidence)
    default_storage.save(storage_name(film.uuid, "seg-1.m4s"), ContentFile(b"a piece of a film"))
    default_storage.save(storage_name(film.uuid, "former/left.m4s"), ContentFile(b"of a former making"))
    if house:
        house.publish(version.pk)
        _around(version)
    else:
        Quiz.objects.create(version=version, courseware=version.coursewares.get(), at_ms=1_000)
    Course.objects.filter(pk=version.course_id).update(provider_schema=schema, is_private=is_private)
    CourseVersion.objects.filter(pk=version.pk, state="PUBLISHED").update(state="RETIRED")
    film.refresh_from_db()
    return Own(version.course_id, version.pk, film, version.trainer_id, source, evidence, diploma)


def _around(version: CourseVersion) -> None:
    """Add what no way through the review writes."""
    who = {"by_id": 1, "by_name": "审核员甲", "at": AT}
    last = Submission.objects.filter(version=version).latest("pk")
    finding = Finding.objects.create(
        version=version, submission=last, angle="POLITICAL", place="WHOLE", severity="SHOULD", text="请核对", **who
    )
    FindingEntry.objects.create(finding=finding, kind="ANSWER", text="已核对", **who)
    article = LawArticle.objects.get_or_create(law="试验条例", article="1")[0]
    Citation.objects.get_or_create(version=version, article=article)
    ReReview.objects.create(version=version, reason="CYCLE", opened_at=AT, due_on=AT.date())
    asset = RightsAsset.objects.filter(version=version).earliest("pk")
    ExpiryAlert.objects.create(asset=asset, kind=ExpiryAlert.Kind.values[0], at=AT)
    Notice.objects.create(version=version, kind="RETIRED", text="已下架", at=AT)
    Entry.objects.get_or_create(
        version=version, defaults={"course_id": version.course_id, "code": "x", "title": "x", "trainer": "x", "audience": "CY",
                                   "industry": "通用", "topic": "SJ", "category": "x", "hours": "1", "published_at": AT, "indexed_at": AT},
    )  # fmt: skip
    CourseQuality.objects.get_or_create(course=version.course, defaults={"counted_at": AT})
