"""News about courses in use: who sees it, what it advises, what has been read. A neighbour without the course sees nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.plans import notices
from apps.plans.models import NoticeRead
from public.catalogue import api as catalogue
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground

LATER = ground.NOON + timedelta(days=1)


@pytest.fixture
def manager(in_jia: Any) -> Any:
    return ground.manager_browser(in_jia)


@pytest.fixture
def version(in_jia: Any) -> int:
    """A published course with which 甲 has a running plan."""
    found = ground.make_course("AQ-CY-N1", title="叉车安全操作")
    ground.make_questions("AQ-CY-N1")
    ground.learner(1)
    ground.open_plan(version_ids=[found])
    return found


def tell(version: int, kind: str = "RETIRED", text: str = "课程“叉车安全操作”已下架。", *, days: int = 1) -> int:
    with platform_scope():
        return catalogue.notify(version_id=version, kind=kind, text=text, at=ground.NOON + timedelta(days=days))


def text(client: Any, path: str = "/console/notices") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("kind", list(notices.KINDS))
def test_every_kind_says_what_to_do_next(manager: Any, version: int, kind: str) -> None:
    tell(version, kind, "平台说了一件事。")
    page = text(manager)
    for words in (
        "叉车安全操作",
        "平台说了一件事。",
        str(notices.KINDS[kind][0]),
        str(notices.KINDS[kind][3]),
        "1 个进行中的计划",
    ):
        assert words in page


def test_an_enterprise_without_news_is_told_that_all_is_well(manager: Any, version: int) -> None:
    assert "没有课程通知" in text(manager)
    assert "课程通知没有读" not in text(manager, "/console")


def test_the_overview_counts_what_is_unread_until_it_is_read(manager: Any, version: int) -> None:
    first, _second = tell(version), tell(version, "LAW", "所引条款已修订。", days=2)
    assert "有 2 条课程通知没有读" in text(manager, "/console")
    manager.post("/console/notices/read", {"notice": first})
    assert "有 1 条课程通知没有读" in text(manager, "/console")
    unread = text(manager, "/console/notices?unread=1")
    assert "所引条款已修订。" in unread
    assert "已下架。" not in unread
    manager.post("/console/notices/read")
    manager.post("/console/notices/read")
    assert "课程通知没有读" not in text(manager, "/console")
    assert NoticeRead.objects.count() == 2


def test_the_neighbour_without_the_course_sees_nothing_and_cannot_mark_it(version: int, in_jia: Any, yi: Any) -> None:
    notice = tell(version)
    neighbour = ground.manager_browser(yi)
    assert "叉车安全操作" not in text(neighbour)
    assert "课程通知没有读" not in text(neighbour, "/console")
    neighbour.post("/console/notices/read", {"notice": notice})
    neighbour.post("/console/notices/read")
    with enterprise_scope(yi):
        assert NoticeRead.objects.count() == 0
    with enterprise_scope(in_jia):
        assert [row.id for row in notices.notices()] == [notice]


def test_a_new_version_is_news_to_those_who_use_the_old_one(manager: Any, version: int, yi: Any) -> None:
    from public.catalogue.models import CourseVersion

    with platform_scope():
        old = CourseVersion.objects.get(pk=version)
        CourseVersion.objects.filter(pk=version).update(state="RETIRED")
        new = CourseVersion.objects.create(
            course=old.course, number=2, title="叉车安全操作", format="视频", trainer=old.trainer, author_id=1, created_at=LATER
        )
        CourseVersion.objects.filter(pk=new.pk).update(state="PUBLISHED", published_at=LATER)
    tell(new.pk, "NEW_VERSION", "已更新为第 2 版。")
    tell(new.pk, "LAW", "只与第 2 版有关。")
    page = text(manager)
    assert "已更新为第 2 版。" in page
    assert "只与第 2 版有关。" not in page
    with enterprise_scope(yi):
        assert notices.notices() == []


def test_what_was_said_before_the_plan_was_opened_is_no_news(manager: Any, version: int) -> None:
    tell(version, "LAW", "很久以前的事。", days=-1)
    assert "很久以前的事。" not in text(manager)


def test_learners_and_strangers_do_not_get_in(in_jia: Any, version: int) -> None:
    assert ground.browser(in_jia).get("/console/notices")["Location"].startswith("/sign-in")
    learner = ground.learner_browser(in_jia, ground.learner(2))
    assert learner.get("/console/notices").status_code == 403
    assert learner.post("/console/notices/read").status_code == 403


@pytest.mark.parametrize("notice", ["x", "-1", "9" * 30, "1.5"])
def test_a_number_that_is_none_marks_nothing(manager: Any, version: int, notice: str) -> None:
    tell(version)
    assert manager.post("/console/notices/read", {"notice": notice}).status_code == 302
    assert NoticeRead.objects.count() == 0


def test_many_notices_cost_as_many_queries_as_one(manager: Any, version: int) -> None:
    costs = []
    for number in (1, 12):
        for day in range(number):
            tell(version, "LAW", f"第 {day} 条", days=day + 1)
        text(manager)
        with CaptureQueriesContext(connection) as seen:
            text(manager)
        costs.append(sum("tenants_domain" not in query["sql"] for query in seen.captured_queries))
    assert costs[0] == costs[1]


def test_a_course_that_was_only_chosen_is_in_use_too(manager: Any, in_jia: Any, yi: Any) -> None:
    from apps.plans import selection

    found = ground.make_course("AQ-CY-N2", title="有限空间作业")
    selection.choose(version_id=found, by="安全员", at=ground.NOON)
    tell(found, "RECALLED", "已紧急召回。")
    assert "已紧急召回。" in text(manager)
    assert "另选课程" in text(manager)
    with enterprise_scope(yi):
        assert notices.notices() == []


def test_managers_are_told_once_of_fresh_news_about_their_courses(manager: Any, version: int, yi: Any) -> None:
    from apps.people.models import Notice

    tell(version, "RECALLED")
    tell(version, "NEW_VERSION", days=-30)
    for _turn in range(2):
        assert notices.tell(at=LATER + timedelta(hours=1)) == 1
    said = Notice.objects.get(kind__startswith="course.")
    assert (said.kind, said.context) == ("course.recalled", {"course": "叉车安全操作"})
    assert notices.tell(at=LATER + notices.FRESH + timedelta(hours=1)) == 0
    with enterprise_scope(yi):
        assert notices.tell(at=LATER + timedelta(hours=1)) == 0
        assert not Notice.objects.exists()
