"""A course version that could be submitted: one lesson whose film is ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from infra.kit.errors import DomainError
from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, Trainer, TrainerQualification
from public.operators.api import Me
from public.review import api as review
from public.review.models import ReviewTask
from tests.public.desk import operator
from tests.public.rights.ground import cover
from tests.public.subtitles.ground import subtitle

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def draft(author_id: int, *, code: str = "AQ-CY-ALL-SJ-0901", ready: bool = True, title: str = "受限空间作业安全") -> int:
    """Write a draft and return the version's id."""
    course = Course.objects.create(
        code=code, audience="CY", industry="通用", topic="SJ", training_category="从业人员", created_at=AT
    )
    trainer = Trainer.objects.create(name="讲师甲")
    TrainerQualification.objects.create(trainer=trainer, title="注册安全工程师", valid_from=date(2026, 1, 1))
    version = CourseVersion.objects.create(
        course=course,
        number=1,
        title=title,
        key_points=["先通风、再检测、后作业"],
        legal_basis=["GB 30871-2022"],
        format="视频",
        trainer=trainer,
        author_id=author_id,
        created_at=AT,
    )
    state = {"state": "READY", "duration_ms": 600_000, "package": {}, "keys_sealed": b"x"} if ready else {"state": "QUEUED"}
    Courseware.objects.create(version=version, no=1, title="第一课", media=MediaAsset.objects.create(updated_at=AT, **state))
    cover(version.pk, author_id=author_id, at=AT)
    subtitle(version.pk)
    return int(version.pk)


def refused(code: str) -> pytest.RaisesExc[DomainError]:
    """What a test expects to be refused with this code."""
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


@dataclass(frozen=True)
class House:
    """An author, four reviewers, operations: the people of a review."""

    author: Me
    reviewers: tuple[Me, ...]
    operations: Me

    def of(self, version: int, angle: str) -> Me:
        """Whoever the newest task of an angle was given to."""
        task = ReviewTask.objects.filter(version_id=version, angle=angle).order_by("-submission__number")[0]
        return next(me for me in self.reviewers if me.credential_id == task.assignee_id)

    def judge(self, version: int, angle: str, *, verdict: str = "PASS", note: str = "", minutes: int = 1, **more: Any) -> Any:
        """Let the one in charge sign."""
        words = {"me": more.pop("me", None) or self.of(version, angle), "checks": review.every_check(angle), **more}
        return review.decide(
            version_id=version, angle=angle, verdict=verdict, note=note, at=AT + timedelta(minutes=minutes), **words
        )

    def publish(self, version: int, *, minutes: int = 0) -> None:
        """Go the whole way."""
        at = AT + timedelta(minutes=minutes)
        review.submit(version_id=version, me=self.author, at=at)
        for angle in review.ANGLES:
            self.judge(version, angle, minutes=minutes + 1)
        review.publish(version_id=version, me=self.operations, at=at + timedelta(minutes=2))


def house(tag: str = "") -> House:
    """Open six accounts."""
    author = Me(operator("AUTHOR", login=f"author{tag}"), "课程作者甲", "AUTHOR")
    reviewers = tuple(Me(operator("REVIEWER", login=f"reviewer{tag}{n}"), "审核员甲", "REVIEWER") for n in range(1, 5))
    return House(author, reviewers, Me(operator("OPERATIONS", login=f"operations{tag}"), "运营甲", "OPERATIONS"))


def successor(version_id: int, **changes: Any) -> int:
    """Write the next draft of a course with the same film."""
    row = CourseVersion.objects.get(pk=version_id)
    lessons = list(Courseware.objects.filter(version_id=version_id))
    row.pk, row.number, row.state, row.submitted_at, row.published_at, row.origin_id = (
        None,
        row.number + 1,
        "DRAFT",
        None,
        None,
        version_id,
    )
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    for lesson in lessons:
        Courseware.objects.create(version=row, no=lesson.no, title=lesson.title, media_id=lesson.media_id)
    cover(row.pk, author_id=row.author_id, at=AT)
    return int(row.pk)
