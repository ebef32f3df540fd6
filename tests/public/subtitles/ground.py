"""Films with and without subtitles."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, Trainer
from public.subtitles import api as subtitles
from public.subtitles.api import Cue
from tests.conftest import NOON

FILM_MS = 60_000
WORDS = "进入受限空间前，先通风、再检测、后作业"


def cues(duration_ms: int = FILM_MS, *, length_ms: int = 6_000, text: str = WORDS) -> list[Cue]:
    """Subtitles without a fault, one every six seconds."""
    starts = range(0, duration_ms, length_ms)
    return [Cue(start, min(start + length_ms, duration_ms), text) for start in starts]


def film(
    author_id: int = 1, *, code: str = "AQ-CY-ALL-SJ-0911", state: str = "DRAFT", kind: str = "VIDEO", ready: bool = True
) -> Any:
    """Write a version with one lesson; returns the lesson."""
    course = Course.objects.create(
        code=code, audience="CY", industry="通用", topic="SJ", training_category="从业人员", created_at=NOON
    )
    version = CourseVersion.objects.create(
        course=course, number=1, title="受限空间作业安全", key_points=["先通风"], legal_basis=["GB 30871-2022"], format="视频",
        trainer=Trainer.objects.create(name="讲师甲"), author_id=author_id, created_at=NOON, published_at=NOON,
    )  # fmt: skip
    made = {"state": "READY", "duration_ms": FILM_MS, "package": {"init": "init.mp4", "segments": []}, "keys_sealed": b"x"}
    media = MediaAsset.objects.create(uuid=uuid4(), kind=kind, updated_at=NOON, **(made if ready else {}))
    lesson = Courseware.objects.create(version=version, no=1, title="第一课", media=media)
    move(lesson, state)
    return lesson


def move(lesson: Any, state: str) -> None:
    """Put the lesson's version into a state without its ceremonies."""
    CourseVersion.objects.filter(pk=lesson.version_id).update(state=state)


def subtitle(version_id: int) -> None:
    """Give every playable film of a version that has no subtitles some that are in order, so that it may be published."""
    media = MediaAsset.objects.filter(courseware__version_id=version_id, state="READY", subtitle_tracks=None)
    for one in media.exclude(kind="DOCUMENT").distinct():
        whole = [Cue(0, one.duration_ms or 0, WORDS)]
        subtitles.save(media_id=one.pk, cues=whole, expected_revision=0, by=subtitles.Editor(), at=NOON)
