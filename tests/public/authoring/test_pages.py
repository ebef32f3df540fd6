"""The authors' pages on the desk."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infra.kit import clock
from public.audit.models import AuditEvent
from public.catalogue.api import authoring
from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, Topic, Trainer
from public.uploads.models import Upload
from tests.public.authoring.ground import AUTHOR, course, lesson, order, set_state, trainer
from tests.public.desk import desk, inside, operator

ROOT = "/desk/authoring"
HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def me(platform) -> authoring.Writer:
    return authoring.Writer(operator("AUTHOR"), "课程作者甲")


@pytest.fixture
def page(me) -> Client:
    return inside(me.credential_id)


def typed(me: authoring.Writer, **more: Any) -> dict[str, Any]:
    return {
        "audience": "CY", "industry": "C", "topic": "TS", "training_category": "全员专项", "title": "叉车安全驾驶",
        "trainer": trainer(me), "key_points": "看清再动\n\n 限速 ", "legal_basis": "安全生产法第二十八条", "format": "场景视频",
        "difficulty": "基础", "review_cycle_months": "12", **more,
    }  # fmt: skip


@pytest.mark.req("R3.3")
def test_an_author_opens_a_course_and_fills_it(page: Client, me: Any) -> None:
    course(me, title="先有分类")
    answer = page.post(f"{ROOT}/new", typed(me))
    made = CourseVersion.objects.get(title="叉车安全驾驶")
    assert answer["Location"] == f"{ROOT}/versions/{made.pk}"
    assert made.key_points == ["看清再动", "限速"]
    assert AuditEvent.objects.filter(action="course.created", target=f"course-version:{made.pk}").count() == 1
    shown = page.get(answer["Location"]).content.decode()
    assert "还没有课件" in shown
    assert "至少要有一个课件" in shown
    added = page.post(f"{ROOT}/versions/{made.pk}/chapters", {"title": "第一部分"}, **HX).content.decode()
    assert "第一部分" in added
    assert 'id="gaps"' in added
    listed = page.get(ROOT).content.decode()
    assert "叉车安全驾驶" in listed
    assert made.course.code in listed


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": ""}, "必填"),
        ({"title": "长" * 121}, "120"),
        ({"topic": ""}, "必填"),
        ({"audience": "FZ", "industry": "ALL", "topic": "SX"}, "没有这一章"),
        ({"serial": "0"}, ""),
        ({"serial": "1"}, "已被另一门课程使用"),
        ({"key_points": " \n "}, "必填"),
        ({"key_points": "\n".join("一" * 3 for _ in range(21))}, "最多 20 条"),
        ({"key_points": "一" * 121}, "不超过 120 个字"),
        ({"trainer": "999999"}, ""),
        ({"review_cycle_months": "99"}, ""),
        ({"format": "不存在"}, ""),
    ],
)
def test_refuses_a_wrong_form_in_words_and_keeps_what_was_typed(page: Client, me: Any, change: dict[str, str], says: str) -> None:
    course(me, serial=1)
    answer = page.post(f"{ROOT}/new", typed(me, **change))
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert "安全生产法第二十八条" in answer.content.decode()
    assert Course.objects.count() == 1


def test_says_the_first_step_to_whoever_has_no_course_or_trainer(page: Client) -> None:
    assert "还没有课程" in page.get(ROOT).content.decode()
    assert "还没有讲师" in page.get(f"{ROOT}/trainers").content.decode()
    assert "还没有可选的讲师" in page.get(f"{ROOT}/new").content.decode()


@pytest.mark.parametrize(
    ("query", "sees"),
    [
        ("?q=叉车", 1),
        ("?q=没有", 0),
        ("?q=%25", 0),
        ("?state=DRAFT", 1),
        ("?state=PUBLISHED", 0),
        ("?state=NOPE", 0),
        ("?audience=CY&topic=TS", 1),
        ("?audience=FZ", 0),
        ("?page=99", 1),
        ("?page=x", 1),
    ],
)
def test_finds_by_every_filter_and_survives_nonsense(page: Client, me: Any, query: str, sees: int) -> None:
    course(me)
    answer = page.get(f"{ROOT}{query}")
    assert answer.status_code == 200
    assert answer.content.decode().count("叉车安全驾驶") == sees


def test_the_list_costs_the_same_however_many_courses(page: Client, me: Any) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            page.get(ROOT)
        return len(seen)

    course(me)
    few = cost()
    for n in range(5):
        course(me, title=f"课程{n}")
    assert cost() == few <= 9


def test_htmx_answers_with_the_outline_and_a_plain_form_goes_back_to_the_editor(page: Client, me: Any) -> None:
    version = course(me)
    first, second = lesson(version, "甲", by=me), lesson(version, "乙", by=me)
    assert page.post(f"{ROOT}/lessons/{second}/move", {"to": "up"}, **HX).status_code == 200
    assert [title for _no, title in order(version)] == ["乙", "甲"]
    assert page.post(f"{ROOT}/lessons/{second}/move", {"to": "sideways"}, **HX).status_code == 400
    assert page.post(f"{ROOT}/lessons/{first}/rename", {"title": "甲二"})["Location"] == f"{ROOT}/versions/{version}"
    assert page.post(f"{ROOT}/lessons/{first}/rename", {"title": " "}, **HX).status_code == 400
    assert page.post(f"{ROOT}/lessons/{first}/remove", **HX).status_code == 200
    assert order(version) == [(1, "乙")]


def test_progress_of_media_is_shown_and_ends_with_the_gaps(page: Client, me: Any) -> None:
    version = course(me)
    part = lesson(version, "甲", by=me, ready=False)
    url = f"{ROOT}/lessons/{part}/state"
    MediaAsset.objects.filter(coursewares_version(version)).update(state="PROCESSING", progress=40)
    waiting = page.get(url, **HX).content.decode()
    assert "处理中" in waiting
    assert "40%" in waiting
    assert "every 2s" in waiting
    MediaAsset.objects.filter(coursewares_version(version)).update(state="FAILED", error="文件里没有画面")
    failed = page.get(url, **HX).content.decode()
    assert "文件里没有画面" in failed
    assert "再试一次" in failed
    assert 'id="gaps"' in failed
    assert "every 2s" not in failed


def coursewares_version(version: int) -> Any:
    from django.db.models import Q

    return Q(pk__in=Courseware.objects.filter(version=version).values("media_id"))


def upload(owner: int, *, kind: str = "document", schema: str = "", state: str = "READY", name: str = "受限空间.pdf") -> str:
    types = {"document": "application/pdf", "video": "video/mp4", "image": "image/png"}
    row = Upload.objects.create(
        uuid=uuid4(), owner_id=owner, provider_schema=schema, purpose="courseware", file_name=name, size=10, part_size=10,
        state=state, kind=kind, content_type=types[kind], sha256="a" * 64, created_at=clock.now(), touched_at=clock.now(),
    )  # fmt: skip
    return str(row.uuid)


@pytest.mark.req("R3.2")
def test_an_upload_becomes_a_lesson_named_after_its_file(page: Client, me: Any) -> None:
    version = course(me)
    chapter = authoring.add_chapter(version_id=version, title="一", by=me)
    url = f"{ROOT}/versions/{version}/lessons?chapter={chapter}"
    assert "data-upload" in page.get(url).content.decode()
    answer = page.post(url, {"upload": upload(me.credential_id)}, **HX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"{ROOT}/versions/{version}")
    made = Courseware.objects.get(version=version)
    assert (made.title, made.chapter_id, made.media.kind, made.media.state) == ("受限空间", chapter, "DOCUMENT", "QUEUED")
    assert (
        page.post(f"{ROOT}/lessons/{made.pk}/media", {"upload": upload(me.credential_id, kind="video")}, **HX).status_code == 204
    )
    made.refresh_from_db()
    assert made.media.kind == "VIDEO"


@pytest.mark.parametrize("which", ["", "x", "00000000-0000-4000-8000-000000000000", "foreign", "enterprise", "unready", "image"])
def test_refuses_what_was_not_uploaded_here(page: Client, me: Any, which: str) -> None:
    version = course(me)
    made = {
        "foreign": lambda: upload(me.credential_id + 1),
        "enterprise": lambda: upload(me.credential_id, schema="e_jia"),
        "unready": lambda: upload(me.credential_id, state="CHECKING"),
        "image": lambda: upload(me.credential_id, kind="image"),
    }.get(which, lambda: which)()
    assert page.post(f"{ROOT}/versions/{version}/lessons", {"upload": made}, **HX).status_code in {400, 404, 409, 422}
    assert order(version) == []
    assert not MediaAsset.objects.exists()


@pytest.mark.req("R3.3")
def test_submitting_lists_what_is_missing_with_the_way_there(page: Client, me: Any) -> None:
    version = course(me)
    held = CourseVersion.objects.get(pk=version).trainer
    held.qualifications.all().delete()
    lesson(version, "甲", by=me)
    answer = page.post(f"{ROOT}/versions/{version}/submit", follow=True).content.decode()
    assert CourseVersion.objects.get(pk=version).state == "DRAFT"
    assert "还没有登记资格" in answer
    assert f'href="{ROOT}/trainers/{held.pk}"' in answer


def test_a_locked_version_offers_a_new_one_only(page: Client, me: Any) -> None:
    version = course(me)
    set_state(version, "PUBLISHED")
    shown = page.get(f"{ROOT}/versions/{version}").content.decode()
    assert "这一版已锁定" in shown
    assert "添加课件" not in shown
    assert page.get(f"{ROOT}/versions/{version}/lessons").status_code == 409
    assert page.post(f"{ROOT}/versions/{version}/chapters", {"title": "一"}).status_code == 409
    row = CourseVersion.objects.get(pk=version)
    went = page.post(f"{ROOT}/courses/{row.course_id}/next")
    made = CourseVersion.objects.get(course=row.course, number=2)
    assert went["Location"] == f"{ROOT}/versions/{made.pk}"
    again = page.post(f"{ROOT}/courses/{row.course_id}/next")
    assert again["Location"] == f"{ROOT}/versions/{made.pk}", "leads to the draft that is open"
    assert CourseVersion.objects.filter(course=row.course).count() == 2


def test_the_words_of_a_draft_are_changed_on_their_page(page: Client, me: Any) -> None:
    version = course(me)
    url = f"{ROOT}/versions/{version}/words"
    assert "看清再动" in page.get(url).content.decode()
    data = typed(me, title="新名称", key_points="一\n二")
    assert page.post(url, data).status_code == 302
    row = CourseVersion.objects.get(pk=version)
    assert (row.title, row.key_points) == ("新名称", ["一", "二"])
    set_state(version, "IN_REVIEW")
    assert page.post(url, data).status_code == 409


def test_another_authors_pages_are_not_there(page: Client, me: Any) -> None:
    other = authoring.Writer(me.credential_id + 100, "课程作者乙")
    version = course(other)
    chapter = authoring.add_chapter(version_id=version, title="一", by=other)
    part = lesson(version, "甲", by=other, chapter=chapter)
    reads = [f"versions/{version}", f"versions/{version}/words", f"versions/{version}/lessons", f"lessons/{part}/state"]
    writes = [
        f"versions/{version}/submit",
        f"versions/{version}/chapters",
        f"chapters/{chapter}/rename",
        f"lessons/{part}/remove",
    ]
    writes += [f"lessons/{part}/retry", f"lessons/{part}/rename", f"lessons/{part}/media", f"chapters/{chapter}/remove"]
    assert [page.get(f"{ROOT}/{tail}").status_code for tail in reads] == [404] * len(reads)
    assert [page.post(f"{ROOT}/{tail}", {"title": "改", "to": "up"}).status_code for tail in writes] == [404] * len(writes)
    assert "叉车安全驾驶" not in page.get(ROOT).content.decode()
    assert order(version) == [(1, "甲")]


@pytest.mark.parametrize("role", ["REVIEWER", "OPERATIONS"])
def test_other_roles_and_strangers_stay_outside(platform: None, role: str) -> None:
    assert Client(HTTP_HOST="anxue.localhost:8000").get(ROOT)["Location"].startswith("/desk/sign-in")
    assert desk(role).get(ROOT).status_code == 403


def test_trainers_show_when_their_certificates_end(page: Client, me: Any) -> None:
    assert page.post(f"{ROOT}/trainers/new", {"name": "讲师甲"}).status_code == 302
    key = Trainer.objects.get().pk
    url = f"{ROOT}/trainers/{key}"
    wrong = page.post(f"{url}/qualifications", {"title": "一级", "valid_from": "2026-02-01", "valid_to": "2026-01-01"})
    assert wrong.status_code == 422
    assert "不能早于第一天" in wrong.content.decode()
    for tail in ({"title": ""}, {"title": "一级", "valid_from": "昨天"}):
        assert page.post(f"{url}/qualifications", tail).status_code == 422
    good = {"title": "注册安全工程师", "valid_from": "2020-01-01", "valid_to": "2021-01-01"}
    assert page.post(f"{url}/qualifications", good).status_code == 302
    assert "已过期" in page.get(url).content.decode()
    assert "讲师甲" in page.get(f"{ROOT}/trainers?standing=EXPIRED").content.decode()
    assert "没有符合条件的讲师" in page.get(f"{ROOT}/trainers?standing=VALID").content.decode()
    assert page.post(f"{url}/use", {"teaches": "0"}).status_code == 302
    assert "已停用" in page.get(url).content.decode()
    foreign = authoring.add_trainer(name="外单位讲师", about="", by=authoring.Writer(1, "管理员", "e_jia"))
    assert page.get(f"{ROOT}/trainers/{foreign}").status_code == 404
    assert page.post(f"{ROOT}/trainers/{foreign}/qualifications", good).status_code == 404
    assert "外单位讲师" not in page.get(f"{ROOT}/trainers").content.decode()


def test_operations_tend_the_taxonomy_and_authors_read_it(page: Client, me: Any) -> None:
    course(me)
    node = Topic.objects.get(code="CY/C/TS")
    url = f"/desk/topics/{node.pk}"
    assert "这一章下有 1 门课程" in page.get(url).content.decode()
    assert page.post(url, {"title": "改名", "position": "3"}).status_code == 403
    assert page.post(f"{url}/use", {"use": "0"}).status_code == 403
    operations = desk("OPERATIONS")
    assert "从业人员" in operations.get("/desk/topics").content.decode()
    assert operations.post(url, {"title": "", "position": "3"}).status_code == 422
    assert operations.post(url, {"title": "叉车与特种设备", "position": "3"}).status_code == 302
    assert operations.post(f"{url}/use", {"use": "0"}).status_code == 302
    node.refresh_from_db()
    assert (node.title, node.retired_at is not None) == ("叉车与特种设备", True)
    assert operations.get("/desk/topics/99999999").status_code == 404
    assert AUTHOR.provider_schema == ""


@pytest.mark.parametrize("query", ["?q=%00", "?topic=%00"])
def test_refuses_what_the_database_cannot_keep_before_the_page_reads_it(page: Client, me: Any, query: str) -> None:
    assert page.get(f"{ROOT}{query}").status_code == 400
    assert page.post(f"{ROOT}/new", typed(me, title="空\0")).status_code == 400


def test_the_queues_of_an_authors_home_lead_to_their_own_courses(page: Client, me: Any) -> None:
    course(me)
    home = page.get("/desk/").content.decode()
    assert f"{ROOT}?state=DRAFT" in home
    assert "/desk/courses?state=" not in home
