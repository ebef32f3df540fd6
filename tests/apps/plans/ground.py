"""Ground shared by the tests of plans, exams and records: a small real catalogue, learners, confirmed time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from apps.people import api as people
from apps.plans import api as plans
from apps.plans.dashboards import filters, heat, queries
from infra.kit import clock
from tenants.scope import platform_scope

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HOUR_MS = 2_700_000
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(n: int) -> str:
    """A well-formed made-up ID; each ``n`` (0-999) another person."""
    body = f"33010619900307{n:03d}"
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, _WEIGHTS, strict=True)) % 11]


def learner(n: int, name: str = "", **more: Any) -> Any:
    """Add one learner to the current enterprise."""
    words = {"name": name or f"学员{'甲乙丙丁戊己庚辛壬癸'[n % 10]}", "role": "CY"} | more
    return people.add_learner(id_number=resident_id(n), mobile=f"1380000{n:04d}", at=NOON, **words)


def make_course(
    code: str,
    *,
    title: str = "新员工安全须知",
    lessons: tuple[int, ...] = (60_000,),
    state: str = "PUBLISHED",
    trainer: str = "教师甲",
) -> int:
    """Put one course with measured lessons (lengths in ms; 0 = still being made) into the catalogue; return the version id."""
    from public.catalogue import models as c
    from public.search import api as search

    with platform_scope():
        teacher = c.Trainer.objects.create(name=trainer)
        course = c.Course.objects.create(
            code=code, audience="CY", industry="通用", topic="FL", training_category="从业人员", created_at=NOON
        )
        version = c.CourseVersion.objects.create(
            course=course, number=1, title=title, format="视频", question_topics=[f"题目-{code}"],
            trainer=teacher, author_id=1, created_at=NOON, published_at=NOON,
        )  # fmt: skip
        for no, length in enumerate(lessons, 1):
            ready = {"state": "READY", "duration_ms": length, "package": {}, "keys_sealed": b"x"} if length else {}
            media = c.MediaAsset.objects.create(uuid=uuid4(), updated_at=NOON, **ready)
            c.Courseware.objects.create(version=version, no=no, title=f"第 {no} 节", media=media)
        c.CourseVersion.objects.filter(pk=version.pk).update(state=state)
        search.refresh([version.pk], at=NOON)
    return int(version.pk)


def make_questions(code: str, n: int = 12, kind: str = "single") -> None:
    """Fill the bank for a course: the right option always reads 「对的」."""
    from tests.public.questions.ground import published

    options = [{"key": key, "text": text} for key, text in zip("ABCD", ("对的", "错的一", "错的二", "错的三"), strict=True)]
    with platform_scope():
        for i in range(n):
            published(
                f"{code[-6:]}-{i}", kind, topic=f"题目-{code}", difficulty=1, stem=f"第 {i} 题怎样做才安全？",
                options=options, answer=["A"], explanation="要先断电再作业。", basis="安全生产法第五十七条",
            )  # fmt: skip


def requirement(stage: str = "EVENT", *, hours: int | None = None, code: str = "CY-TEST") -> int:
    """Add one row of the law, or change the one that is there, and return its id."""
    from public.catalogue.models import TrainingRequirement

    with platform_scope():
        said = {"title": "从业人员专项培训", "hours": hours, "suggested_hours": hours or 4, "basis": "安全生产法第二十八条"}
        row, _is_new = TrainingRequirement.objects.update_or_create(
            code=code, stage=stage, valid_from=date(2020, 1, 1), defaults=said
        )
    return int(row.pk)


def order(**changes: Any) -> plans.PlanOrder:
    """A valid order: one short course, five questions."""
    if "version_ids" not in changes:
        changes["version_ids"] = [make_course("AQ-CY-T1")]
        make_questions("AQ-CY-T1")
    if "requirement_id" not in changes:
        changes["requirement_id"] = requirement()
    base = {"title": "新员工专项培训", "due_on": NOON.date() + timedelta(days=30), "exam_questions": 5}
    return plans.PlanOrder(**{**base, **changes})


def open_plan(who: plans.Who | None = None, **changes: Any) -> UUID:
    """Open a plan from :func:`order`."""
    return plans.open_plan(order=order(**changes), who=who or plans.Who(), by="安全员", at=NOON)


def confirm(learner_id: int, courseware_id: int, ms: int) -> None:
    """Let the learner have watched the first ``ms`` of a courseware."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO learning_coverage (learner_id, courseware_id, duration_ms, spans, position_ms, updated_at) "
            "VALUES (%s, %s, %s, int8multirange(int8range(0, %s)), 0, %s) "
            "ON CONFLICT (learner_id, courseware_id) DO UPDATE SET spans = EXCLUDED.spans",
            [learner_id, courseware_id, 10_000_000, ms, NOON],
        )


def learn_all(view: plans.AssignmentView) -> None:
    """Let the learner have watched every courseware of the plan to its end."""
    for course in view.courses:
        for lesson in course.lessons:
            confirm(view.learner_id, lesson.id, lesson.duration_ms)


def browser(site: Any, credential: Any = None) -> Any:
    """A browser on an enterprise's host, signed in as ``credential``."""
    from django.test import Client

    from tenants.scope import enterprise_scope

    client = Client(HTTP_HOST=site.host)
    if credential is not None:
        with enterprise_scope(site):
            client.force_login(credential)
    return client


def manager_browser(site: Any) -> Any:
    """A browser signed in as the enterprise's 安全员 (made if there is none)."""
    from apps.people.models import Manager
    from tenants.scope import enterprise_scope

    with enterprise_scope(site):
        found = Manager.objects.select_related("credential").first()
        credential = found.credential if found else people.open_owner(name="安全员", mobile="13900000001", password=None, at=NOON)
    return browser(site, credential)


def learner_browser(site: Any, view: Any) -> Any:
    """A browser signed in as a learner."""
    from apps.people.models import Learner
    from tenants.scope import enterprise_scope

    with enterprise_scope(site):
        credential = Learner.objects.select_related("credential").get(pk=view.id).credential
    return browser(site, credential)


def numbers(today: date) -> queries.Overview:
    """Return the overview's numbers of a day, about everybody."""
    asked = filters.read({}, within=None, at=clock.shanghai_midnight(today))
    return queries.overview(asked, heat.heat(asked))
