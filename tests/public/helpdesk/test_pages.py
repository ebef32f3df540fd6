"""Askers' pages on both sites and the desk's: each sees the own questions only; the desk sees the question and no more."""

from __future__ import annotations

import io
import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.people import api as people
from apps.people.notify.models import Notice
from infra.kit import clock
from public.audit.models import AuditEvent
from public.helpdesk import handling, telling
from public.helpdesk.models import Article, Gap, Shift, Ticket
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground as plans
from tests.public.desk import HOST, desk
from tests.public.helpdesk.ground import REPLY, file, kinds, row
from tests.public.helpdesk.ground import desk as worker

pytestmark = pytest.mark.req("R6.1.2")
FORM = {"urgency": "BLOCKED", "title": "考试页面打不开", "text": "点参加考试后一直空白。"}


@pytest.fixture
def learner(db: None, jia: Any) -> Client:
    with enterprise_scope(jia):
        return plans.learner_browser(jia, plans.learner(1, "学员甲"))


@pytest.fixture
def colleague(db: None, jia: Any) -> Client:
    with enterprise_scope(jia):
        return plans.learner_browser(jia, plans.learner(2, "学员乙"))


@pytest.fixture
def operations(platform: None) -> Client:
    return desk("OPERATIONS")


def asked(browser: Client, **changes: str) -> Ticket:
    answer = browser.post("/help/tickets/new", {**FORM, **changes})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    with platform_scope():
        row = Ticket.objects.order_by("-pk")[0]
    assert answer["Location"] == f"/help/tickets/{row.uuid}"
    return row


def test_a_learner_asks_is_answered_and_told_and_rates(learner, jia):
    row = asked(learner, page="learn-home")
    assert (row.schema_name, row.filer, row.page) == (jia.schema_name, "LEARNER", "learn-home")
    assert row.asker.startswith("learner:")
    with platform_scope():
        handling.answer(ticket=row.uuid, text=REPLY, then="solve", desk=worker(at=clock.now()))
        assert telling.send_waiting() == 1
    with enterprise_scope(jia):
        notice = Notice.objects.get(kind="help.answered")
    assert notice.context == {"number": row.number, "ticket": str(row.uuid)}
    page = learner.get(f"/help/tickets/{row.uuid}").content.decode()
    assert REPLY in page
    assert "运营甲" not in page
    assert learner.post(f"/help/tickets/{row.uuid}/rate", {"stars": "5", "words": ""}).status_code == 302
    assert learner.post(f"/help/tickets/{row.uuid}/rate", {"stars": "1", "words": ""}).status_code == 409
    assert learner.post(f"/help/tickets/{row.uuid}/reopen", {"text": ""}).status_code == 422
    assert learner.post(f"/help/tickets/{row.uuid}/reopen", {"text": "又打不开了"}).status_code == 302
    assert learner.post(f"/help/tickets/{row.uuid}/reply", {"text": "现在是白屏"}).status_code == 302
    assert learner.post(f"/help/tickets/{row.uuid}/settle").status_code == 302
    assert learner.post(f"/help/tickets/{row.uuid}/else").status_code == 404
    assert kinds(row.uuid)[-3:] == ["REOPENED", "SAID", "SOLVED"]
    assert FORM["title"] in learner.get("/help").content.decode()


def test_colleagues_managers_neighbours_and_strangers_see_nothing_of_it(learner, colleague, jia, yi):
    row = asked(learner)
    with enterprise_scope(jia):
        owner = people.open_owner(name="安全员", mobile="13900000000", password=None, at=clock.now())
    with enterprise_scope(yi):
        neighbour = plans.learner_browser(yi, plans.learner(3, "学员丙"))
    manager, stranger, visitor = plans.browser(jia, owner), Client(HTTP_HOST=jia.host), Client(HTTP_HOST=HOST)
    for browser in (colleague, manager, neighbour, visitor):
        assert browser.get(f"/help/tickets/{row.uuid}").status_code == 404
        assert browser.post(f"/help/tickets/{row.uuid}/settle").status_code == 404
        assert FORM["title"] not in browser.get("/help/tickets").content.decode()
        assert FORM["title"] not in browser.get("/help").content.decode()
    assert stranger.get(f"/help/tickets/{row.uuid}")["Location"].startswith("/sign-in")
    assert stranger.get("/help/tickets").status_code == stranger.post("/help/tickets/new", FORM).status_code == 302
    with platform_scope():
        assert (Ticket.objects.count(), Ticket.objects.get().state) == (1, "NEW")


def test_a_manager_asks_in_the_own_name(db, jia):
    with enterprise_scope(jia):
        owner = people.open_owner(name="安全员", mobile="13900000000", password=None, at=clock.now())
    row = asked(plans.browser(jia, owner))
    assert (row.filer, row.asker.partition(":")[0], row.contact_sealed) == ("MANAGER", "manager", None)
    with platform_scope():
        handling.answer(ticket=row.uuid, text="请补充是哪一个计划。", then="wait", desk=worker(at=clock.now()))
        assert telling.send_waiting() == 1
    with enterprise_scope(jia):
        assert Notice.objects.filter(kind="help.asked", manager__isnull=False).count() == 1


def test_a_stranger_on_the_platform_follows_by_number_and_code(platform):
    browser, another = Client(HTTP_HOST=HOST), Client(HTTP_HOST=HOST)
    row = asked(browser, name="学员乙", mobile="13800000055")
    page = browser.get(f"/help/tickets/{row.uuid}").content.decode()
    code = re.search(r"<b>(\d{8})</b>", page)
    assert code is not None
    assert browser.post("/help/track/noted").status_code == 302
    assert code[1] not in browser.get(f"/help/tickets/{row.uuid}").content.decode()
    assert another.get(f"/help/tickets/{row.uuid}").status_code == 404
    assert another.post("/help/track", {"number": row.number, "code": "00000000"}).status_code == 422
    assert another.get(f"/help/tickets/{row.uuid}").status_code == 404
    assert another.post("/help/track", {"number": row.number, "code": code[1]}).status_code == 302
    assert FORM["title"] in another.get(f"/help/tickets/{row.uuid}").content.decode()
    assert FORM["title"] in another.get("/help/tickets").content.decode()
    assert another.post("/help/track/leave").status_code == 302
    assert another.get(f"/help/tickets/{row.uuid}").status_code == 404


def test_the_question_that_was_searched_is_in_the_form_and_what_was_typed_stays(platform):
    browser = Client(HTTP_HOST=HOST)
    begun = browser.post("/help/tickets/new", {"begin": "1", "title": "食堂几点开饭", "page": "home"})
    assert begun.status_code == 200
    assert 'value="食堂几点开饭"' in begun.content.decode()
    answer = browser.post("/help/tickets/new", {**FORM, "text": "", "mobile": "123"})
    assert answer.status_code == 422
    assert FORM["title"] in answer.content.decode()
    assert not Ticket.objects.exists()


def test_who_cannot_sign_in_is_led_to_the_platforms_help(db, jia):
    page = Client(HTTP_HOST=jia.host).post("/help/ask", {"q": "食堂几点开饭"}).content.decode()
    assert f"http://{HOST.split(':')[0]}" in page
    assert "登录后转人工" in page


def test_the_list_is_by_time_left_and_takes_the_same_queries_however_long(operations, jia, yi):
    at = clock.now()
    slow, fast = (
        file(at=at, urgency="MINOR"),
        file(at=at, urgency="BLOCKED", schema_name=jia.schema_name, asker="manager:1", filer="MANAGER"),
    )
    page = operations.get("/desk/help")
    assert [line.row.uuid for line in page.context["lines"]] == [fast.uuid, slow.uuid]
    for query, found in ((slow.number, slow), (jia.name, fast)):
        assert [line.row.uuid for line in operations.get("/desk/help", {"q": query}).context["lines"]] == [found.uuid], query
    assert "没有符合条件的求助" in operations.get("/desk/help?q=没有的").content.decode()
    for show in ("mine", "late", "soon", "unanswered", "unhappy"):
        assert operations.get("/desk/help", {"show": show}).status_code == 200
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as seen:
            operations.get("/desk/help")
        counts.append(len(seen))
        for site in (jia, yi, jia):
            file(at=at, schema_name=site.schema_name, asker="manager:1", filer="MANAGER")
    assert counts[0] == counts[1]


def test_the_export_holds_no_formula_and_no_contact_and_is_logged(operations):
    file(at=clock.now(), title='=HYPERLINK("http://x")')
    answer = operations.get("/desk/help?export=xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert sheet[1][1].startswith("'=")
    assert "13800000001" not in str(sheet)
    assert AuditEvent.objects.filter(action="help.exported").count() == 1


def test_answering_merging_and_looking_at_a_contact_on_the_page(operations):
    first, second = file(at=clock.now()), file(at=clock.now(), title="考试白屏")
    page = operations.get(f"/desk/help/{first.uuid}").content.decode()
    assert "138****0001" in page
    assert "13800000001" not in page
    assert "data-canned" in page
    shown = operations.post(f"/desk/help/{first.uuid}/contact").content.decode()
    assert "13800000001" in shown
    assert kinds(first.uuid)[-1] == "CONTACT"
    do = f"/desk/help/{second.uuid}/do"
    assert operations.post(f"{do}/merge", {"merge-into": "HD000000AAAAA"}).status_code == 422
    assert operations.post(f"{do}/merge", {"merge-into": first.number}).status_code == 302
    act = f"/desk/help/{first.uuid}/do"
    assert operations.post(f"{act}/answer", {"answer-text": "", "answer-then": "solve"}).status_code == 422
    assert row(first.uuid).state == "NEW"
    assert (
        operations.post(f"{act}/answer", {"answer-text": REPLY, "answer-then": "solve", "answer-canned": ""}).status_code == 302
    )
    assert (row(first.uuid).state, row(second.uuid).state) == ("SOLVED", "SOLVED")
    assert operations.post(f"{act}/answer", {"answer-text": REPLY, "answer-then": "open"}).status_code == 409
    assert operations.post(f"{act}/else").status_code == 404
    assert "写成常见问题" in operations.get(f"/desk/help/{first.uuid}").content.decode()


def test_a_call_is_written_down_and_its_code_read_out_once(operations):
    answer = operations.post("/desk/help/new", {**FORM, "name": "学员乙", "mobile": "13800000044"})
    assert answer.status_code == 302
    first, again = (operations.get(answer["Location"]).content.decode() for _n in range(2))
    assert "请向来电人念出编号和查询码" in first
    assert "请向来电人念出编号和查询码" not in again
    assert Ticket.objects.get().is_phoned


def test_the_editor_writes_changes_and_retires_on_the_page(operations):
    gap = Gap.objects.create(key="食堂几点", text="食堂几点开饭", audience="LEARNER", first_at=clock.now(), last_at=clock.now())
    form = {"audiences": ["LEARNER"], "question": "食堂几点开饭？", "answer": "每天中午十一点半开饭。", "gap": str(gap.pk)}
    begun = operations.get(f"/desk/faq/new?gap={gap.pk}").content.decode()
    assert 'value="食堂几点开饭"' in begun
    assert operations.post("/desk/faq/new", {**form, "answer": "短"}).status_code == 422
    made = operations.post("/desk/faq/new", form)
    assert made.status_code == 302
    gap.refresh_from_db()
    assert gap.state == "ANSWERED"
    uuid = UUID(made["Location"].rsplit("/", 1)[1])
    again = operations.post(f"/desk/faq/{uuid}", {**form, "answer": "每天中午十二点开饭。", "why": "改时间"})
    assert again.status_code == 302
    assert "内容没有变化" in operations.post(f"/desk/faq/{uuid}", {**form, "answer": "每天中午十二点开饭。"}).content.decode()
    page = operations.get(f"/desk/faq/{uuid}").content.decode()
    assert "改时间" in page
    assert operations.get("/desk/faq", {"q": "食堂"}).context["page"].paginator.count == 1
    for show in ("unhelpful", "english", "retired"):
        assert operations.get("/desk/faq", {"show": show, "audience": "LEARNER"}).status_code == 200
    assert operations.post(f"/desk/faq/{uuid}/retire").status_code == 302
    assert Article.objects.get(uuid=uuid).is_retired
    assert Client(HTTP_HOST=HOST).get(f"/help/questions/{uuid}").status_code == 404


def test_the_list_of_gaps_links_and_lets_be(operations):
    at = clock.now()
    for number, text in enumerate(("食堂几点开饭", "挂科了怎么办")):
        Gap.objects.create(key=text, text=text, audience="LEARNER", count=number + 1, first_at=at, last_at=at)
    assert [one.text for one in operations.get("/desk/faq/gaps").context["page"]] == ["挂科了怎么办", "食堂几点开饭"]
    first, second = Gap.objects.order_by("pk")
    article = Article.objects.get(editions__question__startswith="考试没及格")
    assert operations.post(f"/desk/faq/gaps/{second.pk}", {"what": "answer", "article": ""}).status_code == 302
    assert Gap.objects.get(pk=second.pk).state == "OPEN"
    operations.post(f"/desk/faq/gaps/{second.pk}", {"what": "answer", "article": str(article.uuid)})
    operations.post(f"/desk/faq/gaps/{first.pk}", {"what": "dismiss"})
    assert [one.state for one in Gap.objects.order_by("pk")] == ["DISMISSED", "ANSWERED"]
    assert operations.get("/desk/faq/gaps?state=ANSWERED").context["page"].paginator.count == 1


def test_the_roster_ready_answers_and_hours_on_their_pages(operations):
    me = operations.get("/desk/help/duty").context["me"].credential_id
    today = clock.shanghai_date(clock.now()).isoformat()
    shift = {"what": "shift", "person": str(me), "day": today, "starts": "00:00", "hours": "24", "days": "2"}
    assert operations.post("/desk/help/duty", shift).status_code == 302
    assert operations.post("/desk/help/duty", shift).status_code == 422
    assert Shift.objects.count() == 2
    page = operations.get("/desk/help/duty").content.decode()
    assert "值班中" in page
    assert "无人值班" in page
    assert "现在值班：" in operations.get("/desk/help").content.decode()
    assert operations.post(f"/desk/help/duty/{Shift.objects.order_by('starts_at')[1].pk}/remove").status_code == 302
    assert operations.post("/desk/help/canned", {"title": "先重启", "text": "请先关掉浏览器再打开。"}).status_code == 302
    assert operations.post("/desk/help/canned", {"title": "先重启", "text": "请先关掉浏览器再打开。"}).status_code == 422
    times = {"urgency": "NORMAL", "valid_from": today, "answer_minutes": "60", "settle_hours": "12"}
    assert operations.post("/desk/help/times", times).status_code == 422
    assert operations.post("/desk/help/times", {**times, "valid_from": "2099-01-01"}).status_code == 302


def test_what_was_typed_and_why_it_was_refused_stay_where_somebody_was_quicker(learner, jia):
    uuid = asked(learner).uuid
    with platform_scope():
        handling.answer(ticket=uuid, text=REPLY, then="solve", desk=worker(at=clock.now()))
        browser = desk("OPERATIONS")
        late = browser.post(f"/desk/help/{uuid}/do/answer", {"answer-text": "我写了很久的答复。", "answer-then": "solve"})
    assert late.status_code == 409
    assert "我写了很久的答复。" in late.content.decode()
    said = learner.post(f"/help/tickets/{uuid}/reply", {"text": "我还想补充一句。"})
    assert said.status_code == 409
    assert "我还想补充一句。" in said.content.decode()
    assert "可能刚刚有人处理过" in said.content.decode()
