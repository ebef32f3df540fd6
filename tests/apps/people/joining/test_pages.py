"""The pages of joining over HTTP: the form on the phone, the console's queue, who may not, how many queries."""

import re

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.people import managing
from apps.people.joining import links
from apps.people.models import Application, Learner, Manager
from infra.kit import clock
from tenants.scope import enterprise_scope
from tests.apps.plans.ground import resident_id
from tests.infra.wiring.permission_ground import signed_in

from .conftest import ID, NEW, browser, code_for, sign_in

SAID = {"name": "学员乙", "id_number": ID, "mobile": NEW, "agrees": "on"}


@pytest.fixture
def today(jia, units, owner):
    """A link that is open now."""
    with enterprise_scope(jia):
        return links.make(unit_id=units["一车间"].pk, position="", days=3, most=None, by=owner.pk, at=clock.now())


@pytest.fixture
def path(jia, today):
    with enterprise_scope(jia):
        return f"/join/{links.token_of(today.uuid)}"


def registered(client, path, **more):
    assert client.post(path, {**SAID, "do": "send", **more}).status_code == 200
    mobile = more.get("mobile", NEW)
    return client.post(path, {**SAID, "do": "enter", "code": code_for(mobile), **more})


def test_who_registers_and_may_ask_for_no_other_code_types_the_one_that_came(path, jia, monkeypatch):
    monkeypatch.setattr("tenants.codes.PER_MOBILE", ("2/hour",))
    phone = browser(jia)
    for _ in range(2):
        phone.post(path, {**SAID, "do": "send"})
    refused = phone.post(path, {**SAID, "do": "send"})
    page = refused.content.decode()
    assert (refused.status_code, 'name="code"' in page) == (429, True)
    assert "已收到的验证码还有效" in page
    assert f'value="{NEW}"' in page
    assert phone.post(path, {**SAID, "do": "enter", "code": code_for(NEW)}).status_code == 302


@pytest.mark.req("R2.9")
def test_from_the_poster_to_signing_in(manager, jia, path):
    phone = browser(jia)
    assert "一车间" in phone.get(path).content.decode()
    sent = phone.post(path, {**SAID, "do": "send"})
    assert "138****0001" in sent.content.decode()
    done = phone.post(path, {**SAID, "do": "enter", "code": code_for(NEW)})
    assert done.status_code == 302
    page = phone.get(done["Location"]).content.decode()
    assert "等待审核" in page
    assert ID not in page
    assert NEW not in page
    queue = manager.get("/console/joining/requests").content.decode()
    assert "学员乙" in queue
    assert ID not in queue
    assert NEW not in queue
    with enterprise_scope(jia):
        row = Application.objects.get()
    assert manager.post("/console/joining/requests/decide", {"ids": row.uuid, "do": "approve"}).status_code == 302
    assert "登记已通过" in phone.get(done["Location"]).content.decode()
    phone.post("/sign-in", {"way": "code", "do": "send", "mobile": NEW})


def test_the_form_keeps_what_was_typed_and_names_what_is_wrong(jia, path):
    answer = browser(jia).post(
        path, {"name": "学员乙", "id_number": "330106199003070015", "mobile": NEW, "agrees": "on", "do": "send"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "身份证号不正确" in text
    assert 'value="学员乙"' in text
    assert browser(jia).post(path, {**SAID, "agrees": "", "do": "send"}).status_code == 422


def test_who_is_known_is_shown_the_way_to_sign_in(jia, path):
    words = {"name": "学员甲", "id_number": "330106199003070014", "mobile": "13800000001"}
    answer = registered(browser(jia), path, **words)
    assert answer.status_code == 422
    assert "去登录" in answer.content.decode()


def test_a_result_that_nobody_knows_is_not_there(jia):
    assert browser(jia).get(f"/join/requests/{'0' * 8}-0000-4000-8000-{'0' * 12}").status_code == 404


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_no_link_no_queue_and_no_result(neighbour, jia, yi, path, today):
    registered(browser(jia), path)
    with enterprise_scope(jia):
        row = Application.objects.get()
    for url in ("/console/joining", "/console/joining/requests"):
        text = neighbour.get(url).content.decode()
        assert "学员乙" not in text
        assert "一车间" not in text
    assert neighbour.get(f"/console/joining/{today.uuid}").status_code == 404
    assert neighbour.get(f"/console/joining/{today.uuid}/poster.pdf").status_code == 404
    assert neighbour.post("/console/joining/requests/decide", {"ids": row.uuid, "do": "approve"}).status_code == 404
    assert browser(yi).get(f"/join/requests/{row.uuid}").status_code == 404
    with enterprise_scope(jia):
        assert not Learner.objects.filter(name="学员乙").exists()


def test_a_manager_makes_a_link_sees_its_code_and_takes_the_poster(manager, jia, units):
    made = manager.post("/console/joining/add", {"unit": units["一车间"].pk, "position": "电工", "days": 30, "most": ""})
    assert made.status_code == 302
    page = manager.get(made["Location"]).content.decode()
    url = re.search(r'value="(http[^"]+/join/[^"]+)"', page)[1]
    assert "<svg" in page
    pdf = manager.get(f"{made['Location']}/poster.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    text = pypdfium2.PdfDocument(pdf.content)[0].get_textpage().get_text_bounded()
    letters = re.compile(r"[^0-9A-Za-z_]")  # a hyphen at the end of a line is no hyphen to whoever reads the page's text
    assert letters.sub("", url.rsplit("/", 1)[1]) in letters.sub("", text)
    assert manager.post(f"{made['Location']}/end").status_code == 302
    assert browser(jia).get(url.split(jia.host, 1)[1]).status_code == 410
    assert manager.get(f"{made['Location']}/poster.pdf").status_code == 410


@pytest.mark.parametrize("do", ["approve", "reject", ""])
def test_nothing_chosen_is_said_in_words(manager, do):
    assert manager.post("/console/joining/requests/decide", {"do": do}).status_code == 422


def test_many_are_refused_with_one_reason(manager, jia, path):
    for n in range(2):
        registered(browser(jia), path, name="学员" + "丙丁"[n], id_number=resident_id(80 + n), mobile=f"1381111010{n}")
    with enterprise_scope(jia):
        ids = [str(row.uuid) for row in Application.objects.all()]
    refused = manager.post("/console/joining/requests/decide", {"ids": ids, "do": "reject", "reason": ""})
    assert refused.status_code == 422
    assert refused.content.decode().count(" checked") == 2, "the choice is kept"
    manager.post("/console/joining/requests/decide", {"ids": ids, "do": "reject", "reason": "查无此人，请核对"})
    page = manager.get("/console/joining/requests?state=REJECTED").content.decode()
    assert page.count("查无此人") == 2
    assert "查无此人" in browser(jia).get(f"/join/requests/{ids[0]}").content.decode()


@pytest.mark.req("R5.7")
def test_auditors_and_trainers_do_not_decide_and_supervisors_do(jia, owner, units, supervisor, path):
    with enterprise_scope(jia):
        others = [
            managing.invite(name="管理员", mobile=f"139000000{n}0", role=role, unit_id=None, by=owner.pk, at=clock.now())
            for n, role in enumerate(("AUDITOR", "TRAINER"), 1)
        ]
    for row in others:
        assert signed_in(jia, row.credential).get("/console/joining/requests").status_code == 403
    registered(browser(jia), path)
    mine = signed_in(jia, supervisor.credential)
    assert "学员乙" in mine.get("/console/joining/requests").content.decode()
    assert mine.get("/console/sign-in").status_code == 403
    with enterprise_scope(jia):
        Manager.objects.filter(pk=supervisor.pk).update(unit=units["仓储部"])
        row = Application.objects.get()
    assert "学员乙" not in mine.get("/console/joining/requests").content.decode()
    assert mine.post("/console/joining/requests/decide", {"ids": row.uuid, "do": "approve"}).status_code == 404


def test_lists_cost_the_same_however_long_they_are(manager, jia, units, owner, path):
    def cost(url):
        with CaptureQueriesContext(connection) as seen:
            assert manager.get(url).status_code == 200
        return len(seen)

    pages = ("/console/joining", "/console/joining/requests", "/console/joining/phones")
    registered(browser(jia), path)
    before = [cost(url) for url in pages]
    with enterprise_scope(jia):
        one = Application.objects.get()
        for n in range(20):
            links.make(unit_id=units["一车间"].pk, position="", days=3, most=None, by=owner.pk, at=clock.now())
            Application.objects.create(
                invite_id=one.invite_id, name="学员", id_sealed=one.id_sealed, mobile_sealed=one.mobile_sealed,
                person_key=f"p{n}", mobile_index=f"m{n}", unit=one.unit, at=one.at,
            )  # fmt: skip
    assert [cost(url) for url in pages] == before


def test_a_new_learner_signs_in_with_the_phone(manager, jia, path, monkeypatch):
    monkeypatch.setattr("tenants.codes.PER_MOBILE", ("100/minute",))
    registered(browser(jia), path)
    with enterprise_scope(jia):
        row = Application.objects.get()
    manager.post("/console/joining/requests/decide", {"ids": row.uuid, "do": "approve"})
    client = browser(jia)
    client.post("/sign-in", {"way": "code", "do": "send", "mobile": NEW})
    answer = client.post("/sign-in", {"way": "code", "do": "enter", "mobile": NEW, "code": code_for(NEW)})
    assert answer.status_code == 302
    assert client.get("/me").status_code == 200
    assert sign_in(browser(jia), NEW).status_code == 422
