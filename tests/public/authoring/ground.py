"""Authors with a qualified trainer, and drafts that only lack what a test takes away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from infra.kit.errors import DomainError
from public.catalogue.api import authoring
from public.catalogue.models import CourseVersion, Courseware, MediaAsset
from public.catalogue.services import load_topics


@contextmanager
def refused(words: str) -> Iterator[pytest.ExceptionInfo[DomainError]]:
    """The block is refused, and the person reads ``words``."""
    with pytest.raises(DomainError) as refusal:
        yield refusal
    assert words in str(refusal.value.message)


AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DAY = date(2026, 11, 20)
AUTHOR = authoring.Writer(1, "课程作者甲")
COLLEAGUE = authoring.Writer(2, "课程作者乙")


def trainer(by: authoring.Writer = AUTHOR, *, name: str = "讲师甲", until: date | None = date(2030, 12, 31)) -> int:
    """A trainer whose certificate began in 2026."""
    key = authoring.add_trainer(name=name, about="", by=by)
    authoring.add_qualification(
        trainer_id=key, title="注册安全工程师", number="", issuer="", valid_from=date(2026, 1, 1), valid_to=until, by=by
    )
    return key


def words(trainer_id: int, *, title: str = "叉车安全驾驶") -> authoring.Draft:
    return authoring.Draft(title, ["看清再动"], ["安全生产法第二十八条"], "场景视频", "基础", [], 12, trainer_id)


def course(by: authoring.Writer = AUTHOR, *, title: str = "叉车安全驾驶", place: str = "CY/C/TS", **more: object) -> int:
    """A new course; returns the draft's id."""
    load_topics()
    return authoring.create_course(
        place=place, training_category="全员专项", draft=words(trainer(by), title=title), by=by, at=AT, **more
    )  # type: ignore[arg-type]


def media(*, ready: bool = True, kind: str = "DOCUMENT") -> int:
    state = {"state": "READY", "duration_ms": 60_000, "package": {}, "keys_sealed": b"x", "progress": 100} if ready else {}
    return int(MediaAsset.objects.create(uuid=uuid4(), kind=kind, updated_at=AT, **state).pk)


def lesson(version_id: int, title: str, *, by: authoring.Writer = AUTHOR, chapter: int | None = None, ready: bool = True) -> int:
    return authoring.add_lesson(version_id=version_id, title=title, media_id=media(ready=ready), chapter_id=chapter, by=by)


def order(version_id: int) -> list[tuple[int, str]]:
    """Lessons as they are numbered."""
    return list(Courseware.objects.filter(version_id=version_id).order_by("no").values_list("no", "title"))


def set_state(version_id: int, state: str) -> None:
    """Put a version where only the review could: for tests that are not about the review."""
    dates = {} if state == "DRAFT" else {"submitted_at": AT, "published_at": AT}
    CourseVersion.objects.filter(pk=version_id).update(state=state, **dates)
