"""Announcements reach their audience, in their period, and are marked as read by each alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me
from public.site.announcing import queries, services
from public.site.announcing.models import Announcement, Seen
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.conftest import NOON
from tests.public.desk import HOST, desk, operator
from tests.public.lifecycle.ground import owner

Audience = Announcement.Audience


def announce(audience: str = "EVERYBODY", *, title: str = "国庆维护安排", at: Any = NOON, **changes: Any) -> Announcement:
    with platform_scope():
        me = Me(operator("OPERATIONS", login=f"op-{clock.now().timestamp()}"), "运营甲", "OPERATIONS")
        said: dict[str, Any] = {
            "audience": audience,
            "title": title,
            "text": "凌晨两点到三点暂停学习。",
            "starts_at": at,
            **changes,
        }
        return services.publish(draft=services.Draft(**said), me=me, at=at)


def titles(audiences: tuple[str, ...], *, division: str = "330106", at: Any = NOON) -> set[str]:
    with platform_scope():
        return {row.title for row in queries.live(audiences=audiences, division=division, at=at)}


def test_each_audience_sees_its_own(db):
    for audience in Audience.values:
        announce(audience, title=audience)
    assert titles(queries.STRANGER) == {"EVERYBODY"}
    assert titles(queries.MANAGER) == {"EVERYBODY", "PEOPLE", "MANAGERS"}
    assert titles(queries.LEARNER) == {"EVERYBODY", "PEOPLE", "LEARNERS"}
    assert titles(queries.OPERATOR) == {"EVERYBODY", "OPERATORS"}


def test_period_place_and_order(db):
    announce(title="还没开始", at=NOON, starts_at=NOON + timedelta(hours=1))
    announce(title="已结束", ends_at=NOON + timedelta(minutes=1))
    announce("MANAGERS", title="只给杭州", division="3301")
    announce(title="置顶", is_pinned=True, starts_at=NOON - timedelta(days=3))
    later = NOON + timedelta(minutes=2)
    assert titles(queries.MANAGER, at=later) == {"只给杭州", "置顶"}
    assert titles(queries.MANAGER, division="330203", at=later) == {"置顶"}
    with platform_scope():
        first = queries.live(audiences=queries.MANAGER, division="330106", at=later).first()
    assert first is not None
    assert first.title == "置顶", "pinned ones first"


def test_withdrawn_it_is_gone_and_says_why(db):
    row = announce()
    with platform_scope():
        me = Me(1, "运营甲", "OPERATIONS")
        with pytest.raises(DomainError) as refusal:
            services.withdraw(announcement=row.uuid, reason="", me=me, at=NOON)
        assert refusal.value.code == "reason_missing"
        assert titles(queries.STRANGER) == {row.title}
        services.withdraw(announcement=row.uuid, reason="日期写错", me=me, at=NOON)
    assert titles(queries.STRANGER) == set()


@pytest.mark.parametrize("audience", ["EVERYBODY", "OPERATORS"])
def test_what_is_for_one_place_is_for_people_of_enterprises(db, audience):
    with pytest.raises(DomainError) as refusal:
        announce(audience, division="3301")
    assert refusal.value.code == "bad_division", "nobody, or fewer than was said, would read it"
    with platform_scope():
        assert not Announcement.objects.exists()


def test_a_period_that_ends_before_it_begins_is_refused(db):
    with pytest.raises(DomainError) as refusal:
        announce(ends_at=NOON - timedelta(days=1))
    assert refusal.value.code == "bad_period"
    with platform_scope():
        assert not Announcement.objects.exists()


@pytest.mark.req("R5.4")
def test_people_of_an_enterprise_see_the_strip_read_it_and_the_neighbour_keeps_his(db, jia, yi):
    row = announce("MANAGERS", at=clock.now(), is_pinned=True)
    mine, theirs = ground.browser(jia, owner(jia)), ground.browser(yi, owner(yi))
    assert row.title in mine.get("/console").content.decode()
    assert "未读" in mine.get("/announcements").content.decode()
    assert "凌晨两点" in mine.get(f"/announcements/{row.uuid}").content.decode()
    mine.get(f"/announcements/{row.uuid}")
    assert row.title not in mine.get("/console").content.decode(), "read is read"
    assert row.title in theirs.get("/console").content.decode()
    with enterprise_scope(yi):
        assert Seen.objects.count() == 0, "the neighbour sees no marks of others"
    with enterprise_scope(jia):
        assert Seen.objects.count() == 1


def test_a_learner_does_not_see_what_is_for_managers(db, jia):
    with enterprise_scope(jia):
        view = ground.learner(1, "学员甲")
    row = announce("MANAGERS", at=clock.now(), is_pinned=True)
    learner = ground.learner_browser(jia, view)
    assert learner.get(f"/announcements/{row.uuid}").status_code == 404
    assert row.title not in learner.get("/learn").content.decode()
    assert Client(HTTP_HOST=jia.host).get("/announcements")["Location"].startswith("/sign-in")


def test_the_desk_publishes_lists_exports_and_withdraws(platform):
    client = desk("OPERATIONS")
    said = {"audience": "EVERYBODY", "level": "INFO", "title": "新课上线", "text": "有限空间作业新课已上线。", "is_pinned": "on"}
    assert client.post("/desk/announcements/new", {**said, "title": ""}).status_code == 422
    assert client.post("/desk/announcements/new", said).status_code == 302
    row = Announcement.objects.get()
    shown = client.get("/desk/announcements?state=live").content.decode()
    assert ("新课上线" in shown, "有限空间作业新课已上线" in shown) == (True, True), "operations read what they said"
    assert "新课上线" not in client.get("/desk/announcements?state=over").content.decode()
    assert client.get("/desk/announcements?export=xlsx").content[:2] == b"PK"
    stranger = Client(HTTP_HOST=HOST)
    assert "新课上线" in stranger.get("/").content.decode()
    assert "有限空间作业新课已上线" in stranger.get("/announcements").content.decode()
    assert "新课上线" in client.get("/desk/notices").content.decode()
    assert client.post(f"/desk/announcements/{row.uuid}/withdraw", {"reason": "下周再发"}).status_code == 302
    assert "新课上线" not in stranger.get("/announcements").content.decode()


def test_the_desks_list_costs_the_same_however_many_there_are(platform):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = desk("OPERATIONS")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get("/desk/announcements")
        return len(seen)

    announce()
    cost()
    few = cost()
    for n in range(8):
        announce(title=f"公告{n}")
    assert cost() == few


def test_reading_the_desks_own_costs_the_same_however_many_there_are(platform):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = desk("OPERATIONS")

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/desk/notices").status_code == 200
        return len(seen)

    announce("OPERATORS", at=clock.now())
    cost()
    few = cost()
    for n in range(8):
        announce("OPERATORS", title=f"通知{n}", at=clock.now())
    assert cost() == few
    assert Seen.objects.filter(reader__startswith="operator:").count() == 9
