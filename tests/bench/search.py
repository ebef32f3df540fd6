"""How fast an enterprise finds a course among 20,000. Budget: p95 < 100 ms.

Each question is asked through `public.search` as an enterprise's own role and, in the same run, as a plain
``title ILIKE '%…%'`` with a count, which finds no synonym, no misspelling and no pinyin: the ratio is the price of those.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from itertools import product
from typing import Any

from django.db import connection

from infra.kit import clock
from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, Trainer
from public.search import api as search
from public.search.models import Entry
from tenants.api import resolve
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import host_of
from tests.bench.ground import PREFIX, ensure_enterprises, percentile, say

VERSIONS, ROUNDS, SEED, _STEP = 20_000, 6, 7, 1000
PLACES = ("工贸企业", "化工企业", "建筑施工", "仓储物流", "机械加工", "纺织印染", "金属冶炼", "食品加工", "电子制造", "木材加工")
SUBJECTS = (
    "有限空间作业", "动火作业", "叉车驾驶", "高处作业", "三级安全教育", "危险化学品储存", "粉尘防爆", "起重吊装", "临时用电", "机械防护",
    "消防器材使用", "职业病防护", "应急疏散演练", "隐患排查治理", "承包商管理", "特种设备使用", "班组安全管理", "检维修作业", "盲板抽堵", "动土作业",
)  # fmt: skip
WAYS = ("基础知识", "案例警示", "操作规程", "监护要点", "事故应急", "法规解读", "现场实务", "岗前培训", "复训", "专题讲座")
POINTS = (
    "先通风再检测后作业",
    "作业票审批",
    "监护人职责",
    "气体检测",
    "能量隔离",
    "劳动防护用品",
    "应急处置",
    "风险辨识",
    "安全带高挂低用",
    "上锁挂牌",
)
QUESTIONS: dict[str, list[tuple[str, dict[str, list[str]]]]] = {
    "exact": [("化工企业有限空间作业监护要点", {}), ("动火作业", {}), ("叉车驾驶 案例", {}), ("盲板抽堵", {}), ("安全", {})],
    "synonym": [("受限空间", {}), ("焊接切割", {}), ("入厂培训", {}), ("高空作业", {}), ("場內機動車", {})],
    "typo": [("有线空间作业", {}), ("动伙作业", {}), ("三集教育", {}), ("有根空间", {}), ("粉尘访爆", {})],
    "letters": [("yxkj", {}), ("dhzy", {}), ("chache", {}), ("youxiankongjian", {}), ("youxankongjian", {})],
    "facets": [
        ("", {}),
        ("", {"audience": ["CY"]}),
        ("作业", {"industry": ["制造业"], "hours": ["0", "1"]}),
        ("", {"trainer": ["讲师7"]}),
    ],
}


def run(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``versions``, ``p50_ms``, ``p95_ms``, ``worst_ms``, p95 of each kind of question, and the ratio to the bare ILIKE."""
    ensure_enterprises(1)
    with platform_scope():
        versions = _fill()
    site = resolve(host_of(f"{PREFIX}{0:05d}x"))
    assert site
    took: dict[str, list[float]] = {kind: [] for kind in QUESTIONS}
    bare: list[float] = []
    with enterprise_scope(site):
        for turn in range(ROUNDS + 1):
            for kind, questions in QUESTIONS.items():
                for text, chosen in questions:
                    ours = _timed(lambda text=text, chosen=chosen: _must(search.find(text, chosen=chosen).total, text))  # type: ignore[misc]
                    plain = _timed(lambda text=text: _ilike(text))  # type: ignore[misc]
                    if turn:  # the first turn warms caches up
                        took[kind].append(ours)
                        bare.append(plain)
    every = [ms for times in took.values() for ms in times]
    return {
        "versions": versions,
        "p50_ms": percentile(every, 0.5),
        "p95_ms": percentile(every, 0.95),
        "worst_ms": round(max(every), 1),
        "p95_ms_by_kind": {kind: percentile(times, 0.95) for kind, times in took.items()},
        "ilike_p50_ms": percentile(bare, 0.5),
        "ilike_p95_ms": percentile(bare, 0.95),
        "ratio_p50_to_ilike": round(percentile(every, 0.5) / max(0.1, percentile(bare, 0.5)), 2),
        "questions": len(every),
    }


def _must(total: int, text: str) -> None:
    assert total, f"nothing found for {text!r}"


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _ilike(text: str) -> None:
    """Do what a list without a search engine does: one page and the count of titles that hold the text."""
    like = f"%{text}%"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.id, v.title, c.code FROM catalogue_courseversion v JOIN catalogue_course c ON c.id = v.course_id "
            "WHERE v.state = 'PUBLISHED' AND v.title ILIKE %s ORDER BY v.published_at DESC, v.id LIMIT 20",
            [like],
        )
        cursor.fetchall()
        cursor.execute("SELECT count(*) FROM catalogue_courseversion WHERE state = 'PUBLISHED' AND title ILIKE %s", [like])
        cursor.fetchone()


def _fill() -> int:
    """Publish and index made-up courses until there are 20,000; what a former run made is kept."""
    have, began = CourseVersion.objects.filter(state="PUBLISHED").count(), time.monotonic()
    if have < VERSIONS:
        say(f"writing {VERSIONS - have} versions")
        _write(have)
    written = search.reindex(
        at=clock.now(), progress=lambda last, step: say(f"indexed up to version {last}") if last % _STEP == 0 else None
    )
    if written:
        with owner_connection() as db:
            db.execute("VACUUM ANALYZE")
        say(f"filled in {time.monotonic() - began:.0f} s")
    return Entry.objects.filter(is_open=True).count()


def _write(have: int) -> None:
    chance, at = random.Random(SEED), clock.now()
    trainers = [Trainer.objects.get_or_create(name=f"讲师{n}")[0] for n in range(40)]
    titles = [f"{place}{subject}{way}" for place, subject, way in product(PLACES, SUBJECTS, WAYS)]
    for start in range(have, VERSIONS, _STEP):
        numbers = range(start, min(VERSIONS, start + _STEP))
        courses = Course.objects.bulk_create(
            Course(
                code=f"AQ-BENCH-{n:06d}", audience=chance.choice(("CY", "GL", "FZ", "BZ", "TZ")), training_category="全员专项",
                industry=chance.choice(("通用", "制造业", "建筑业", "化工")), topic=chance.choice(("YX", "DH", "TS", "GC", "SJ", "WH")),
                created_at=at,
            )
            for n in numbers
        )  # fmt: skip
        versions = CourseVersion.objects.bulk_create(
            CourseVersion(
                course=course, number=1, title=f"{titles[n % len(titles)]}（第 {n // len(titles) + 1} 辑）",
                key_points=chance.sample(POINTS, 4), format="视频", trainer=chance.choice(trainers), author_id=1, created_at=at,
                published_at=at,
            )
            for n, course in zip(numbers, courses, strict=True)
        )  # fmt: skip
        media = MediaAsset.objects.bulk_create(
            MediaAsset(
                state="READY", duration_ms=chance.randrange(300_000, 12_000_000), package={}, keys_sealed=b"x", updated_at=at
            )
            for _n in numbers
        )
        Courseware.objects.bulk_create(
            Courseware(version=version, no=1, title=f"{chance.choice(SUBJECTS)}概述", media=film)
            for version, film in zip(versions, media, strict=True)
        )
        CourseVersion.objects.filter(pk__in=[version.pk for version in versions]).update(state="PUBLISHED")
