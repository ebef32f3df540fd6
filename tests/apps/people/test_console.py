"""The manager's pages: find, add, change, archive, export; and who may not."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from apps.people import api as people
from apps.people import queries, services
from apps.people.models import Learner
from public.audit.models import AuditEvent
from tenants.api import Credential
from tenants.scope import enterprise_scope

from .conftest import LEARNER, NOON, OWNER, browser
from .rosters import resident_id

NEW = {"name": "学员乙", "id_number": "330203198511120024", "mobile": "13800000002", "unit": "生产部/一车间", "role": "BZ"}
PAGES = ("/console/people", "/console/people/add", "/console/people/import", "/console/people/import/template")


def more(jia, count):
    with enterprise_scope(jia):
        unit = services.unit_of_path("生产部/一车间")
        for n in range(count):
            name = "学员" + "甲乙丙丁戊己庚辛壬癸"[n % 10]
            people.add_learner(name=name, id_number=resident_id(n), mobile=f"1390000{n:04d}", unit_id=unit.pk, at=NOON)


def text(client, url="/console/people", **query):
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.req("R2.9")
def test_lists_people_with_masked_numbers(manager):
    page = text(manager)
    assert "学员甲" in page
    assert "3301************14" in page
    assert "138****0001" in page
    assert "330106199003070014" not in page
    assert "13800000001" not in page


@pytest.mark.req("R2.9")
def test_filters_live_in_the_address(manager, jia):
    more(jia, 30)
    with enterprise_scope(jia):
        unit = queries.units()[0][0]
    assert "共 <b>31</b> 条" in text(manager)
    assert "共 <b>30</b> 条" in text(manager, unit=unit)
    assert "共 <b>1</b> 条" in text(manager, q="138 0000 0001")
    assert "共 <b>1</b> 条" in text(manager, q="330106199003070014")
    assert "第 2 / 2 页" in text(manager, page=2)
    assert "第 1 / 1 页" not in text(manager, size=50)
    assert 'value="50" selected' in text(manager, size=50)
    assert "没有符合条件的学员" in text(manager, q="不存在的人")
    assert "没有符合条件的学员" in text(manager, role="FZ")
    assert "没有符合条件的学员" in text(manager, status="ARCHIVED")


@pytest.mark.parametrize(
    "query",
    [{"page": "x"}, {"page": "-1"}, {"page": "9999"}, {"size": "7"}, {"size": "1e9"}, {"unit": "²"}, {"unit": "9" * 30}, {"role": "' OR 1=1"},
     {"status": "x"}, {"sort": "password"}, {"q": "%_\\" * 30}],
)  # fmt: skip
def test_nonsense_in_the_address_does_no_harm(manager, query):
    assert manager.get("/console/people", query).status_code == 200


def test_sorts_both_ways(manager, jia):
    with enterprise_scope(jia):
        people.add_learner(**{k: NEW[k] for k in ("name", "id_number", "mobile")}, at=NOON)
    for sort in queries.SORTS:
        page = text(manager, sort=sort)
        assert "学员甲" in page
    assert text(manager, sort="name").index("学员乙") < text(manager, sort="name").index("学员甲")
    assert text(manager, sort="-name").index("学员甲") < text(manager, sort="-name").index("学员乙")


def test_an_empty_list_names_the_first_step(neighbour):
    page = text(neighbour)
    assert "还没有学员" in page
    assert "/console/people/import" in page


@pytest.mark.req("R2.9")
def test_the_number_of_queries_does_not_grow(manager, jia):
    def count():
        with CaptureQueriesContext(connection) as seen:
            assert manager.get("/console/people", {"size": 100}).status_code == 200
        # Which enterprise a host belongs to is asked again now and then, by the clock.
        return sum("tenants_domain" not in query["sql"] for query in seen)

    few = count()
    more(jia, 60)
    assert count() == few
    assert few <= 14


@pytest.mark.req("R2.9")
def test_adds_a_learner(manager, jia):
    assert manager.post("/console/people/add", NEW).url == "/console/people"
    with enterprise_scope(jia):
        (view,) = queries.search_learners(text="学员乙")
    assert (view.unit, view.role) == ("一车间", "BZ")


@pytest.mark.parametrize(
    ("change", "field"),
    [({"name": ""}, "name"), ({"name": "1"}, "name"), ({"id_number": "33010219900307783X"}, "id_number"), ({"mobile": "1"}, "mobile"),
     ({"role": "ZZ"}, "role"), ({"hired_on": "x"}, "hired_on"), ({"unit": "部" * 61}, "unit"),
     ({"id_number": "330106199003070014"}, "id_number"), ({"mobile": "13800000001"}, "mobile"), ({"mobile": "13800000008"}, "mobile")],
)  # fmt: skip
def test_says_on_the_field_what_is_wrong_and_keeps_what_was_typed(manager, jia, change, field):
    answer = manager.post("/console/people/add", {**NEW, **change})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"id_{field}_error" in page
    assert 'value="生产部/一车间"' in page or field == "unit"
    with enterprise_scope(jia):
        assert Learner.objects.count() == 1
        assert queries.units() == [], "no unit is left behind by a refusal"


@pytest.mark.req("R2.9")
def test_changes_a_learner(manager, staff, jia):
    url = f"/console/people/{staff.uuid}"
    assert "330106199003070014" not in text(manager, url)
    done = manager.post(
        url, {"name": "学员甲甲", "mobile": "", "unit": "质检部", "position": "质检员", "role": "GL", "employee_no": "Q1"}
    )
    assert done.url == "/console/people"
    with enterprise_scope(jia):
        view = people.learner(staff.id)
    assert (view.name, view.unit, view.position, view.role, view.masked_mobile) == (
        "学员甲甲",
        "质检部",
        "质检员",
        "GL",
        "138****0001",
    )
    taken = manager.post(url, {"name": "学员甲甲", "mobile": "13800000008", "role": "GL"})
    assert taken.status_code == 422
    assert "id_mobile_error" in taken.content.decode()


@pytest.mark.req("R2.9")
def test_archives_and_restores_the_chosen(manager, staff, jia):
    assert manager.post("/console/people/status", {"ids": [staff.uuid], "do": "archive"}).status_code == 302
    assert "还没有学员" in text(manager)
    assert "学员甲" in text(manager, status="ARCHIVED")
    manager.post("/console/people/status", {"ids": [staff.uuid], "do": "restore"})
    assert "学员甲" in text(manager)
    with enterprise_scope(jia):
        assert AuditEvent.objects.filter(target=f"learner:{staff.uuid}").count() == 2


@pytest.mark.parametrize("wrong", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_choice_archives_nobody(manager, staff, jia, wrong):
    assert manager.post("/console/people/status", {"ids": [staff.uuid, wrong], "do": "archive"}).status_code == 404
    with enterprise_scope(jia):
        assert Learner.objects.get().is_active


@pytest.mark.req("R2.9")
def test_exports_what_is_listed_without_formulas_and_full_numbers(manager, staff, jia):
    with enterprise_scope(jia):
        Learner.objects.update(position="=HYPERLINK(1)", employee_no="@x")
    answer = manager.get("/console/people", {"export": "xlsx", "q": "学员"})
    assert answer["Cache-Control"] == "no-store"
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["姓名", "身份证号", "手机号"]
    assert rows[1][:6] == ["学员甲", "3301************14", "138****0001", "", "'=HYPERLINK(1)", "'@x"]
    assert len(rows) == 2
    with enterprise_scope(jia):
        assert AuditEvent.objects.get(action="people.exported").details == {"count": 1}


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_sign_in(staff, jia, path):
    assert browser(jia).get(path).url.startswith("/sign-in?next=/console")


@pytest.mark.parametrize("path", PAGES)
def test_a_learner_cannot_open_the_console(learner, path):
    answer = learner.get(path)
    assert answer.status_code == 403
    assert "管理员" in answer.content.decode()


def test_a_learner_cannot_write_either(learner, staff, jia):
    assert learner.post("/console/people/add", NEW).status_code == 403
    assert learner.post("/console/people/status", {"ids": [staff.uuid], "do": "archive"}).status_code == 403
    assert learner.post(f"/console/people/{staff.uuid}", {"name": "学员丙", "role": "CY"}).status_code == 403
    with enterprise_scope(jia):
        assert Learner.objects.get().name == "学员甲"


@pytest.mark.req("R5.7")
def test_the_neighbour_sees_and_changes_nobody(neighbour, staff, jia):
    assert "学员甲" not in text(neighbour)
    assert "学员甲" not in text(neighbour, q="330106199003070014", status="ALL")
    export = neighbour.get("/console/people", {"export": "xlsx"})
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(export.content)).get_sheet_by_index(0).to_python()) == 1
    url = f"/console/people/{staff.uuid}"
    assert neighbour.get(url).status_code == 404
    assert neighbour.post(url, {"name": "学员丙", "role": "CY"}).status_code == 404
    assert neighbour.post("/console/people/status", {"ids": [staff.uuid], "do": "archive"}).status_code == 404
    with enterprise_scope(jia):
        assert people.learner(staff.id) == staff


def test_a_part_of_a_page_leaves_what_a_stranger_has_typed_around_it(staff, jia):
    answer = browser(jia).get("/console/people", HTTP_HX_REQUEST="true")
    assert (answer.status_code, "HX-Redirect" in answer) == (401, False)


def test_a_form_of_a_session_that_ended_leads_back_to_its_page(staff, jia):
    stranger = browser(jia)
    here = f"http://{jia.host}/console/people/add?unit=3"
    answer = stranger.post("/console/people/add", {"name": "学员甲"}, HTTP_REFERER=here)
    assert answer.url == "/sign-in?next=/console/people/add%3Funit%3D3"
    assert "没有提交" in stranger.get(answer.url).content.decode()
    foreign = stranger.post("/console/people/add", {"name": "学员甲"}, HTTP_REFERER="https://evil.example/console")
    assert foreign.url == "/sign-in"


def test_a_page_can_ask_whose_session_it_is(manager, learner, jia):
    with enterprise_scope(jia):
        owner, worker = (str(Credential.objects.by_login(login).uuid) for login in (OWNER, LEARNER))
    assert manager.get("/signed-in").content.decode() == owner
    assert learner.get("/signed-in").content.decode() == worker
    for path in ("/console/people", "/password"):
        assert f'data-who="{owner}"' in manager.get(path).content.decode()
    assert browser(jia).get("/signed-in").status_code == 401
