"""Inspection mode: a link without an account that ends, shows its scope and nothing else; a package made in the background."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.urls import URLPattern
from python_calamine import CalamineWorkbook

from apps.people import services
from apps.people.models import Learner, Manager
from apps.plans import api as plans
from apps.plans import urls as addresses
from apps.plans.first_steps import samples
from apps.plans.inspection import building, links, outside, packages
from apps.plans.models import Assignment, InspectionLink, InspectionPackage, InspectionVisit, TrainingPlan
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import orders
from tenants.scope import enterprise_scope
from tests.apps.plans import ground

PAGES = ("/inspect", "/inspect/people", "/inspect/classes", "/inspect/certificates")


@pytest.fixture
def manager(in_jia):
    return ground.manager_browser(in_jia)


@pytest.fixture
def house(in_jia, manager):
    east, west = services.unit_of_path("东厂"), services.unit_of_path("西厂")
    who = [ground.learner(1, unit_id=east.pk), ground.learner(2, unit_id=west.pk)]
    plan = ground.open_plan(title="年度再培训")
    TrainingPlan.objects.update(opened_at=clock.now() - timedelta(days=30))
    (duty,) = plans.assignments_of(who[0].id)
    ground.learn_all(duty)
    plans.note_exam_passed(assignment_id=duty.id, attempt=uuid4(), score=95, at=ground.NOON)
    plans.review_completion(learner_id=who[0].id, at=ground.NOON)
    return {"east": east, "west": west, "who": who, "plan": plan, "me": Manager.objects.get().pk}


def order(**changes):
    today = clock.shanghai_date(clock.now())
    return links.Order(**{"since": today - timedelta(days=365), "until": today, "days": 3, **changes})


def make(house, *, at=None, with_package=False, **changes):
    return links.make(order=order(**changes), by=house["me"], at=at or clock.now(), with_package=with_package)


def inside(site, token):
    """A browser without an account that has opened the link."""
    browser = ground.browser(site)
    assert browser.get(f"/inspect/open/{token}")["Location"] == "/inspect"
    return browser


@pytest.mark.req("R2.9")
def test_an_inspector_without_an_account_sees_plans_people_hours_and_certificates(in_jia, house):
    link, token = make(house)
    browser = inside(in_jia, token)
    assert "年度再培训" in browser.get("/inspect").content.decode()
    page = browser.get(f"/inspect/plans/{house['plan']}").content.decode()
    assert "学员乙" in page
    assert "95" in page
    assert "AQPX-330106" in page
    roster = browser.get("/inspect/people").content.decode()
    assert house["who"][0].masked_id in roster
    assert ground.resident_id(1) not in roster
    assert house["who"][0].masked_mobile not in roster
    assert "AQPX-330106" in browser.get("/inspect/certificates").content.decode()
    visit = InspectionVisit.objects.get(link=link)
    assert (visit.what, visit.ip) == ("OPENED", "127.0.0.1")


def test_what_an_inspector_gets_is_neither_indexed_nor_kept_and_no_later_address_holds_the_secret(in_jia, house):
    _link, token = make(house)
    browser = ground.browser(in_jia)
    for url in (f"/inspect/open/{token}", *PAGES):
        answer = browser.get(url)
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        assert token not in answer.content.decode()
    cookie = browser.cookies[outside.COOKIE]
    assert (cookie["httponly"], cookie["path"], token in cookie.value) == (True, "/inspect", False)
    assert token not in str(list(InspectionLink.objects.values())), "only a digest is kept"


def test_a_scope_of_one_unit_and_one_period_hides_everything_else(in_jia, house):
    _link, token = make(house, unit_id=house["west"].pk)
    browser = inside(in_jia, token)
    assert "学员乙" not in "".join(browser.get(url).content.decode() for url in (*PAGES, f"/inspect/plans/{house['plan']}"))
    assert "学员丙" in browser.get("/inspect/people").content.decode()
    long_ago = clock.shanghai_date(clock.now()) - timedelta(days=400)
    _link, token = make(house, since=long_ago, until=long_ago + timedelta(days=10))
    browser = inside(in_jia, token)
    assert "这段时间没有培训计划" in browser.get("/inspect").content.decode()
    assert browser.get(f"/inspect/plans/{house['plan']}").status_code == 404


def test_an_expired_a_revoked_and_a_made_up_link_show_nothing_and_write_nothing(in_jia, house):
    _old, expired = make(house, at=clock.now() - timedelta(days=4), until=clock.shanghai_date(clock.now()) - timedelta(days=5))
    taken, revoked = make(house)
    browser = inside(in_jia, revoked)
    links.revoke(link=taken.uuid, by=house["me"], at=clock.now())
    before = InspectionVisit.objects.count()
    for token, status in ((expired, 410), (revoked, 410), ("x" * 32, 404), (taken.token_digest, 404)):
        answer = ground.browser(in_jia).get(f"/inspect/open/{token}")
        assert (answer.status_code, outside.COOKIE in answer.cookies) == (status, False)
        assert "年度再培训" not in answer.content.decode()
    for url in PAGES:
        assert browser.get(url).status_code == 410, "who was inside is out at once"
        assert ground.browser(in_jia).get(url).status_code == 404
    assert InspectionVisit.objects.count() == before


@pytest.mark.req("R5.7")
def test_a_neighbour_s_link_and_cookie_open_nothing_here(in_jia, yi, house):
    link, token = make(house, with_package=True)
    neighbour = ground.browser(yi)
    assert neighbour.get(f"/inspect/open/{token}").status_code == 404
    stolen = inside(in_jia, token).cookies[outside.COOKIE].value
    neighbour.cookies[outside.COOKIE] = stolen
    assert [neighbour.get(url).status_code for url in (*PAGES, "/inspect/package")] == [404] * 5
    with enterprise_scope(yi):
        theirs = ground.manager_browser(yi)
    for url in (f"links/{link.uuid}", f"packages/{link.package.uuid}", f"packages/{link.package.uuid}/file"):
        assert theirs.get(f"/console/inspection/{url}").status_code == 404
    assert theirs.post(f"/console/inspection/links/{link.uuid}/revoke").status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


def test_no_address_of_an_inspector_takes_anything(in_jia, house):
    _link, token = make(house)
    browser = inside(in_jia, token)
    found = [item for item in addresses.urlpatterns if isinstance(item, URLPattern) and str(item.pattern).startswith("inspect")]
    assert len(found) == 7
    for item in found:
        url = "/" + str(item.pattern).replace("<str:token>", token).replace("<uuid:plan>", str(house["plan"]))
        for method in ("post", "put", "patch", "delete"):
            assert getattr(browser, method)(url).status_code == 405, (method, url)


def test_guessing_links_is_slowed_down(in_jia, house):
    browser = ground.browser(in_jia)
    found = [browser.get(f"/inspect/open/{uuid4().hex}").status_code for _try in range(21)]
    assert found == [404] * 20 + [429]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"days": 8}, "days"),
        ({"days": 0}, "days"),
        ({"since": clock.shanghai_date(clock.now()) + timedelta(days=1)}, "period"),
        ({"until": clock.shanghai_date(clock.now()) + timedelta(days=1)}, "period"),
        ({"since": clock.shanghai_date(clock.now()) - timedelta(days=2000)}, "period"),
        ({"unit_id": 987_654}, "not_found"),
    ],
)
def test_an_order_that_cannot_be_is_refused_and_makes_nothing(house, changes, code):
    with pytest.raises(DomainError) as refusal:
        make(house, **changes)
    assert refusal.value.code == code
    assert not InspectionLink.objects.exists()


@pytest.mark.req("R2.9")
def test_one_click_makes_the_link_and_the_package_and_the_opening_is_shown(in_jia, manager, house):
    today = clock.shanghai_date(clock.now())
    said = {
        "since": today - timedelta(days=365),
        "until": today,
        "days": 3,
        "unit": "0",
        "with_package": "on",
        "purpose": "区应急局检查",
    }
    page = manager.post("/console/inspection", said).content.decode()
    link = InspectionLink.objects.select_related("package").get()
    assert link.package.state == "QUEUED"
    token = page.split("/inspect/open/")[1].split('"')[0]
    assert "区应急局检查" in manager.get("/console/inspection").content.decode()
    inside(in_jia, token)
    assert "打开链接" in manager.get(f"/console/inspection/links/{link.uuid}").content.decode()
    again = manager.post("/console/inspection", said)
    assert again.status_code == 422, "one package at a time"
    assert InspectionLink.objects.count() == 1
    assert manager.post("/console/inspection", {**said, "days": "8"}).status_code == 422
    assert manager.post(f"/console/inspection/links/{link.uuid}/revoke").status_code == 302
    assert ground.browser(in_jia).get(f"/inspect/open/{token}").status_code == 410


def built(house, **changes):
    link, _token = make(house, with_package=True, **changes)
    return building.build(link.package.uuid, at=clock.now())


def opened(row):
    return zipfile.ZipFile(io.BytesIO(b"".join(packages.file_of(row, at=clock.now()))))


@pytest.mark.req("R2.9")
def test_a_package_holds_report_workbook_and_fingerprints(house):
    Learner.objects.filter(pk=house["who"][1].id).update(name="@SUM(A1)")
    row = built(house)
    assert row.state == "DONE", row.state
    assert hashlib.sha256(b"".join(packages.file_of(row, at=clock.now()))).hexdigest() == row.sha256
    made = opened(row)
    manifest = json.loads(made.read("manifest.json"))
    assert {one["name"] for one in manifest["files"]} == {"培训台账.xlsx", "培训情况报告.pdf"}
    for one in manifest["files"]:
        assert hashlib.sha256(made.read(one["name"])).hexdigest() == one["sha256"]
        assert f"{one['sha256']}  {one['name']}" in made.read("SHA256SUMS").decode()
    assert made.read("培训情况报告.pdf").startswith(b"%PDF")
    assert manifest["label"] == "2-TRAINING"
    with zipfile.ZipFile(io.BytesIO(made.read("培训台账.xlsx"))) as parts:
        assert f"（manager:{row.by_id}）" in parts.read("docProps/core.xml").decode(), "marked for whoever ordered it"
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.read("培训台账.xlsx")))
    assert book.sheet_names == ["计划", "课程", "名册", "学时", "线下课", "线下学时", "考试", "证书"]
    names = [line[0] for line in book.get_sheet_by_name("名册").to_python()[1:]]
    assert sorted(names) == ["'@SUM(A1)", "学员乙"]
    assert ground.resident_id(1) not in str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert book.get_sheet_by_name("证书").to_python()[1][1] == "学员乙"
    with default_storage.open(row.storage_key) as kept:
        assert not kept.read().startswith(b"PK"), "it lies sealed"


def test_a_package_of_a_unit_leaves_others_and_samples_out(house):
    samples.load(by="安全员", at=clock.now())
    book = CalamineWorkbook.from_filelike(io.BytesIO(opened(built(house, unit_id=house["west"].pk)).read("培训台账.xlsx")))
    text = str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert "学员丙" in text
    assert "学员乙" not in text
    whole = opened(built(house))
    book = CalamineWorkbook.from_filelike(io.BytesIO(whole.read("培训台账.xlsx")))
    assert "示例" not in str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])


def test_a_cancelled_package_stops_and_leaves_no_file(house):
    link, _token = make(house, with_package=True)
    packages.cancel(uuid=link.package.uuid, at=clock.now())
    row = building.build(link.package.uuid, at=clock.now())
    assert (row.state, row.storage_key) == ("CANCELLED", "")
    another, _token = make(house, with_package=True)
    InspectionPackage.objects.filter(pk=another.package.pk).update(state="RUNNING")
    report = building._reporter(another.package, building.content.scope_of(another.package))
    report("hours", 1)
    assert packages.progress_of(another.package)["done"] == 1
    packages.cancel(uuid=another.package.uuid, at=clock.now())
    with pytest.raises(orders.Cancelled):
        report("hours", 1)


def test_an_expired_package_is_refused_and_its_file_removed(in_jia, house):
    link, token = make(house, with_package=True)
    row = building.build(link.package.uuid, at=clock.now())
    browser = inside(in_jia, token)
    answer = browser.get("/inspect/package")
    assert answer.getvalue().startswith(b"PK")
    assert InspectionVisit.objects.filter(link=link, what="PACKAGE").count() == 1
    key = row.storage_key
    InspectionPackage.objects.filter(pk=row.pk).update(expires_at=clock.now())
    assert browser.get("/inspect/package").status_code == 410
    assert packages.forget_old(at=clock.now()) == 1
    row.refresh_from_db()
    assert (row.state, default_storage.exists(key)) == ("EXPIRED", False)


def test_a_sample_never_shows_to_an_inspector(in_jia, house):
    samples.load(by="安全员", at=clock.now())
    plan = TrainingPlan.objects.get(sample=True)
    _link, token = make(house)
    browser = inside(in_jia, token)
    assert "示例" not in "".join(browser.get(url).content.decode() for url in PAGES)
    assert browser.get(f"/inspect/plans/{plan.uuid}").status_code == 404
    assert Assignment.objects.filter(plan=plan).count() == 5
