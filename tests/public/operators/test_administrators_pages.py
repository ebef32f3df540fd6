"""Three administrators, three desks: who opens what, from where, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.marking import PERSONS
from public.audit import api as audit
from public.audit.models import AuditEvent
from public.operators import changes
from public.operators.models import OperatorChange
from tests.public.complaints import ground as complaints
from tests.public.desk import HOST, House, house, inside
from tests.public.helpdesk import ground as helpdesk

pytestmark = pytest.mark.req("R5.7")
PARTS = ("system", "security", "audit", "operations")
CHANGE = "/desk/changes/00000000-0000-4000-8000-000000000000"
MATRIX = [
    ("GET", "/desk/", (200, 200, 200, 200)),
    ("GET", "/desk/security", (200, 200, 200, 200)),
    ("POST", "/desk/security/password", (422, 422, 422, 422)),
    ("GET", "/desk/people", (200, 200, 200, 403)),
    ("GET", "/desk/people/new", (200, 403, 403, 403)),
    ("GET", "/desk/people/999999", (404, 404, 404, 403)),
    ("POST", "/desk/people/999999/ask/ROLE", (404, 404, 403, 403)),
    ("POST", "/desk/people/999999/ask/NOPE", (404, 404, 403, 403)),
    ("GET", "/desk/changes", (200, 200, 200, 403)),
    ("GET", CHANGE, (404, 404, 404, 403)),
    ("POST", f"{CHANGE}/decide", (404, 404, 403, 403)),
    ("POST", f"{CHANGE}/withdraw", (404, 404, 403, 403)),
    ("GET", "/desk/policies", (200, 200, 200, 403)),
    ("POST", "/desk/policies/networks", (403, 422, 403, 403)),
    ("POST", "/desk/policies/clearance", (403, 422, 403, 403)),
    ("GET", "/desk/audit", (403, 403, 200, 403)),
    ("GET", "/desk/audit/exchanges", (403, 403, 200, 403)),
    ("GET", "/desk/audit/export", (403, 403, 200, 403)),
    ("GET", "/desk/enterprises", (403, 403, 403, 200)),
    ("GET", "/desk/courses", (403, 403, 403, 200)),
    ("GET", "/desk/keys", (403, 403, 403, 200)),
    ("GET", "/desk/monitor", (403, 403, 403, 200)),
    ("GET", "/desk/facts", (403, 403, 403, 200)),
]


@pytest.fixture
def people(platform: None) -> House:
    return house()


@pytest.mark.parametrize("n", range(4), ids=PARTS)
def test_each_reaches_only_the_own_desk(people, n):
    browser = inside(getattr(people, PARTS[n]))
    got = [browser.generic(method, path).status_code for method, path, _codes in MATRIX]
    assert [(path, code) for (_m, path, _c), code in zip(MATRIX, got, strict=True)] == [
        (path, codes[n]) for _m, path, codes in MATRIX
    ]


@pytest.mark.parametrize("part", ["system", "security", "audit"])
def test_administrators_see_no_business_on_their_desk_and_upload_nothing(people, part):
    browser = inside(getattr(people, part))
    html = browser.get("/desk/").content.decode()
    for words in ("待核实企业", "待裁定申诉", "全部课程", "课程发布", "版权登记"):
        assert words not in html, words
    asked = '{"file_name": "a.mp4", "size": 5, "purpose": "video"}'
    assert browser.post("/api/uploads", asked, content_type="application/json").status_code == 401


@pytest.mark.req("R5.4")
def test_who_is_turned_away_is_written_down(people):
    inside(people.system).get("/desk/audit")
    told = AuditEvent.objects.get(action="desk.refused", actor=f"credential:{people.system}")
    assert (told.result, told.target, told.details["why"]) == ("REFUSED", "page:desk-audit", "role")


def test_an_enterprise_s_host_has_none_of_these_pages(people, jia: Any):
    for path in ("/desk/people", "/desk/audit", "/desk/changes"):
        assert inside(people.audit).get(path, HTTP_HOST=jia.host).status_code == 404


def networks(people: House, *lines: str) -> None:
    at = clock.now()
    row = changes.ask(kind="NETWORKS", subject=None, wanted={"networks": list(lines)}, reason="只许办公网",
                      me=people.me("security"), at=at, ip="198.51.100.7")  # fmt: skip
    changes.decide(uuid=row.uuid, approve=True, reason="已核对", me=people.me("system"), at=at, ip="198.51.100.7")


def test_administrators_come_only_from_the_agreed_networks_others_from_anywhere(people):
    networks(people, "198.51.100.0/24")
    for part in ("system", "security", "audit"):
        browser = inside(getattr(people, part))
        assert browser.get("/desk/people", REMOTE_ADDR="198.51.100.20").status_code == 200
        answer = browser.get("/desk/people", REMOTE_ADDR="203.0.113.20")
        assert answer.status_code == 403
        assert "不在管理员登录范围" in answer.content.decode()
    assert inside(people.operations).get("/desk/enterprises", REMOTE_ADDR="203.0.113.20").status_code == 200
    assert AuditEvent.objects.filter(action="desk.refused", details__why="network").count() == 3


def test_an_address_that_the_caller_claims_counts_for_nothing(people):
    networks(people, "198.51.100.0/24")
    answer = inside(people.system).get("/desk/people", REMOTE_ADDR="203.0.113.20", HTTP_X_FORWARDED_FOR="198.51.100.7")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("part", "idle_min", "stays"),
    [("system", 14, True), ("system", 16, False), ("operations", 29, True), ("operations", 31, False)],
)
def test_a_session_ends_when_nobody_is_there(people, part, idle_min, stays):
    browser = inside(getattr(people, part))
    session = browser.session
    session["desk_seen"] = int((clock.now() - timedelta(minutes=idle_min)).timestamp())
    session.save()
    assert (browser.get("/desk/").status_code == 200) is stays


def narrowed(people: House, role: str, label: str) -> None:
    at, ip = clock.now(), "198.51.100.7"
    row = changes.ask(kind="CLEARANCE", subject=None, wanted={"role": role, "label": label}, reason="核查期间",
                      me=people.me("security"), at=at, ip=ip)  # fmt: skip
    changes.decide(uuid=row.uuid, approve=True, reason="已核对", me=people.me("system"), at=at, ip=ip)


def test_a_narrowed_clearance_shuts_the_log_even_to_its_own_office(people):
    auditor = inside(people.audit)
    assert auditor.get("/desk/audit").status_code == 200
    narrowed(people, "AUDIT", "2-SECURITY")
    answer = auditor.get("/desk/audit")
    assert answer.status_code == 403
    assert "这个密级" in answer.content.decode()


def test_a_narrowed_clearance_shuts_pages_with_persons_to_operations(people):
    browser = inside(people.operations)
    assert browser.get("/desk/monitor").status_code == 200
    narrowed(people, "OPERATIONS", "1-TRAINING")
    assert [browser.get(path).status_code for path in ("/desk/monitor", "/desk/verifications", "/desk/enterprises")] == [
        403,
        403,
        200,
    ]


def test_a_narrowed_clearance_shuts_complaints_and_questions_of_persons_too(people):
    case, question = complaints.file(at=clock.now()).uuid, helpdesk.file(at=clock.now()).uuid
    narrow = [
        "/desk/complaints", "/desk/complaints?export=xlsx", "/desk/complaints/new", f"/desk/complaints/{case}",
        "/desk/help", "/desk/help?export=xlsx", "/desk/help/new", f"/desk/help/{question}",
    ]  # fmt: skip
    browser = inside(people.operations)
    open_to = ["/desk/complaints/figures", "/desk/complaints/times", "/desk/help/duty", "/desk/faq"]
    assert {path: browser.get(path).status_code for path in narrow} == dict.fromkeys(narrow, 200)
    for path in narrow[1], narrow[5]:
        assert browser.get(path)["X-Data-Label"] == PERSONS.code, "the list that leaves says so, and the log with it"
    narrowed(people, "OPERATIONS", "1-TRAINING")
    assert {path: browser.get(path).status_code for path in narrow} == dict.fromkeys(narrow, 403)
    for path in (f"/desk/complaints/{case}/contact", f"/desk/help/{question}/contact"):
        answer = browser.post(path)
        assert answer.status_code == 403
        assert "13800000001" not in answer.content.decode()
    assert (complaints.kinds(case), helpdesk.kinds(question)) == (["FILED"], ["FILED"])
    assert {path: browser.get(path).status_code for path in open_to} == dict.fromkeys(open_to, 200)


@pytest.mark.parametrize(
    "name",
    [
        "desk-complaints", "desk-complaint-new", "desk-complaint", "desk-complaint-contact", "desk-complaint-record", "desk-complaint-consent",
        "desk-complaint-do", "desk-complaint-attach", "desk-complaint-file", "desk-help", "desk-help-new", "desk-help-ticket",
        "desk-help-contact", "desk-help-do", "desk-faq-new", "desk-faq-gaps", "desk-faq-gap", "desk-exchange-dead", "desk-exchange-resend",
    ],
)  # fmt: skip
def test_pages_on_which_persons_are_told_of_say_so(name):
    """What a page carries is asked of whoever opens it, and written beside each file that it gives out."""
    found = [one.callback for one in _patterns(get_resolver("infra.wiring.urls.platform").url_patterns) if one.name == name]
    assert found
    assert {one.label for one in found} == {PERSONS}


def _patterns(listed):
    for one in listed:
        yield from _patterns(one.url_patterns) if hasattr(one, "url_patterns") else [one]


def test_every_page_of_business_carries_a_label_even_where_none_is_named(people):
    browser = inside(people.author)
    assert browser.get("/desk/authoring").status_code == 200
    narrowed(people, "AUTHOR", "0-")
    found = [browser.get(path).status_code for path in ("/desk/authoring", "/desk/questions", "/desk/", "/desk/security")]
    assert found == [403, 403, 200, 200], "what belongs to everybody stays open"


@pytest.mark.parametrize(("role", "label"), [("SYSTEM", "0-SECURITY"), ("SECURITY", "3-TRAINING"), ("SECURITY", "0-")])
def test_no_clearance_shuts_out_those_who_could_take_it_back(people, role, label):
    with pytest.raises(DomainError, match="shuts_out"):
        narrowed(people, role, label)
    assert not OperatorChange.objects.exists()
    answer = inside(people.security).post(
        "/desk/policies/clearance", {"clearance-role": role, "clearance-level": "0", "clearance-reason": "核查期间"}
    )
    assert answer.status_code == 422
    assert "再也打不开安全策略页" in answer.content.decode()
    assert not OperatorChange.objects.exists()


def test_a_change_walks_through_the_pages_from_asking_to_done(people):
    system, security = inside(people.system), inside(people.security)
    asked = system.post(f"/desk/people/{people.author}/ask/ROLE", {"role": "REVIEWER", "reason": "转岗审核"})
    assert asked.status_code == 302
    row = OperatorChange.objects.get()
    assert asked["Location"] == f"/desk/changes/{row.uuid}"
    assert "待审批的权限变更" in security.get("/desk/").content.decode()
    assert 'value="approve"' not in system.get(asked["Location"]).content.decode(), "who asked does not decide"
    page = security.get(asked["Location"]).content.decode()
    assert 'value="approve"' in page
    assert "转岗审核" in page
    assert security.post(f"{asked['Location']}/decide", {"decision": "approve", "reason": "已核对岗位"}).status_code == 302
    assert "课程审核员" in security.get(f"/desk/people/{people.author}").content.decode()
    assert "已批准" in inside(people.audit).get("/desk/changes?state=ALL").content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"decision": "approve"}, {"decision": "approve", "reason": "短"}, {"reason": "没有说明决定"}]
)
def test_a_decision_without_a_reason_is_refused_and_changes_nothing(people, data):
    inside(people.system).post(f"/desk/people/{people.author}/ask/ROLE", {"role": "REVIEWER", "reason": "转岗审核"})
    row = OperatorChange.objects.get()
    assert inside(people.security).post(f"/desk/changes/{row.uuid}/decide", data).status_code == 422
    assert OperatorChange.objects.get().state == "OPEN"


def test_people_are_found_by_every_filter(people):
    browser = inside(people.audit)

    def shown(query: str) -> bool:
        return "课程作者甲" in browser.get(f"/desk/people{query}").content.decode()

    assert [shown(query) for query in ("", "?q=作者", "?q=无此人", "?role=AUTHOR", "?role=AUDIT", "?state=blocked", "?role=NOPE")] == [
        True, True, False, True, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("path", ["/desk/people", "/desk/changes?state=ALL"])
def test_a_page_costs_the_same_few_queries_however_many_there_are(people, path):
    browser = inside(people.audit)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(path).status_code == 200
        return len(captured)

    def asked(n: int) -> None:
        changes.ask(kind="CLEARANCE", subject=None, wanted={"role": "AUTHOR", "label": "1-TRAINING"}, reason=f"第 {n} 次",
                    me=people.me("security"), at=clock.now(), ip="198.51.100.7")  # fmt: skip

    asked(0)
    few = cost()
    for n in range(1, 8):
        asked(n)
    assert cost() == few <= 12


def test_strangers_are_sent_to_the_door(people):
    for method, path, _codes in MATRIX:
        answer = Client(HTTP_HOST=HOST).generic(method, path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/desk/sign-in"), path
    assert audit.search(audit.Wanted(action="desk.refused")).rows == [], "a stranger is nobody who was refused"


def test_work_that_waits_stands_first_and_what_is_empty_is_folded(people: House) -> None:
    complaints.file(at=clock.now() - timedelta(days=9))
    home = inside(people.operations).get("/desk/")
    waiting, quiet = ([str(one.label) for one in home.context[name]] for name in ("waiting", "quiet"))
    html = home.content.decode()
    assert waiting[:2] == ["投诉首次答复超时", "超期投诉"]  # what is late stands before what is only due
    assert "待受理投诉" in waiting[2:]
    assert "待答复求助" in quiet
    assert html.index("待受理投诉") < html.index(f"另有 {len(quiet)} 类现在没有") < html.index("待答复求助")
    assert f"有 {len(waiting)} 类事等您处理" in html


def test_the_menu_of_operations_begins_with_what_people_wait_for(people: House) -> None:
    nav = inside(people.operations).get("/desk/").context["nav"]
    assert [str(one["label"]) for one in nav[:4]] == ["工作台", "投诉", "帮助台", "学时申诉"]
    groups = [str(one["group"]) for one in nav]
    assert groups == sorted(groups, key=groups.index)  # each group stands together
    assert not any(one["group"] for one in inside(people.system).get("/desk/").context["nav"])


def test_a_change_says_who_decides_it_and_why_a_late_decision_was_not_taken(people: House) -> None:
    inside(people.system).post(f"/desk/people/{people.operations}/ask/ROLE", {"role": "AUTHOR", "reason": "转岗到课程组。"})
    row = OperatorChange.objects.get()
    path = f"/desk/changes/{row.uuid}"
    for who in (people.system, people.audit):
        assert "安全保密管理员审批" in inside(who).get(path).content.decode()
    first, late = inside(people.security), inside(people.security)
    assert first.post(f"{path}/decide", {"decision": "refuse", "reason": "岗位暂不变动。"}).status_code == 302
    answer = late.post(f"{path}/decide", {"decision": "approve", "reason": "同意转岗。"})
    assert (answer.status_code, "这项申请已有结果" in answer.content.decode()) == (409, True)
