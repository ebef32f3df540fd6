"""Registers that are in order, for tests that publish."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, Trainer
from public.rights import api as rights
from public.uploads.models import Upload
from public.uploads.stores import name_of
from tests.conftest import NOON

Person = rights.Person
SINCE = date(2020, 1, 1)
DECLARED = "本素材由作者本人独立创作，没有使用他人作品。"
OF_A_FILM = ("TEXT", "FONT", "ANIMATION", "AUDIO")


def facts(kind: str = "TEXT", **changes: Any) -> rights.Facts:
    """One's own work, declared in words and without end."""
    words: dict[str, Any] = {
        "kind": kind,
        "title": f"自制素材 {kind}",
        "holder": "课程作者甲",
        "licence": "OWN",
        "may_transmit": True,
        "statement": DECLARED,
        "valid_from": SINCE,
    }
    return rights.Facts(**{**words, **changes})


def cover(version_id: int, *, author_id: int, at: datetime, kinds: tuple[str, ...] = OF_A_FILM) -> list[int]:
    """Register everything a film needs as the author's own work, without people in it; return the assets' ids."""
    by = Person(author_id, "课程作者甲")
    rights.answer_people(version_id=version_id, people_appear=False, by=by, at=at)
    return [rights.register(version_id=version_id, facts=facts(kind), by=by, at=at) for kind in kinds]


def scan(
    owner_id: int, *, provider_schema: str = "", kind: str = "document", state: str = "READY", data: bytes = b"%PDF-1.7"
) -> UUID:
    """Put a checked upload into the store; returns its uuid."""
    row = Upload.objects.create(
        owner_id=owner_id,
        provider_schema=provider_schema,
        purpose="evidence",
        file_name="授权书.pdf",
        size=len(data),
        part_size=8 << 20,
        state=state,
        kind=kind if state == "READY" else "",
        sha256="0" * 64 if state == "READY" else "",
        content_type="application/pdf",
        created_at=NOON,
        touched_at=NOON,
    )
    if state == "READY":
        default_storage.save(name_of(row), ContentFile(data))
    return row.uuid


def draft(author_id: int = 1, *, code: str = "AQ-CY-ALL-SJ-0921", kinds: tuple[str, ...] = ("VIDEO",), provider: str = "") -> int:
    """Write a draft with one lesson of each kind; returns the version's id."""
    course = Course.objects.create(
        code=code,
        audience="CY",
        industry="通用",
        topic="SJ",
        training_category="从业人员",
        created_at=NOON,
        provider_schema=provider,
    )
    version = CourseVersion.objects.create(
        course=course, number=1, title="受限空间作业安全", format="视频", trainer=Trainer.objects.create(name="讲师甲"),
        author_id=author_id, created_at=NOON, published_at=NOON,
    )  # fmt: skip
    for no, kind in enumerate(kinds, 1):
        made = {"state": "READY", "duration_ms": 60_000, "package": {}, "keys_sealed": b"x"}
        media = MediaAsset.objects.create(kind=kind, updated_at=NOON, **made)
        Courseware.objects.create(version=version, no=no, title=f"第 {no} 课", media=media)
    return int(version.pk)


def move(version_id: int, state: str) -> None:
    """Put a version into a state without its ceremonies."""
    CourseVersion.objects.filter(pk=version_id).update(state=state)
