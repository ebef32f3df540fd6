"""The desk's pages of closed enterprises: two people, each step said in words, other roles kept out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from infra.kit import clock
from public.audit.models import AuditEvent
from public.lifecycle.destruction import planning
from public.lifecycle.models import Closure, Destruction, LifeChange
from public.lifecycle.views import sheet
from public.retention.models import Hold
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tenants.sites import Site
from tests.public.complaints.ground import file
from tests.public.desk import desk as at_desk
from tests.public.desk import inside, operator
from tests.public.lifecycle.ends import after, closed, planned

pytestmark = pytest.mark.req("S3")


@pytest.fixture
def jia(leaving: Site) -> Site:
    """What is sealed of it no other test leaves open."""
    return leaving


@pytest.fixture
def two(platform: None, jia: Any) -> tuple[Client, Client]:
    """运营甲 and 运营乙."""
    return inside(operator("OPERATIONS", login="first")), inside(operator("OPERATIONS", login="second", name="运营乙"))


def recently_closed(site: Any) -> Closure:
    return closed(site, at=clock.now() - timedelta(days=40))


def url(site: Any, what: str = "") -> str:
    return f"/desk/enterprises/{site.id}{what}"


def test_opening_again_from_the_question_to_the_answer(two, jia):
    first, second = two
    recently_closed(jia)
    page = first.get(url(jia)).content.decode()
    for words in ("重新开通", "登录账号", "接口密钥", "不恢复", "期满前不能申请销毁"):
        assert words in page
    assert first.post(url(jia, "/reopen"), {"reason": "短"}).status_code == 422
    assert first.post(url(jia, "/reopen"), {"reason": "负责人来电，已核对营业执照"}).status_code == 302
    change = LifeChange.objects.get(enterprise_id=jia.id)
    own = first.get(url(jia)).content.decode()
    assert "由您以外的同事批准" in own
    assert "撤回申请" in own
    home = second.get("/desk/").content.decode()
    assert "注销企业待批准" in home
    theirs = second.get(url(jia)).content.decode()
    assert "负责人来电，已核对营业执照" in theirs
    assert "撤回申请" not in theirs
    decide = f"/desk/life-changes/{change.uuid}/decide"
    assert second.post(decide, {"approve": "0", "reason": ""}).status_code == 422, "a refusal says why"
    assert first.post(decide, {"approve": "1", "reason": ""}).status_code == 403
    assert Enterprise.objects.get(pk=jia.id).status == "CLOSED"
    assert second.post(decide, {"approve": "1", "reason": ""}).status_code == 302
    assert Enterprise.objects.get(pk=jia.id).status == "ACTIVE"
    again = second.post(decide, {"approve": "1", "reason": ""})
    assert again.status_code == 409
    assert "已有结果" in again.content.decode()
    assert "已重新开通" in first.get(url(jia)).content.decode(), "it is in the history"


def test_destroying_from_the_question_to_the_day_of_thinking_it_over(two, jia):
    first, second = two
    closed(jia)
    assert jia.name in first.get("/desk/ends").content.decode()
    page = first.get(url(jia)).content.decode()
    assert "提出销毁申请" in page
    assert "提出重新开通" not in page, "its time is over"
    wrong = first.post(url(jia, "/destroy"), {"reason": "法定保存期满", "name": "别家公司"})
    assert (wrong.status_code, "与企业全称不一致" in wrong.content.decode()) == (422, True)
    assert first.post(url(jia, "/destroy"), {"reason": "法定保存期满", "name": jia.name}).status_code == 302
    change = LifeChange.objects.get(enterprise_id=jia.id)
    assert second.post(f"/desk/life-changes/{change.uuid}/decide", {"approve": "1", "reason": ""}).status_code == 302
    made = Destruction.objects.get(enterprise_id=jia.id)
    shown = first.get(f"/desk/destructions/{made.uuid}").content.decode()
    assert "等待开始" in shown
    assert "还没有清点" in shown
    assert first.get(f"/desk/destructions/{made.uuid}/certificate").status_code == 409
    stop = f"/desk/destructions/{made.uuid}/stop"
    assert second.post(stop, {"reason": ""}).status_code == 422
    assert second.post(stop, {"reason": "企业来电要求核对"}).status_code == 302
    assert "企业来电要求核对" in first.get(f"/desk/destructions/{made.uuid}").content.decode()
    assert "提出销毁申请" in first.get(url(jia)).content.decode(), "it may be asked for again"


def test_a_hold_shows_why_nothing_is_destroyed(two, jia):
    first, _second = two
    closed(jia)
    assert first.post(url(jia, "/holds"), {"reason": "", "until": ""}).status_code == 422
    assert first.post(url(jia, "/holds"), {"reason": "（2026）浙民初 1 号", "until": ""}).status_code == 302
    page = first.get(url(jia)).content.decode()
    assert "期满也不能销毁" in page
    assert "提出销毁申请" not in page
    assert "（2026）浙民初 1 号" in first.get("/desk/ends").content.decode()
    hold = Hold.objects.get(schema_name=jia.schema_name)
    lift = url(jia, f"/holds/{hold.uuid}/lift")
    assert first.post(lift, {"reason": "短"}).status_code == 422
    assert first.post(lift, {"reason": "已结案，（2026）结字 1 号"}).status_code == 302
    assert "提出销毁申请" in first.get(url(jia)).content.decode()


def test_the_list_is_filtered_sorted_and_given_as_a_file(two, jia, yi):
    first, _second = two
    closed(jia)
    recently_closed(yi)
    assert yi.name not in first.get("/desk/ends").content.decode()
    everything = first.get("/desk/ends?show=all&sort=-until").content.decode()
    assert everything.index(yi.name) < everything.index(jia.name)
    assert yi.name in first.get("/desk/ends?show=all&q=乙化工").content.decode()
    assert jia.name not in first.get("/desk/ends?show=all&q=乙化工").content.decode()
    assert "没有符合条件的企业" in first.get("/desk/ends?show=done").content.decode()
    assert first.get("/desk/ends?show=nope&page=999").status_code == 200
    assert first.get("/desk/ends?export=xlsx").content[:2] == b"PK"


def test_a_file_of_the_list_leaves_nothing_out(two, jia, yi, monkeypatch):
    first, _second = two
    closed(jia)
    closed(yi)
    monkeypatch.setattr(sheet, "MOST", 1)
    for path in ("/desk/ends?show=all&", "/desk/enterprises?"):
        answer = first.get(f"{path}export=xlsx")
        assert answer.status_code == 422
        assert "一次最多导出 1 行" in answer.content.decode()
    assert first.get("/desk/ends?show=all&q=乙化工&export=xlsx").content[:2] == b"PK"


@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_other_roles_see_and_do_nothing_of_it(platform, jia, role):
    closed(jia)
    browser = at_desk(role)
    made = planned(jia, at=after(Closure.objects.get(enterprise_id=jia.id)))
    for path in ("/desk/ends", f"/desk/destructions/{made.uuid}", f"/desk/destructions/{made.uuid}/certificate"):
        assert browser.get(path).status_code == 403
    for path, data in (
        (url(jia, "/reopen"), {"reason": "负责人来电，已核对营业执照"}),
        (url(jia, "/destroy"), {"reason": "法定保存期满", "name": jia.name}),
        (url(jia, "/holds"), {"reason": "（2026）浙民初 1 号"}),
        (f"/desk/life-changes/{made.change.uuid}/decide", {"approve": "1"}),
        (f"/desk/life-changes/{made.change.uuid}/withdraw", {}),
        (f"/desk/destructions/{made.uuid}/stop", {"reason": "不想销毁了"}),
    ):
        assert browser.post(path, data).status_code == 403
    assert Destruction.objects.get(pk=made.pk).state == "WAITING"
    assert not Hold.objects.filter(schema_name=jia.schema_name).exists()


def test_what_backups_still_hold_is_said_before_and_after(two, jia, settings):
    first, _second = two
    settings.BACKUP_DAYS = 35
    row = closed(jia)
    assert "已有的备份最长 35 天后到期" in first.get(url(jia)).content.decode(), "whoever asks for it knows"
    made = planned(jia, at=after(row))
    listed = {
        "tables": [{"name": "people_learner", "rows": 1, "sha256": "0" * 64}], "copies": {"backup_days": 35, "version_days": 90},
        "courses": {"courses": 2, "versions": 3, "films": {"count": 4, "bytes": 5, "sha256": ""}, "kept": 1},
    }  # fmt: skip
    with platform_scope():
        running = {"state": "RUNNING", "started_at": made.starts_at, "beat_at": made.starts_at}
        Destruction.objects.filter(pk=made.pk).update(step="FILES", contents=listed, **running)
    page = first.get(f"/desk/destructions/{made.uuid}").content.decode()
    assert "完成后 35 天" in page
    assert "另有 1 门供全部企业选用的课程保留" in page
    with platform_scope():
        Destruction.objects.filter(pk=made.pk).update(step="CERTIFICATE")
    page = first.get(f"/desk/destructions/{made.uuid}").content.decode()
    assert f"到 {clock.shanghai_date(made.starts_at) + timedelta(days=35)}" in page
    assert "须把这次销毁再做一遍" in page


def test_what_is_not_there_is_not_found(two):
    first, _second = two
    for path in (f"/desk/destructions/{uuid4()}", f"/desk/destructions/{uuid4()}/certificate"):
        assert first.get(path).status_code == 404
    assert first.post(f"/desk/life-changes/{uuid4()}/decide", {"approve": "1"}).status_code == 404


def test_whoever_takes_the_certificate_is_in_the_log(two, jia):
    """Of one that is done only; here its row is made so, the whole way is in `test_destroying`."""
    first, _second = two
    made = planned(jia, at=after(closed(jia)))
    with platform_scope():
        Destruction.objects.filter(pk=made.pk).update(state="RUNNING", started_at=made.starts_at, step="CERTIFICATE")
        Destruction.objects.filter(pk=made.pk).update(state="DONE", note="x\n\n— x x\n", ended_at=made.starts_at)
    page = first.get(f"/desk/destructions/{made.uuid}").content.decode()
    assert "证明的签名不符" in page, "a note that is not ours is shown as such"
    answer = first.get(f"/desk/destructions/{made.uuid}/certificate")
    assert answer["Content-Disposition"] == f'attachment; filename="destruction-{made.uuid}.json"'
    assert AuditEvent.objects.filter(action="enterprise.destruction_taken", target=f"enterprise:{jia.uuid}").count() == 1
    assert planning.certified(made.uuid).state == "DONE"


def _ends(count: int) -> list[Enterprise]:
    """Closed enterprises on the list, each with something in its way."""
    at = clock.now()
    rows = [
        Enterprise.objects.create(
            schema_name=f"e_end{n}", name=f"温州注销企业{n:03d}", uscc=f"END{n}", subdomain=f"end-{n}", subdomain_skeleton=f"end{n}",
            industry_code="C", hazard="GENERAL", division_code="330302", created_at=at, status="CLOSED",
        )
        for n in range(count)
    ]  # fmt: skip
    for row in rows:
        Closure.objects.create(
            enterprise=row, former="ACTIVE", reason="公司搬迁", by="manager:1", by_name="安全员", at=at - timedelta(days=60),
            ends_at=at - timedelta(days=30), closed_at=at - timedelta(days=30), kept_until=clock.shanghai_date(at) - timedelta(days=1),
        )  # fmt: skip
        Hold.objects.create(schema_name=row.schema_name, reason=f"案号 {row.uscc}", by="operator:1", by_name="运营甲", at=at)
        file(schema_name=row.schema_name)
    return rows


@pytest.mark.parametrize("export", ["", "&export=xlsx"])
def test_the_list_and_its_file_cost_the_same_few_queries_however_long_they_are(two, jia, export):
    first, _second = two
    closed(jia)

    def cost(search: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert first.get(f"/desk/ends?show=all&q={search}{export}").status_code == 200
        return len(captured)

    rows = _ends(19)
    cost(jia.name)
    assert cost(rows[7].name) == cost("温州注销企业00"), "one row, ten rows"
    assert cost("END1") == cost(""), "eleven of 19, and 20 on one page with one of a schema of its own"


def test_each_row_says_what_is_in_its_own_way(two, jia):
    first, _second = two
    closed(jia)
    one, other = _ends(2)
    html = first.get("/desk/ends?show=all").content.decode()
    assert html.count(f"案号 {one.uscc}") == html.count(f"案号 {other.uscc}") == 1
    assert html.count("投诉没有办结") == 2
    assert "档案还有没封存的记录" not in first.get(f"/desk/ends?show=all&q={one.name}").content.decode()


@pytest.mark.req("R4.2")
def test_nobody_but_the_platform_counts_in_enterprises_and_nothing_else_is_counted(db, jia, yi):
    closed(jia)
    ask = "SELECT of_schema, n FROM public.closed_counts(%s, %s)"
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute(ask, [[jia.schema_name, yi.schema_name], "requests"])
        assert cursor.fetchall() == [(jia.schema_name, 0)], "one that is in use is not looked into"
    for scope, what in ((enterprise_scope(jia), "requests"), (enterprise_scope(yi), "entries"), (platform_scope(), "learners")):
        with scope, pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ask, [[jia.schema_name], what])
