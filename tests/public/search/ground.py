"""A small catalogue that can be searched, and courses of every state."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from infra.kit import clock
from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, Trainer
from public.search import api as search
from tenants.scope import platform_scope
from tests.conftest import NOON


def course(code: str, title: str, *, points: tuple[str, ...] = (), trainer: str = "讲师甲", lesson: str = "第一课",
           state: str = "PUBLISHED", only: str = "", audience: str = "CY", industry: str = "通用", topic: str = "FL",
           length: int = 600_000, at: datetime = NOON, index: bool = True) -> int:  # fmt: skip
    """Write one version and index it; returns its id. ``only`` is the schema of the enterprise it is private to."""
    with platform_scope():
        teacher, _made = Trainer.objects.get_or_create(name=trainer)
        row, _made = Course.objects.get_or_create(
            code=code,
            defaults={
                "audience": audience, "industry": industry, "topic": topic, "training_category": "全员专项", "created_at": at,
                "provider_schema": only, "is_private": bool(only),
            },
        )  # fmt: skip
        version = CourseVersion.objects.create(
            course=row, number=row.versions.count() + 1, title=title, key_points=list(points), format="视频",
            trainer=teacher, author_id=1, created_at=at, published_at=at, visible_to=only,
        )  # fmt: skip
        media = MediaAsset.objects.create(
            uuid=uuid4(), state="READY", duration_ms=length, package={}, keys_sealed=b"x", updated_at=at
        )
        Courseware.objects.create(version=version, no=1, title=lesson, media=media)
        CourseVersion.objects.filter(pk=version.pk).update(state=state)
        if index:
            search.refresh([version.pk], at=clock.now())
    return int(version.pk)


def catalogue() -> dict[str, int]:
    """Write seven courses; returns title -> version id."""
    rows: list[dict[str, Any]] = [
        {"title": "工贸企业有限空间作业安全", "points": ("先通风再检测后作业", "监护人职责"), "trainer": "吴昊", "topic": "YX"},
        {"title": "动火作业安全与监护", "points": ("动火分析", "监火人"), "trainer": "钱军", "topic": "DH", "length": 3_000_000},
        {
            "title": "场内专用机动车辆（叉车）安全",
            "points": ("载荷中心",),
            "trainer": "马超",
            "topic": "TS",
            "industry": "制造业",
        },
        {"title": "高处作业安全与安全带使用", "points": ("安全带高挂低用",), "trainer": "何勇", "topic": "GC"},
        {
            "title": "新员工三级安全教育（厂级）",
            "points": ("岗位风险告知",),
            "trainer": "周琳",
            "topic": "SJ",
            "length": 6_000_000,
        },
        {"title": "危险化学品基础与SDS、安全标签", "points": ("GHS 象形图",), "trainer": "林海", "topic": "WH", "audience": "GL"},
        {
            "title": "班组长安全管理",
            "points": ("交接班", "叉车现场管理"),
            "lesson": "有限空间的班前会",
            "trainer": "赵 强",
            "audience": "BZ",
        },
    ]
    return {row["title"]: course(f"AQ-T-{at:04d}", **row) for at, row in enumerate(rows, 1)}
