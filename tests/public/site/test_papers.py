"""The operator's papers: public with scans and terms, renewed, reminded of; licences in every footer; versions of the notice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client, TestCase

from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.operators.api import Me
from public.operators.notices import sending
from public.operators.notices.models import OperatorNotice
from public.operators.tasks import send_notices
from public.site import footing, tasks
from public.site.facts import save_facts
from public.site.papers import queries, services, telling
from public.site.papers.models import SitePaper
from tests.conftest import NOON
from tests.public.desk import HOST, desk, inside, operator
from tests.public.operators.post import post, proven
from tests.public.rights.ground import scan

TODAY = date(2026, 11, 23)
__all__ = ["post"]
ME = Me(1, "运营甲", "OPERATIONS")


def show(**changes: Any) -> SitePaper:
    replaces: UUID | None = changes.pop("replaces", None)
    said: dict[str, Any] = {
        "kind": "TELECOM", "title": "增值电信业务经营许可证", "issuer": "浙江省通信管理局", "valid_from": date(2024, 1, 1),
        "valid_until": TODAY + timedelta(days=45), "number": "浙B2-20240001",
    }  # fmt: skip
    return services.show(facts=services.Facts(**{**said, **changes}), me=ME, at=NOON, replaces=replaces)


@pytest.fixture(autouse=True)
def forget_the_footer() -> Iterator[None]:
    """What a test wrote into the footer is kept in the process, but its rows are rolled back."""
    yield
    footing.forget()


def shown() -> list[tuple[str, str]]:
    return [(row.title, state) for row, state in queries.listed(today=TODAY)]


@pytest.mark.parametrize(
    ("left", "state", "stage"),
    [(None, "VALID", None), (61, "VALID", None), (60, "SOON", 60), (30, "SOON", 30), (7, "SOON", 7), (0, "SOON", 7), (-1, "EXPIRED", 0)],
)  # fmt: skip
def test_how_long_it_holds_and_when_it_is_reminded_of(left, state, stage):
    row = SitePaper(valid_from=date(2020, 1, 1), valid_until=TODAY + timedelta(days=left) if left is not None else None)
    assert row.state(TODAY) == state
    assert (services.stage_of(left) if left is not None else None) == stage


def test_each_stage_is_told_once(platform):
    show()
    assert services.remind(at=NOON) == 1
    assert services.remind(at=NOON) == 0
    assert services.remind(at=NOON + timedelta(days=16)) == 1
    assert services.remind(at=NOON + timedelta(days=60)) == 1
    told = AuditEvent.objects.filter(action="site.paper_ends").order_by("at")
    assert [event.details["days_left"] for event in told] == [45, 29, -15]


@pytest.mark.req("R1.1")
def test_operations_get_a_mail_60_30_and_7_days_before_the_end_and_when_it_is_over_once_each(platform, post, time_machine):
    """The clock is moved over each day from 65 days before to 5 days after; the schedule rings twice a day, a real server takes the mails."""
    me, other = operator("OPERATIONS"), operator("AUTHOR")
    proven(inside(me), post)
    post.kept.clear()
    row = show(valid_until=TODAY + timedelta(days=65))
    came: list[tuple[int, str]] = []
    for day in range(71):
        time_machine.move_to(NOON + timedelta(days=day), tick=False)
        for _ring in range(2):
            tasks.remind_of_papers()
            send_notices()
        came += [(65 - day, letter.message["subject"].strip()) for letter in post.kept]
        post.kept.clear()
    name = "安学平台：“增值电信业务经营许可证”"
    assert came == [
        (60, f"{name}还有 60 天到期"),
        (30, f"{name}还有 30 天到期"),
        (7, f"{name}还有 7 天到期"),
        (-1, f"{name}已过期"),
    ]
    reader, stranger = inside(me), inside(other)
    page = reader.get("/desk/site/papers").content.decode()
    for words in ("到期前 60 天", "到期前 30 天", "到期前 7 天", "过期时", "邮件 1 封"):
        assert words in page, words
    assert f"{TODAY + timedelta(days=5):%Y-%m-%d}" in page, "when it was sent"
    assert "增值电信业务经营许可证" in reader.get("/desk/notices").content.decode()
    assert "增值电信业务经营许可证" not in stranger.get("/desk/notices").content.decode()
    assert OperatorNotice.objects.filter(credential_id=me, about__startswith=f"site-paper:{row.uuid}").count() == 4


def test_days_on_which_nothing_ran_are_made_up_for_and_what_was_renewed_meanwhile_sends_no_mail(platform, post):
    me = operator("OPERATIONS")
    proven(inside(me), post)
    post.kept.clear()
    row = show(valid_until=TODAY + timedelta(days=20))
    assert services.remind(at=NOON) == 1, "30 days have passed unseen: told now, and 60 is not told after it"
    show(title="新证", valid_from=TODAY + timedelta(days=20), valid_until=None, replaces=row.uuid)
    assert sending.send_waiting(at=NOON) == 0
    assert (OperatorNotice.objects.get().mail, post.kept) == ("MOOT", [])
    assert services.remind(at=NOON + timedelta(days=15)) == 0


@pytest.mark.parametrize(("left", "said"), [(1, "还有 1 天到期"), (0, "今天到期"), (-1, "已过期")])
def test_a_paper_that_ends_today_is_said_to(left, said):
    facts = {"paper": "", "title": "营业执照", "until": "2026-11-23", "left": left}
    assert telling.words(facts).title == f"“营业执照”{said}"


def test_two_rounds_at_once_tell_once(platform):
    operator("OPERATIONS")
    row = show()
    assert telling.tell(row, stage=60, left=45, at=NOON) == 1
    assert telling.tell(row, stage=60, left=45, at=NOON) == 0


def test_the_desk_says_who_gets_no_mail_and_the_schedule_rings(platform):
    from infra.wiring.celery import app

    page = desk("OPERATIONS").get("/desk/site/papers").content.decode()
    assert "1 名平台运营中有 1 人没有留邮箱" in page
    assert app.conf.beat_schedule["mail notices to operators"]["task"] == "operators.send_notices"
    assert app.conf.beat_schedule["remind of papers"]["task"] == "site.remind_of_papers"


def test_a_renewed_one_stands_for_the_former_until_it_is_taken_away(platform):
    former = show()
    new = show(title="增值电信业务经营许可证（2026）", valid_until=None, replaces=former.uuid)
    assert shown() == [("增值电信业务经营许可证（2026）", "VALID")]
    with pytest.raises(DomainError) as refusal:
        show(replaces=former.uuid)
    assert refusal.value.code == "replaced"
    assert SitePaper.objects.count() == 2
    services.withdraw(paper=new.uuid, reason="传错文件", me=ME, at=NOON)
    assert shown() == [("增值电信业务经营许可证", "SOON")]
    assert services.remind(at=NOON) == 1, "it holds again, so its end is looked at again"
    show(title="增值电信业务经营许可证（更正）", valid_until=None, replaces=former.uuid)
    assert shown() == [("增值电信业务经营许可证（更正）", "VALID")]


def test_a_renewal_that_is_still_to_come_leaves_the_former_in_its_place(platform):
    former = show()
    assert queries.ending(TODAY) == 1
    begins = TODAY + timedelta(days=20)
    show(title="新证", valid_from=begins, valid_until=None, replaces=former.uuid)
    assert shown() == [("新证", "COMING"), ("增值电信业务经营许可证", "SOON")]
    assert queries.ending(TODAY) == 0, "it is renewed in time"
    assert services.remind(at=NOON) == 0
    assert [row.title for row, _state in queries.listed(today=begins)] == ["新证"]
    page = desk("OPERATIONS").get("/desk/site/papers").content.decode()
    assert f"/desk/site/papers/{former.uuid}/renew" not in page, "it was renewed already"


def test_a_term_that_ends_before_it_begins_and_a_scan_of_an_enterprise_are_refused(platform, jia):
    with pytest.raises(DomainError) as refusal:
        show(valid_until=date(2023, 1, 1))
    assert refusal.value.code == "bad_term"
    with pytest.raises(DomainError) as refusal:
        show(scan=scan(1, provider_schema=jia.schema_name))
    assert refusal.value.status == 404
    assert not SitePaper.objects.exists()


@pytest.mark.req("R1.1")
@pytest.mark.req("R1.2")
@pytest.mark.req("R1.3")
def test_the_public_sees_papers_and_scans_of_what_is_shown_only(platform):
    row = show(scan=scan(1))
    stranger = Client(HTTP_HOST=HOST)
    page = stranger.get("/qualifications").content.decode()
    for words in ("增值电信业务经营许可证", "浙B2-20240001", "浙江省通信管理局"):
        assert words in page, words
    given = stranger.get(f"/qualifications/{row.uuid}/scan")
    assert given.status_code == 200
    assert given["Content-Disposition"].startswith("attachment")
    services.withdraw(paper=row.uuid, reason="传错文件", me=ME, at=NOON)
    assert stranger.get(f"/qualifications/{row.uuid}/scan").status_code == 404


@pytest.mark.req("R1.1")
@pytest.mark.req("R1.4")
def test_the_same_stands_on_every_enterprises_host(platform, jia):
    row = show(scan=scan(1))
    stranger = Client(HTTP_HOST=jia.host)
    page = stranger.get("/qualifications").content.decode()
    assert "浙B2-20240001" in page
    assert stranger.get(f"/qualifications/{row.uuid}/scan").status_code == 200
    assert "个人信息处理告知" in stranger.get("/privacy").content.decode()
    assert 'href="/qualifications"' in stranger.get("/sign-in").content.decode()


def test_operations_keep_them_on_the_desk(platform):
    client = desk("OPERATIONS")
    said = {
        "kind": "LEVEL",
        "title": "等级保护三级备案",
        "issuer": "杭州市公安局",
        "valid_from": "2026-01-01",
        "upload": str(scan(1)),
    }
    assert client.post("/desk/site/papers/new", {**said, "issuer": ""}).status_code == 422
    assert not SitePaper.objects.exists()
    assert client.post("/desk/site/papers/new", said).status_code == 302
    row = SitePaper.objects.get()
    assert "等级保护三级备案" in client.get("/desk/site/papers").content.decode()
    assert "等级保护三级备案" in client.get(f"/desk/site/papers/{row.uuid}/renew").content.decode()
    assert client.post(f"/desk/site/papers/{row.uuid}/withdraw", {"reason": "换证"}).status_code == 302
    assert "已撤下" in client.get("/desk/site/papers?state=all").content.decode()


def test_licences_stand_in_every_footer_of_platform_and_enterprises(platform, jia):
    with TestCase.captureOnCommitCallbacks(execute=True):
        save_facts(
            texts={"icp": ("浙ICP备2026000001号", ""), "police_record": ("浙公网安备33010602000001号", ""), "operator_name": ("某某科技有限公司", "Some Ltd")},
            me=ME, at=NOON, ip="10.0.0.1",
        )  # fmt: skip
    for host, path in ((HOST, "/"), (HOST, "/status"), (HOST, "/desk/sign-in"), (jia.host, "/sign-in")):
        page = Client(HTTP_HOST=host).get(path).content.decode()
        assert "浙ICP备2026000001号" in page, (host, path)
        assert 'href="https://beian.miit.gov.cn/"' in page
        assert "webSearch?code=33010602000001" in page
    assert [line.key for line in footing.lines()] == ["operator_name", "icp", "police_record"]
    with TestCase.captureOnCommitCallbacks(execute=True):
        save_facts(texts={"icp": ("浙ICP备2026000002号", "")}, me=ME, at=NOON, ip="10.0.0.1")
    assert "浙ICP备2026000002号" in Client(HTTP_HOST=jia.host).get("/sign-in").content.decode()


def test_every_version_of_the_notice_can_be_read(platform):
    page = Client(HTTP_HOST=HOST).get("/privacy/versions").content.decode()
    assert "正在使用" in page
    assert "2026-11" in page
