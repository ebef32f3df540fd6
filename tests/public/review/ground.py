"""A course version that could be submitted: one lesson whose film is ready."""

from __future__ import annotations

from datetime import UTC, datetime

from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, Trainer

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def draft(author_id: int, *, code: str = "AQ-CY-ALL-SJ-0901", ready: bool = True, title: str = "受限空间作业安全") -> int:
    """Write a draft and return the version's id."""
    course = Course.objects.create(
        code=code, audience="CY", industry="通用", topic="SJ", training_category="从业人员", created_at=AT
    )
    version = CourseVersion.objects.create(
        course=course,
        number=1,
        title=title,
        key_points=["先通风、再检测、后作业"],
        legal_basis=["GB 30871-2022"],
        format="视频",
        trainer=Trainer.objects.create(name="讲师甲"),
        author_id=author_id,
        created_at=AT,
    )
    state = {"state": "READY", "duration_ms": 600_000, "package": {}, "keys_sealed": b"x"} if ready else {"state": "QUEUED"}
    Courseware.objects.create(version=version, no=1, title="第一课", media=MediaAsset.objects.create(updated_at=AT, **state))
    return int(version.pk)
