"""Courses that an enterprise writes: in its console, for itself or for all, seen by nobody else before they are published."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from infra.kit import clock
from public.audit.models import AuditEvent
from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from public.catalogue.models import Course, CourseVersion, MediaAsset, Trainer
from public.review.models import Finding, Submission
from public.rights import api as rights
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground as tenant
from tests.public.authoring.ground import course, lesson, order, set_state
from tests.public.authoring.test_pages import HX, typed, upload
from tests.public.desk import desk
from tests.public.rights.ground import facts

ROOT = "/console/courses/own"


@pytest.fixture
def manager(in_jia: Any) -> Any:
    return tenant.manager_browser(in_jia)


@pytest.fixture
def by(in_jia: Any) -> authoring.Writer:
    return authoring.Writer(1, "安全员", in_jia.schema_name)


@pytest.fixture
def own(by: authoring.Writer) -> int:
    with platform_scope():
        version = course(by, title="本厂冲压安全", is_private=True)
        lesson(version, "甲", by=by)
    return version


@pytest.mark.parametrize("private", [True, False])
def test_a_manager_writes_a_course_for_the_enterprise(manager: Any, by: Any, in_jia: Any, own: int, private: bool) -> None:
    with platform_scope():
        data = typed(by, title="本厂叉车安全", **({"is_private": "on"} if private else {}))
    answer = manager.post(f"{ROOT}/new", data)
    assert answer.status_code == 302, answer.content.decode()
    shown = manager.get(answer["Location"])
    assert shown.status_code == 200
    assert "本厂叉车安全" in manager.get(ROOT).content.decode()
    with platform_scope():
        made = CourseVersion.objects.select_related("course").get(title="本厂叉车安全")
        assert (made.course.provider_schema, made.course.is_private) == (in_jia.schema_name, private)
        assert (made.author_id, made.visible_to) == (authoring.ENTERPRISE_AUTHOR, in_jia.schema_name if private else "")
        assert catalogue.codes.is_valid(made.course.code)
        assert AuditEvent.objects.filter(action="course.created", schema_name=in_jia.schema_name).exists()


def test_the_console_frame_and_its_pages_stand(manager: Any, own: int) -> None:
    for tail in (
        "",
        "/new",
        "/trainers",
        "/trainers/new",
        f"/versions/{own}",
        f"/versions/{own}/words",
        f"/versions/{own}/lessons",
    ):
        page = manager.get(f"{ROOT}{tail}")
        assert page.status_code == 200, tail
        assert "培训计划" in page.content.decode(), "the console's menu"


def test_an_upload_of_the_enterprise_becomes_a_lesson_that_no_operator_owns(manager: Any, own: int, in_jia: Any) -> None:
    with platform_scope():
        theirs = upload(7, schema=in_jia.schema_name)
        platforms = upload(7)
    assert manager.post(f"{ROOT}/versions/{own}/lessons", {"upload": platforms}, **HX).status_code == 404
    assert manager.post(f"{ROOT}/versions/{own}/lessons", {"upload": theirs}, **HX).status_code == 204
    with platform_scope():
        assert MediaAsset.objects.get(upload=theirs).owner_id == authoring.ENTERPRISE_AUTHOR


def test_learners_and_strangers_stay_outside(in_jia: Any, own: int) -> None:
    assert tenant.browser(in_jia).get(ROOT)["Location"].startswith("/sign-in")
    learner = tenant.learner_browser(in_jia, tenant.learner(1))
    assert learner.get(ROOT).status_code == 403
    assert learner.post(f"{ROOT}/versions/{own}/chapters", {"title": "一"}).status_code == 403


def test_the_neighbour_sees_and_changes_nothing(db: None, jia: Any, yi: Any, own: int) -> None:
    neighbour = tenant.manager_browser(yi)
    with platform_scope():
        version = CourseVersion.objects.get(pk=own)
        part = version.coursewares.get().pk
        theirs = upload(1, schema=jia.schema_name)
    assert "本厂冲压安全" not in neighbour.get(ROOT).content.decode()
    assert "讲师甲" not in neighbour.get(f"{ROOT}/trainers").content.decode()
    reads = [f"versions/{own}", f"versions/{own}/words", f"versions/{own}/lessons", f"lessons/{part}/state"]
    reads += [f"trainers/{version.trainer_id}"]
    writes = [f"versions/{own}/submit", f"versions/{own}/chapters", f"lessons/{part}/remove", f"lessons/{part}/rename"]
    writes += [f"courses/{version.course_id}/next", f"trainers/{version.trainer_id}", f"trainers/{version.trainer_id}/use"]
    assert [neighbour.get(f"{ROOT}/{tail}").status_code for tail in reads] == [404] * len(reads)
    posted = [neighbour.post(f"{ROOT}/{tail}", {"title": "改", "name": "改"}).status_code for tail in writes]
    assert posted == [404] * len(writes)
    with platform_scope():
        assert order(own) == [(1, "甲")]
        mine = course(authoring.Writer(1, "管理员", yi.schema_name), title="乙的课")
    assert neighbour.post(f"{ROOT}/versions/{mine}/lessons", {"upload": theirs}, **HX).status_code == 404
    for by_trainer in (version.trainer_id, 999_999):
        with platform_scope():
            data = typed(authoring.Writer(1, "管理员", yi.schema_name), title="借讲师") | {"trainer": by_trainer}
        assert neighbour.post(f"{ROOT}/new", data).status_code == 422


def test_a_private_course_reaches_only_its_own_enterprise_once_published(db: None, jia: Any, yi: Any, own: int) -> None:
    def seen(site: Any) -> bool:
        with enterprise_scope(site):
            return any(card.version_id == own for card in catalogue.published())

    assert not seen(jia), "a draft is for nobody"
    with platform_scope():
        set_state(own, "PUBLISHED")
    assert (seen(jia), seen(yi)) == (True, False)
    with enterprise_scope(yi):
        assert not Course.objects.filter(versions=own).exists()
        assert not Trainer.objects.filter(name="讲师甲", provider_schema=jia.schema_name).exists()


def test_a_course_offered_to_all_reaches_the_neighbour_once_published(db: None, jia: Any, yi: Any) -> None:
    with platform_scope():
        version = course(authoring.Writer(1, "安全员", jia.schema_name), title="开放给大家")
        set_state(version, "PUBLISHED")
    with enterprise_scope(yi):
        assert [card.trainer for card in catalogue.published() if card.version_id == version] == ["讲师甲"]


def test_an_operator_with_the_managers_number_does_not_own_the_enterprises_course(own: int) -> None:
    with platform_scope():
        author = desk("AUTHOR")
        assert "本厂冲压安全" not in author.get("/desk/authoring").content.decode()
        assert author.get(f"/desk/authoring/versions/{own}").status_code == 404


VTT = """WEBVTT

00:00.000 --> 00:30.000
先通风再检测

00:30.000 --> 01:00.000
合格后才能进入
"""


def test_subtitles_are_imported_from_a_file_and_checked(manager: Any, own: int, by: Any) -> None:
    with platform_scope():
        part = CourseVersion.objects.get(pk=own).coursewares.get()
        MediaAsset.objects.filter(pk=part.media_id).update(kind="VIDEO")
    url = f"{ROOT}/lessons/{part.pk}/subtitles"
    assert "还没有中文字幕" in manager.get(url).content.decode()
    assert url in manager.get(f"{ROOT}/versions/{own}").content.decode()
    for bad in (b"", b"\x00\xff" * 40, b"no subtitles here"):
        assert manager.post(url, {"file": SimpleUploadedFile("a.vtt", bad)}).status_code == 422
    assert manager.post(url, {}).status_code == 422
    assert manager.post(url, {"file": SimpleUploadedFile("a.vtt", b"x" * ((2 << 20) + 1))}).status_code == 422
    answer = manager.post(url, {"file": SimpleUploadedFile("a.srt", VTT.encode("gbk"))})
    assert answer.status_code == 200, answer.content.decode()
    assert "还没有中文字幕" not in answer.content.decode()


def test_rights_are_registered_in_the_console_and_the_neighbour_sees_none(db: None, jia: Any, yi: Any, own: int) -> None:
    url = f"/console/courses/own/rights/{own}"
    with enterprise_scope(jia):
        mine = tenant.manager_browser(jia)
    assert mine.get(url).status_code == 200
    assert mine.get("/console/courses/own/rights").status_code == 200
    neighbour = tenant.manager_browser(yi)
    assert neighbour.get(url).status_code == 404
    assert "本厂冲压安全" not in neighbour.get("/console/courses/own/rights").content.decode()


def test_the_overview_of_its_own_enterprise_warns_sixty_days_before_a_term_ends(db: None, jia: Any, yi: Any, own: int) -> None:
    by, today = rights.Person(authoring.ENTERPRISE_AUTHOR, "安全员", jia.schema_name), clock.shanghai_date(clock.now())
    words = {"statement": "本素材由本企业独立拍摄完成。", "valid_from": date(2020, 1, 1), "valid_to": today + timedelta(days=60)}
    with platform_scope():
        rights.register(version_id=own, facts=facts("AUDIO", **words), by=by, at=clock.now())
    with enterprise_scope(jia):
        mine = tenant.manager_browser(jia)
    with enterprise_scope(yi):
        neighbour = tenant.manager_browser(yi)
    said = "自编课程有 1 项版权 60 天内到期"
    assert said not in mine.get("/console").content.decode(), "a draft needs no warning"
    with platform_scope():
        set_state(own, "PUBLISHED")
    assert said in mine.get("/console").content.decode()
    assert "素材" in mine.get("/console/courses/own/rights?state=soon&stage=PUBLISHED").content.decode()
    assert "60 天内到期" not in neighbour.get("/console").content.decode()


def test_a_manager_answers_what_the_review_found(manager: Any, own: int, yi: Any) -> None:
    with platform_scope():
        set_state(own, "IN_REVIEW")
        row = CourseVersion.objects.get(pk=own)
        submission = Submission.objects.create(
            version=row, number=1, content={}, digest="0" * 64, by_id=0, by_name="安全员", at=row.submitted_at
        )
        found = Finding.objects.create(
            version=row, submission=submission, angle="FIT", place="WHOLE", severity="MUST", text="例子不合本行业",
            by_id=9, by_name="审核员甲", at=row.submitted_at,
        )  # fmt: skip
        set_state(own, "DRAFT")
    assert "例子不合本行业" in manager.get(f"{ROOT}/versions/{own}").content.decode()
    url = f"{ROOT}/versions/{own}/findings/{found.pk}"
    assert tenant.manager_browser(yi).post(url, {"text": "已经换成别的例子"}).status_code == 404
    assert manager.post(f"{ROOT}/versions/{own}/findings/999999", {"text": "已经换成别的例子"}).status_code == 404
    assert manager.post(url, {"text": "好"}).status_code == 302
    with platform_scope():
        assert Finding.objects.get(pk=found.pk).state == "OPEN", "too short an answer"
    assert manager.post(url, {"text": "已经换成本厂的例子"}).status_code == 302
    with platform_scope():
        assert Finding.objects.get(pk=found.pk).state == "ANSWERED"
    assert "已经换成本厂的例子" in manager.get(f"{ROOT}/versions/{own}").content.decode()
