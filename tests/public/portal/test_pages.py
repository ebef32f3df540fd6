"""The portal's pages: own division only, the same number of queries however long the list, exports with their mark."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.people.models import Learner
from apps.plans import api as plans
from apps.plans.filing.for_authorities import TrainingsOfPortal
from infra.kit import clock
from public.audit.models import AuditEvent
from public.portal import answering, attaching, counting, tables
from public.portal.models import Attachment, Rectification
from public.portal.shapes import Asker
from public.regulators.models import CertificateListing
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.plans import ground
from tests.apps.plans.classes import ground as classes
from tests.public.desk import HOST, desk, inside
from tests.public.portal.ground import DAYS, answerer, ask, authority, row, upload

pytestmark = pytest.mark.req("R7.1")


def browser(prefix: str = "3301") -> Client:
    who = authority(prefix)
    with platform_scope():
        return inside(who.credential_id)


def sent(site: Any, **changes: Any) -> UUID:
    """A notice sent now."""
    now = clock.now()
    with platform_scope():
        return ask(site, by=Asker(authority(), now, "10.0.0.1"), **{"due_on": clock.shanghai_date(now) + 9 * DAYS, **changes})


FORM = {"title": "焊工未做复训", "found": "抽查发现两名焊工的年度再培训没有完成。", "basis": "《安全生产法》第二十八条"}


def pages(site: Any, notice: UUID) -> list[str]:
    """Every address that names an enterprise or a notice."""
    company, which = f"/regulator/enterprises/{site.uuid}", f"/regulator/rectifications/{notice}"
    return [
        company,
        f"{company}/rectify",
        f"{company}/plans/{uuid4()}",
        f"{company}/classes/{uuid4()}",
        which,
        f"{which}/files/{uuid4()}",
    ]


@pytest.mark.req("R2.6")
def test_elsewhere_nothing_of_it_is_there(db, jia):
    notice = sent(jia)
    theirs = browser("3302")
    assert [theirs.get(path).status_code for path in pages(jia, notice)] == [404] * 6
    assert theirs.post(f"/regulator/enterprises/{jia.uuid}/rectify", FORM).status_code == 404
    for action in ("accept", "again", "back"):
        said = {f"{action}-text": "不属于我们。", f"{action}-due_on": "2027-01-01"}
        assert theirs.post(f"/regulator/rectifications/{notice}/do/{action}", said).status_code == 404
    for path in ("/regulator/enterprises", "/regulator/rectifications", "/regulator/statistics"):
        html = theirs.get(path).content.decode()
        assert "杭州甲机械有限公司" not in html
        assert "焊工未做复训" not in html
    assert row(notice).state == "ASKED"


def test_strangers_sign_in_first_and_operators_are_refused(db, jia):
    notice = sent(jia)
    with platform_scope():
        operator, stranger = desk("OPERATIONS"), Client(HTTP_HOST=HOST)
    for path in ("/regulator/statistics", "/regulator/verify", "/regulator/rectifications", *pages(jia, notice)):
        assert stranger.get(path).status_code == 302, path
        assert operator.get(path).status_code == 403, path


def test_of_a_destroyed_enterprise_the_authority_keeps_its_own_notices_and_figures(db, jia):
    notice = sent(jia)
    with platform_scope():
        Enterprise.objects.filter(pk=jia.id).update(status="CLOSED", destroyed_at=clock.now())
    client = browser()
    page = client.get(f"/regulator/enterprises/{jia.uuid}")
    assert page.status_code == 200
    assert f"/regulator/rectifications/{notice}" in page.content.decode()
    assert client.get(f"/regulator/rectifications/{notice}").status_code == 200


def test_statistics_say_what_they_are_of_and_leave_with_a_mark(db, jia):
    with platform_scope():
        counting.count_now(at=clock.now())
    mine = browser()
    html = mine.get("/regulator/statistics").content.decode()
    for words in ("杭州市", "覆盖率", "投诉按期办结", "近 12 个月参训人数", "西湖区"):
        assert words in html
    for path, what in (("statistics", "area-figures"), ("enterprises", "enterprise-figures")):
        answer = mine.get(f"/regulator/{path}?export=xlsx")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            said = book.read("docProps/core.xml").decode()
            assert any(name.startswith("xl/media/") for name in book.namelist()), "the watermark"
        assert "内部 · 培训" in said
        assert "某市应急管理局" in said
        with platform_scope():
            event = AuditEvent.objects.filter(action="regulator.figures_exported").order_by("-at")[0]
        assert (event.direction, event.details["what"], len(event.details["sha256"])) == ("OUT", what, 64)


def test_notices_leave_as_they_are_filtered_and_never_cut_short(db, jia, monkeypatch):
    late, _near = sent(jia, title="逾期的事项"), sent(jia)
    with platform_scope():
        Rectification.objects.filter(uuid=late).update(due_on=clock.shanghai_date(clock.now()) - DAYS)
    answer = browser().get("/regulator/rectifications?show=late&export=xlsx")
    (line,) = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()[-1:]
    assert (line[1], line[2], line[6]) == ("逾期的事项", "杭州甲机械有限公司", "已逾期")
    monkeypatch.setattr(tables, "MOST", 1)
    assert browser().get("/regulator/rectifications?export=xlsx").status_code == 422
    assert browser("3302").get("/regulator/rectifications?export=xlsx").status_code == 200


@pytest.mark.parametrize(
    "query", ["?period=x", "?period=2025-02", "?q=%25甲", "?area=3301%25", "?sort=x", "?sort=-passed", "?show=idle", "?page=99"]
)
def test_lists_survive_nonsense(db, jia, query):
    mine = browser()
    for path in ("statistics", "enterprises", "rectifications"):
        assert mine.get(f"/regulator/{path}{query}").status_code == 200
        assert mine.get(f"/regulator/{path}{query}&q=%00").status_code == 400, "the edge takes no NUL"


def queries(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def test_a_longer_list_costs_no_more_queries(db, jia):
    mine, paths = browser(), ("/regulator/rectifications", f"/regulator/enterprises/{jia.uuid}", "/regulator/enterprises")
    sent(jia)
    few = [queries(mine, path) for path in paths]
    for _n in range(5):
        sent(jia)
    assert [queries(mine, path) for path in paths] == few


def test_a_notice_is_written_on_the_page_and_wrong_days_are_told_beside_the_field(db, jia):
    mine, day = browser(), clock.shanghai_date(clock.now())
    path = f"/regulator/enterprises/{jia.uuid}/rectify"
    for due, words in (("", "这个字段"), (day.isoformat(), "明天至一年内")):
        answer = mine.post(path, {**FORM, "due_on": due})
        assert answer.status_code == 422, words
    answer = mine.post(path, {**FORM, "due_on": (day + 9 * DAYS).isoformat()})
    assert answer.status_code == 302
    html = mine.get(answer["Location"]).content.decode()
    assert "焊工未做复训" in html
    assert "杭州甲机械有限公司" in html


def test_an_answer_is_read_with_its_files_and_accepted(db, jia):
    notice, mine, now = sent(jia), browser(), clock.now()
    file = upload(jia, 7)
    with platform_scope():
        attaching.attach(rectification=notice, upload=file.uuid, owner_id=7, by=answerer(jia, now))
        answering.answer(rectification=notice, text="两名焊工已完成复训。", by=answerer(jia, now))
        assert Attachment.objects.count() == 1
    html = mine.get(f"/regulator/rectifications/{notice}").content.decode()
    for words in ("两名焊工已完成复训。", "复训签到.png", "复核通过", "退回再整改"):
        assert words in html
    wrong = mine.post(
        f"/regulator/rectifications/{notice}/do/again", {"again-text": "再补充材料。", "again-due_on": "2020-01-01"}
    )
    assert (wrong.status_code, row(notice).state) == (422, "ANSWERED")
    assert mine.post(f"/regulator/rectifications/{notice}/do/accept", {"accept-text": ""}).status_code == 302
    assert mine.post(f"/regulator/rectifications/{notice}/do/accept", {"accept-text": ""}).status_code == 409
    assert mine.post(f"/regulator/rectifications/{notice}/do/else").status_code == 404
    assert row(notice).state == "ACCEPTED"


@pytest.mark.req("R5.4")
def test_people_of_a_plan_have_stars_and_each_look_is_in_the_enterprises_log(db, jia):
    with enterprise_scope(jia):
        someone = ground.learner(1, "学员甲")
        plan = ground.open_plan(plans.Who("picked", learner_ids=[someone.id]))
    answer = browser().get(f"/regulator/enterprises/{jia.uuid}/plans/{plan}")
    html = answer.content.decode()
    assert "学**" in html
    for secret in ("学员甲", "13800000001", ground.resident_id(1), str(someone.uuid)):
        assert secret not in html
    with platform_scope():
        event = AuditEvent.objects.get(action="regulator.people_shown")
    assert (event.schema_name, event.direction, event.details["rows"]) == (jia.schema_name, "OUT", 1)


@pytest.mark.req("R5.4")
def test_whose_data_are_only_kept_is_neither_listed_nor_counted(db, jia):
    with enterprise_scope(jia):
        house = classes.house()
        plan, klass = house.plan, house.arrange().uuid
        hidden = Learner.objects.get(pk=house.learners[1].id)
        hidden.name, hidden.restricted_at = "职工乙", clock.now()
        hidden.save(update_fields=["name", "restricted_at"])
        found = TrainingsOfPortal().plan(plan, number="1"), TrainingsOfPortal().klass(klass, number="1", at=clock.now())
    assert [(one.training.people, [who.name for who in one.persons]) for one in found] == [(1, ["学**"])] * 2
    mine, company = browser(), f"/regulator/enterprises/{jia.uuid}"
    for path in (f"{company}/plans/{plan}", f"{company}/classes/{klass}"):
        html = mine.get(path).content.decode()
        assert "学**" in html
        assert "职**" not in html


def test_a_longer_list_of_people_costs_no_more_queries(db, jia):
    with enterprise_scope(jia):
        someone = [ground.learner(n).id for n in range(1, 6)]
        plan = ground.open_plan(plans.Who("picked", learner_ids=someone))
        Learner.objects.filter(pk__in=someone[1:]).update(restricted_at=clock.now())
    mine, path = browser(), f"/regulator/enterprises/{jia.uuid}/plans/{plan}"
    few = queries(mine, path)
    with enterprise_scope(jia):
        Learner.objects.update(restricted_at=None)
    assert mine.get(path).content.decode().count("学**") == 5
    assert queries(mine, path) == few


def test_a_certificate_is_found_by_number_code_or_address(db, jia):
    with platform_scope():
        CertificateListing.objects.create(
            code="abcd1234efgh", number="AX-2026-0001", schema_name=jia.schema_name, body={}, signature="", key_id="", issued_at=clock.now()
        )  # fmt: skip
    mine = browser()
    for said in (
        "abcd1234efgh",
        " AX-2026-0001 ",
        "https://anxue.example/verify/abcd1234efgh",
        "https://x.example/verify/abcd1234efgh/",
    ):
        answer = mine.get("/regulator/verify", {"code": said})
        assert (answer.status_code, answer.headers.get("Location")) == (302, "/verify/abcd1234efgh"), said
    for said in ("AX-2026-9999", "/", "https://x.example/", "x" * 80):
        answer = mine.get("/regulator/verify", {"code": said})
        assert answer.status_code in {404, 422}, said
    assert mine.get("/regulator/verify").status_code == 200
