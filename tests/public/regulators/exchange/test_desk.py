"""The desk of the exchange, the authority's own board, and the published contract."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from infra.kit import clock
from infra.kit.exchange.suites import Suite, make_pair
from public.audit.models import AuditEvent
from public.regulators import summaries
from public.regulators.exchange import board, partners, queueing, views
from public.regulators.exchange.models import Delivery, Partner
from public.regulators.models import Regulator
from tests.public import desk
from tests.public.desk import HOST, inside, regulator
from tests.public.regulators.exchange.ground import ME, open_partner, submit

pytestmark = pytest.mark.req("R7.1")


@pytest.fixture
def operations(platform: None) -> Client:
    return desk.desk("OPERATIONS")


def now_partner(**more: Any) -> Partner:
    at = clock.now()
    return open_partner(at=at, since=clock.shanghai_date(at), **more)


def give(site: Any, **more: Any) -> None:
    submit(site, at=clock.now(), **more)
    while queueing.enqueue():
        pass


def form(**more: Any) -> dict[str, Any]:
    public, _private = make_pair(Suite.SM)
    values = {
        "name": "杭州市应急管理局",
        "code": "HZ-NEW",
        "division_prefix": "3301",
        "kinds": ["EXAM"],
        "channel": "REST",
        "address": "https://exchange.example.gov.cn/v1",
        "suite": "SM2-SM3",
        "their_public": "04" + public.hex(),
        "since": "2026-11-01",
        "parcel_size": 100,
    }
    return {**values, **more}


def test_a_partner_is_opened_and_what_it_needs_is_shown(operations):
    answer = operations.post("/desk/exchange/new", form(), follow=True)
    html = answer.content.decode()
    row = Partner.objects.get(code="HZ-NEW")
    for words in ("对接系统已建立", row.access_key, bytes(row.own_public).hex(), "杭州市", "exchange-1.wsdl"):
        assert words in html
    assert len(bytes(row.their_public)) == 64
    event = AuditEvent.objects.get(action="exchange.partner_opened", target=f"partner:{row.uuid}")
    assert event.details["code"] == "HZ-NEW"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "hz"}, "代码用 3–40 位"),
        ({"kinds": []}, "kinds"),
        ({"address": ""}, "地址要以 https:// 开头"),
        ({"address": "http://exchange.example.gov.cn/"}, "地址要以 https:// 开头"),
        ({"address": "https://user:pw@exchange.example.gov.cn/"}, "地址要以 https:// 开头"),
        ({"address": "ftp://exchange.example.gov.cn/"}, "地址要以 https:// 开头"),
        ({"their_public": "00"}, "请粘贴对方的公钥"),
        ({"suite": "HMAC-SM3"}, "约定的密钥"),
        ({"channel": "ZHEJIANG", "secret": "short"}, "约定的密钥"),
        ({"channel": "FILES"}, "地址要以 https:// 开头"),
        ({"since": "soon"}, "since"),
    ],
)
def test_what_cannot_work_is_refused_beside_its_field(operations, change, words):
    answer = operations.post("/desk/exchange/new", form(**change))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Partner.objects.filter(name="杭州市应急管理局").exists()


def test_a_code_is_taken_once(operations):
    now_partner(code="HZ-NEW")
    answer = operations.post("/desk/exchange/new", form())
    assert (answer.status_code, "已被使用" in answer.content.decode()) == (422, True)
    assert Partner.objects.filter(code="HZ-NEW").count() == 1


def test_lists_finds_and_says_what_to_do_when_there_are_none(operations):
    assert "还没有对接系统" in operations.get("/desk/exchange?").content.decode() or Partner.objects.exists()
    now_partner()
    assert "杭州市应急管理局监管平台" in operations.get("/desk/exchange?q=HZ-AQ").content.decode()
    assert "没有符合条件的对接系统" in operations.get("/desk/exchange?q=nobody").content.decode()
    assert "没有符合条件的对接系统" in operations.get("/desk/exchange?q=HZ-AQ&state=CLOSED").content.decode()


def test_a_page_of_partners_asks_a_constant_number_of_queries(operations, jia):
    counts = []
    for n in range(3):
        now_partner(code=f"HZ-{n:03d}")
        give(jia)
        with CaptureQueriesContext(connection) as asked:
            operations.get("/desk/exchange")
        counts.append(len(asked))
    assert counts[1] == counts[2]


def test_shows_day_by_day_what_it_has_and_lacks(operations, jia):
    row = now_partner()
    give(jia, n=3)
    Delivery.objects.filter(partner=row, seq=1).update(state="ACCEPTED")
    days = board.days(row, at=clock.now())
    assert (days[0].due, days[0].given, days[0].accepted, days[0].lacks, days[0].gap) == (3, 3, 1, 2, 0)
    kinds = {label: (given, accepted) for label, given, accepted in board.kinds(row, at=clock.now())}
    assert (kinds["学习过程"], kinds["每日统计"]) == ((3, 1), (-1, 0))
    html = operations.get(f"/desk/exchange/{row.uuid}").content.decode()
    assert "不报送" in html
    sheet = operations.get(f"/desk/exchange/{row.uuid}?export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][1:5] == [3, 3, 1, 0]


@pytest.mark.parametrize(("wanted", "state"), [("PAUSED", "PAUSED"), ("CLOSED", "CLOSED"), ("NOW", "ACTIVE")])
def test_pauses_closes_and_calls_at_once(operations, wanted, state):
    row = now_partner()
    Partner.objects.filter(pk=row.pk).update(failures=3, next_at=clock.now() + timedelta(minutes=5))
    assert operations.post(f"/desk/exchange/{row.uuid}/state", {"state": wanted}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.failures, row.next_at <= clock.now()) == (state, 0, True)


def test_a_closed_partner_stays_closed(operations):
    row = now_partner()
    partners.set_state(uuid=row.uuid, state="CLOSED", me=ME, at=clock.now())
    assert operations.post(f"/desk/exchange/{row.uuid}/state", {"state": "ACTIVE"}).status_code == 409
    assert operations.post(f"/desk/exchange/{row.uuid}/state", {"state": "GONE"}).status_code == 422
    assert operations.post(f"/desk/exchange/{uuid.uuid4()}/state", {"state": "ACTIVE"}).status_code == 404
    row.refresh_from_db()
    assert row.state == "CLOSED"


def edited(row: Partner, **more: Any) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in ("name", "kinds", "channel", "address", "parcel_size")}
    return {**values, **more}


def test_a_partner_is_edited_and_what_cannot_change_is_only_shown(operations):
    row = now_partner()
    html = operations.get(f"/desk/exchange/{row.uuid}/edit").content.decode()
    assert ("不能改的" in html, 'name="code"' in html, 'name="suite"' in html) == (True, False, False)
    answer = operations.post(
        f"/desk/exchange/{row.uuid}/edit", edited(row, name="杭州市局", parcel_size=50, code="OTHER"), follow=True
    )
    row.refresh_from_db()
    assert ("修改已生效" in answer.content.decode(), row.name, row.parcel_size, row.code) == (True, "杭州市局", 50, "HZ-AQPX")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"channel": "REST"}, "地址要以 https:// 开头"),
        ({"channel": "ZHEJIANG", "address": "https://exchange.example.gov.cn/"}, ""),
        ({"parcel_size": 0}, "parcel_size"),
        ({"kinds": []}, "kinds"),
        ({"name": ""}, "name"),
    ],
)
def test_an_edit_that_cannot_work_is_refused_beside_its_field(operations, more, words):
    public, _private = make_pair(Suite.SM)
    row = now_partner(suite="SM2-SM3", their_public=public, secret="")
    answer = operations.post(f"/desk/exchange/{row.uuid}/edit", edited(row, **more))
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    before = (row.name, row.channel, row.parcel_size, row.kinds)
    row.refresh_from_db()
    assert (row.name, row.channel, row.parcel_size, row.kinds) == before


def test_keys_of_both_sides_are_replaced_on_one_page(operations):
    (public, _private), (newer, _newer) = make_pair(Suite.SM), make_pair(Suite.SM)
    row = now_partner(suite="SM2-SM3", their_public=public, secret="")
    path = f"/desk/exchange/{row.uuid}"
    html = operations.get(f"{path}/keys").content.decode()
    assert ('name="secret"' in html, public.hex() in html, "生成新公钥" in html) == (False, True, True)
    for text in ("", "00", public.hex()):
        assert operations.post(f"{path}/keys", {"their_public": text, "overlap": "24"}).status_code == 422
    answer = operations.post(f"{path}/keys", {"their_public": newer.hex(), "overlap": "24"}, follow=True)
    assert "新旧密钥同时有效" in answer.content.decode()
    assert operations.post(f"{path}/own-keys", {"step": "take"}).status_code == 409
    assert operations.post(f"{path}/own-keys", {"step": "no"}).status_code == 422
    operations.post(f"{path}/own-keys", {"step": "prepare"})
    row.refresh_from_db()
    ready = bytes(row.next_public)
    assert ready.hex() in operations.get(f"{path}/keys").content.decode()
    operations.post(f"{path}/own-keys", {"step": "take"})
    row.refresh_from_db()
    assert (bytes(row.own_public), bytes(row.their_public), bytes(row.former_public)) == (ready, newer, public)


def test_a_shared_secret_is_replaced_and_never_shown(operations):
    row = now_partner()
    html = operations.get(f"/desk/exchange/{row.uuid}/keys").content.decode()
    assert ('name="their_public"' in html, "shared secret" in html, "没有单独的公钥" in html) == (False, False, True)
    answer = operations.post(f"/desk/exchange/{row.uuid}/keys", {"secret": "short", "overlap": "0"})
    assert (answer.status_code, "至少 16 个字符" in answer.content.decode()) == (422, True)
    operations.post(f"/desk/exchange/{row.uuid}/keys", {"secret": "another secret of 24 byte", "overlap": "0"})
    row.refresh_from_db()
    assert (partners.secret_of(row), row.former_until) == ("another secret of 24 byte", None)


def test_a_closed_partner_has_no_pages_to_change_it(operations):
    row = now_partner()
    partners.set_state(uuid=row.uuid, state="CLOSED", me=ME, at=clock.now())
    for page in ("edit", "keys"):
        assert operations.get(f"/desk/exchange/{row.uuid}/{page}").status_code == 409
        assert operations.get(f"/desk/exchange/{uuid.uuid4()}/{page}").status_code == 404


@pytest.fixture
def dead(operations: Client, jia: Any) -> Partner:
    row = now_partner()
    give(jia, n=2)
    give(jia, kind="EXAM")
    Delivery.objects.filter(partner=row, kind="EXAM").update(state="REJECTED", code="E2001", reason="=考试编号不存在")
    Delivery.objects.filter(partner=row, seq=1).update(state="STUCK", code="document_refused")
    return row


@pytest.mark.parametrize(
    ("query", "seen"),
    [("", 2), ("?kind=EXAM", 1), ("?state=STUCK", 1), ("?q=甲机械", 2), ("?q=乙化工", 0), ("?q=考试编号", 1), ("?q=e2001", 1),
     ("?state=WAITING", 2), ("?page=x", 2), ("?q=%00", 2)],
)  # fmt: skip
def test_dead_letters_can_be_found(operations, dead, query, seen):
    answer = operations.get(f"/desk/exchange/{dead.uuid}/dead{query}")
    if "%00" in query:
        assert answer.status_code == 400
        return
    assert answer.content.decode().count('name="one"') == seen


def test_a_dead_letter_says_what_its_record_says(operations, dead):
    record = Delivery.objects.get(partner=dead, kind="EXAM").record
    said = summaries.summary(record)
    assert said
    assert said in operations.get(f"/desk/exchange/{dead.uuid}/dead?kind=EXAM").content.decode()


def test_dead_letters_are_sent_again_one_by_one_or_as_found(operations, dead):
    chosen = Delivery.objects.get(partner=dead, kind="EXAM")
    assert operations.post(f"/desk/exchange/{dead.uuid}/resend", {}).status_code == 422
    operations.post(f"/desk/exchange/{dead.uuid}/resend", {"one": [chosen.pk, "x"]})
    assert set(Delivery.objects.filter(partner=dead).values_list("seq", "state")) == {
        (1, "STUCK"),
        (2, "WAITING"),
        (3, "WAITING"),
    }
    answer = operations.post(f"/desk/exchange/{dead.uuid}/resend", {"all": "1", "state": "STUCK", "q": ""})
    assert answer["Location"] == f"/desk/exchange/{dead.uuid}/dead?state=STUCK"
    assert not Delivery.objects.filter(partner=dead).exclude(state="WAITING").exists()


def test_what_was_meant_for_a_closed_partner_waits_for_nobody(operations, dead):
    waiting = views.queues(ME)[0].count
    partners.set_state(uuid=dead.uuid, state="CLOSED", me=ME, at=clock.now())
    before = set(Delivery.objects.filter(partner=dead).values_list("seq", "state"))
    assert operations.post(f"/desk/exchange/{dead.uuid}/resend", {"all": "1"}).status_code == 409
    assert set(Delivery.objects.filter(partner=dead).values_list("seq", "state")) == before
    page = operations.get(f"/desk/exchange/{dead.uuid}/dead").content.decode()
    assert ("重新报送勾选的" in page, 'name="one"' in page) == (False, True)
    assert views.queues(ME)[0].count == waiting - 2


def test_another_partners_letters_are_not_sent_again(operations, dead):
    other = now_partner(code="HZ-TWO")
    chosen = Delivery.objects.get(partner=dead, kind="EXAM")
    operations.post(f"/desk/exchange/{other.uuid}/resend", {"one": [chosen.pk]})
    chosen.refresh_from_db()
    assert chosen.state == "REJECTED"


def test_dead_letters_as_a_sheet_hold_no_formula(operations, dead):
    sheet = operations.get(f"/desk/exchange/{dead.uuid}/dead?export=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(sheet.content)).get_sheet_by_index(0).to_python()
    assert rows[1][2] == "杭州甲机械有限公司"
    assert rows[1][7] == "'=考试编号不存在"


def test_a_day_can_be_downloaded(operations, jia):
    row = now_partner()
    give(jia)
    day = clock.shanghai_date(clock.now())
    assert json.loads(operations.get(f"/desk/exchange/{row.uuid}/days/{day}.json").content)["count"] == 1
    for other in ("soon.json", f"{day}.json?part=2", f"{day}.json?part=x"):
        assert operations.get(f"/desk/exchange/{row.uuid}/days/{other}").status_code == 404


@pytest.mark.req("R5.7")
@pytest.mark.parametrize("role", ["AUTHOR", "REVIEWER"])
def test_other_roles_are_refused(platform, role):
    row, browser = now_partner(), desk.desk(role)
    for path in ("", "/new", f"/{row.uuid}", f"/{row.uuid}/dead", f"/{row.uuid}/days/2026-01-01.json",
                 f"/{row.uuid}/edit", f"/{row.uuid}/keys"):  # fmt: skip
        assert browser.get(f"/desk/exchange{path}").status_code == 403
    assert browser.post(f"/desk/exchange/{row.uuid}/state", {"state": "CLOSED"}).status_code == 403
    assert browser.post(f"/desk/exchange/{row.uuid}/resend", {"all": "1"}).status_code == 403
    assert browser.post(f"/desk/exchange/{row.uuid}/own-keys", {"step": "prepare"}).status_code == 403
    row.refresh_from_db()
    assert row.state == "ACTIVE"


def test_strangers_go_to_sign_in(platform):
    assert Client(HTTP_HOST=HOST).get("/desk/exchange").status_code == 302
    assert Client(HTTP_HOST=HOST).get("/regulator/exchange").status_code == 302


def authority(prefix: str) -> Client:
    return inside(Regulator.objects.get(pk=regulator(prefix)).credential_id)


@pytest.mark.req("R2.6")
def test_an_authority_sees_the_systems_of_its_own_area_only(platform, jia):
    now_partner()
    now_partner(code="NB-AQPX", division_prefix="3302", name="宁波市应急管理局监管平台")
    give(jia)
    own = authority("3301").get("/regulator/exchange").content.decode()
    assert ("杭州市应急管理局监管平台" in own, "宁波市应急管理局监管平台" in own) == (True, False)
    county = authority("330108").get("/regulator/exchange").content.decode()
    assert "本辖区还没有对接系统" in county
    chosen = authority("33").get("/regulator/exchange?system=NB-AQPX").content.decode()
    assert "宁波市应急管理局监管平台" in chosen


@pytest.mark.req("R7.3")
def test_the_contract_is_published_and_names_its_own_address(platform):
    browser = Client(HTTP_HOST=HOST)
    html = browser.get("/exchange/v1/").content.decode()
    for name in ("records-1.schema.json", "exchange-1.xsd", "exchange-1.wsdl", "examples/records-1.xml"):
        assert name in html
        assert browser.get(f"/exchange/v1/{name}").status_code == 200
    assert f"http://{HOST}/api/exchange/v1/soap" in browser.get("/exchange/v1/exchange-1.wsdl").content.decode()
    for name in ("../suites.py", "__init__.py", "examples", "nothing.json", "%2e%2e/suites.py"):
        assert browser.get(f"/exchange/v1/{name}").status_code == 404


def test_what_waits_stands_on_the_desks_home(operations, dead):
    html = operations.get("/desk/").content.decode()
    assert "监管退回的记录" in html
