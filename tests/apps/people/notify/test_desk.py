"""The manager's pages: what left the house, settings, robots, a test message."""

from datetime import time
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.people import api as people
from apps.people import managing
from apps.people.models import Delivery, Notice, NoticeSettings, Robot
from apps.people.notify import delivering, planning
from infra.adapters.sms import outbox
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope
from tests.apps.people.conftest import PASSWORD, browser, sign_in
from tests.conftest import NOON
from tests.infra.adapters.group_chat import KEY

from .conftest import OWNER, tell
from .test_planning import robot

ADDRESS = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
TIMES = {"quiet_from": "22:00", "quiet_to": "07:30", "digest_at": "09:30", "sms_per_day": "50"}


@pytest.fixture
def manager(crew):
    crew.owner.credential.set_password(PASSWORD)
    crew.owner.credential.save()
    client = browser(crew.site)
    assert sign_in(client, OWNER).status_code == 302
    return client


@pytest.fixture
def given_up(crew):
    """A delivery that was given up, and one that was sent."""
    for about, state, code in (("a", "GIVEN_UP", "sms_down"), ("b", "SENT", "")):
        tell("t.normal", crew.learner, about=about)
        planning.plan(at=NOON)
        Delivery.objects.filter(state="WAITING").update(state=state, code=code, tries=6)
    return Delivery.objects.get(state="GIVEN_UP")


def test_lists_filters_and_exports_what_left_without_addresses(crew, manager, given_up):
    page = manager.get("/console/deliveries?state=GIVEN_UP")
    assert [line.row.pk for line in page.context["lines"]] == [given_up.pk]
    text = page.content.decode()
    assert "短信通道暂时不可用" in text
    assert "13800000001" not in text
    assert manager.get("/console/deliveries?q=nobody").context["is_narrowed"]
    assert len(manager.get("/console/deliveries?q=学员甲&channel=sms&kind=t.normal").context["lines"]) == 2
    file = manager.get("/console/deliveries?export=xlsx&state=GIVEN_UP")
    rows = CalamineWorkbook.from_filelike(BytesIO(file.content)).get_sheet_by_index(0).to_python()
    assert (len(rows), rows[1][0], rows[1][4]) == (2, "学员甲", "已放弃")
    assert AuditEvent.objects.filter(action="people.deliveries_exported").exists()


def test_the_list_costs_a_constant_number_of_queries(crew, manager, given_up):
    def cost():
        with CaptureQueriesContext(connection) as seen:
            manager.get("/console/deliveries")
        return len(seen)

    few = cost()
    for n in range(20):
        tell("t.normal", crew.learner, about=f"n{n}")
    planning.plan(at=NOON)
    assert cost() == few


def test_sends_again_what_was_given_up_and_never_what_was_sent(crew, manager, given_up):
    sent = Delivery.objects.get(state="SENT")
    manager.post("/console/deliveries/resend", {"ids": [str(given_up.uuid), str(sent.uuid)]})
    given_up.refresh_from_db()
    sent.refresh_from_db()
    assert (given_up.state, given_up.tries, sent.state) == ("WAITING", 0, "SENT")
    assert manager.post("/console/deliveries/resend", {"ids": ["x"]}).status_code == 404


def test_a_test_message_goes_out_at_once_and_says_why_not(crew, manager):
    NoticeSettings.objects.create(pk=1, quiet_from=time(0), quiet_to=time(23, 59))
    assert manager.post("/console/deliveries/test", {"channel": "sms"}).status_code == 302
    row = Delivery.objects.get()
    delivering.deliver(at=row.next_at)
    row.refresh_from_db()
    assert (row.state, row.code, outbox.messages()) == ("GIVEN_UP", "no_address", [])
    for wrong in ("pigeon", "robot:99", "robot"):
        assert manager.post("/console/deliveries/test", {"channel": wrong}).status_code in {400, 404}
    assert Delivery.objects.count() == 1
    assert manager.post("/console/deliveries/test", {"channel": f"robot:{robot([]).pk}"}).status_code == 302
    assert Delivery.objects.filter(channel="robot").count() == 1


def test_settings_are_kept_and_refused_in_words(crew, manager):
    assert manager.post("/console/deliveries/settings", {**TIMES, "on": ["t.normal/sms"]}).status_code == 302
    kept = NoticeSettings.objects.get()
    assert (kept.quiet_from, kept.quiet_to, kept.sms_per_day, kept.digest) == (time(22), time(7, 30), 50, False)
    assert "t.normal/mail" in kept.off
    assert not {"t.normal/sms", "t.must/sms", "test.message/sms"} & set(kept.off)
    for wrong in ({"sms_per_day": "-1"}, {"sms_per_day": "999999"}, {"quiet_from": "25:00"}, {"digest_at": ""}):
        assert manager.post("/console/deliveries/settings", {**TIMES, **wrong}).status_code == 422
    assert NoticeSettings.objects.get().sms_per_day == 50


def test_a_robot_is_kept_by_its_key_sealed_and_never_shown_again(crew, manager):
    said = {"name": "安全生产群", "vendor": "WECOM", "address": ADDRESS, "is_on": "on", "kinds": ["t.normal", "nonsense"]}
    assert manager.post("/console/deliveries/robots/add", {**said, "kinds": ["nonsense"]}).status_code == 422
    for wrong in (
        "",
        "http://127.0.0.1/",
        ADDRESS.replace("qyapi", "evil"),
        "https://oapi.dingtalk.com/robot/send?access_token=" + KEY,
    ):
        refused = manager.post("/console/deliveries/robots/add", {**said, "kinds": ["t.normal"], "address": wrong})
        assert refused.status_code == 422
        assert "请粘贴完整地址" in refused.content.decode()
    assert not Robot.objects.exists()
    assert manager.post("/console/deliveries/robots/add", {**said, "kinds": ["t.normal"]}).status_code == 302
    row = Robot.objects.get()
    assert (row.kinds, KEY.encode() in bytes(row.token_sealed)) == (["t.normal"], False)
    url = f"/console/deliveries/robots/{row.pk}"
    assert KEY not in manager.get(url).content.decode()
    token = bytes(row.token_sealed)
    assert manager.post(url, {"name": "新名字", "address": "", "secret": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.is_on, row.kinds, bytes(row.token_sealed)) == ("新名字", False, [], token)
    assert not any(KEY in str(event.__dict__) for event in AuditEvent.objects.filter(action__startswith="people.robot"))
    assert manager.post(f"{url}/remove").status_code == 302
    assert manager.get(url).status_code == 404


def test_only_those_who_run_everything_come_in_and_the_neighbour_sees_nothing(crew, manager, given_up, yi):
    row = robot(["t.normal"])
    auditor = managing.invite(name="审计员", mobile="13900000001", role="AUDITOR", unit_id=None, by=crew.owner.pk, at=NOON)
    other = browser(crew.site)
    other.force_login(auditor.credential)
    for url in ("/console/deliveries", "/console/deliveries/settings", f"/console/deliveries/robots/{row.pk}"):
        assert other.get(url).status_code == 403
    assert other.get("/console/messages").status_code == 200
    with enterprise_scope(yi):
        people.open_owner(name="邻居", mobile="13700000008", password=PASSWORD, at=NOON)
    neighbour = browser(yi)
    assert sign_in(neighbour, "13700000008").status_code == 302
    assert neighbour.get("/console/deliveries").context["lines"] == []
    assert neighbour.get(f"/console/deliveries/robots/{row.pk}").status_code == 404
    assert neighbour.post(f"/console/deliveries/robots/{row.pk}/remove").status_code == 404
    neighbour.post("/console/deliveries/resend", {"ids": [str(given_up.uuid)]})
    given_up.refresh_from_db()
    assert (given_up.state, Robot.objects.count(), Notice.objects.count()) == ("GIVEN_UP", 1, 2)
