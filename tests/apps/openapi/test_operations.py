"""What the operations answer, page by page, and that a neighbour's key never sees ours."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.people import api as people
from apps.people.models import Change, Learner
from apps.plans import api as plans
from apps.records import api as records
from apps.records.models import Certificate, LedgerEntry
from public.audit import api as audit
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope
from tests.apps.plans import ground as plan_ground
from tests.apps.plans.ground import NOON, learner, resident_id
from tests.apps.plans.signed import finished

from .ground import Caller, seal_ledger, token


@pytest.fixture
def caller(in_jia: Any) -> Caller:
    return Caller(in_jia, token())


def walked(caller: Caller, path: str, limit: int = 2) -> list[dict[str, Any]]:
    """All items of a list, and that no page is too long."""
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        told = caller.get(f"{path}{'&' if '?' in path else '?'}limit={limit}&cursor={cursor}")
        assert told.status == 200, told.body
        assert len(told.body["items"]) <= limit
        found += told.body["items"]
        cursor = told.body["next"]
    return found


@pytest.mark.req("R7.3")
def test_lists_every_learner_once_masked_and_only_ours(caller, yi):
    mine = [learner(n, unit_path="生产部/一车间" if n % 2 else "仓储部") for n in range(5)]
    with enterprise_scope(yi):
        neighbour = learner(9)
    found = walked(caller, "/learners")
    assert [one["id"] for one in found] == [str(view.uuid) for view in mine]
    first = found[0]
    assert resident_id(0) not in str(found)
    assert "13800000000" not in str(found)
    assert (first["name"], first["role"], first["status"], first["unit"]) == ("学员甲", "CY", "ACTIVE", "仓储部")
    units = {one["path"]: one["id"] for one in caller.get("/units").body["items"]}
    inside = walked(caller, f"/learners?unit_id={units['生产部']}")
    assert [one["id"] for one in inside] == [str(view.uuid) for view in mine if view.unit == "一车间"]
    assert caller.get(f"/learners/{neighbour.uuid}").status == 404
    for path in ("", "/duties"):
        assert caller.get(f"/learners/{neighbour.uuid}{path}").code == "not_found"
    assert caller.post("/learners/search", {"text": resident_id(9)}).body["items"] == []


def test_finds_a_learner_by_number_in_the_body_and_never_in_the_address(caller):
    view = learner(3, employee_no="A-17")
    for text in ("A-17", resident_id(3), "13800000003", "学员"):
        assert [one["id"] for one in caller.post("/learners/search", {"text": text}).body["items"]] == [str(view.uuid)]
    assert caller.get("/learners/search?text=A-17").status in {400, 404, 405}


def test_samples_and_restricted_people_are_not_there(caller, in_jia):
    shown, hidden, sample = learner(1), learner(2), learner(3)
    Learner.objects.filter(pk=hidden.id).update(restricted_at=NOON)
    Learner.objects.filter(pk=sample.id).update(sample=True)
    assert [one["id"] for one in walked(caller, "/learners")] == [str(shown.uuid)]
    for gone in (hidden, sample):
        assert caller.get(f"/learners/{gone.uuid}").status == 404
        assert caller.ask("PATCH", f"/learners/{gone.uuid}", {"position": "电工"}).status == 404
        assert caller.post(f"/learners/{gone.uuid}/archive", {}).status == 404


def test_nothing_is_told_of_somebody_whose_data_are_only_kept(caller):
    (view, _duty), shown = finished(1), learner(2)
    seal_ledger()
    certificate = Certificate.objects.get()
    assert {one["learner_id"] for one in caller.get("/records").body["items"]} == {str(view.uuid), str(shown.uuid)}
    Learner.objects.filter(pk=view.id).update(restricted_at=NOON)
    told = caller.get("/records").body
    assert {one["learner_id"] for one in told["items"]} == {str(shown.uuid)}
    assert caller.get(f"/records?learner={view.uuid}").body["items"] == []
    assert walked(caller, "/certificates") == []
    assert caller.get(f"/certificates/{certificate.uuid}").code == "not_found"
    assert caller.get(f"/learners/{view.uuid}/duties").status == 404


def new(n: int, **more: Any) -> dict[str, Any]:
    return {"name": "学员甲", "id_number": resident_id(n), "mobile": f"1380000{n:04d}", **more}


def test_adds_changes_archives_and_restores_a_learner_and_writes_down_which_key(caller):
    told = caller.post("/learners", new(1, unit="生产部/一车间", position="电工", role="TZ", employment="DISPATCH"))
    assert told.status == 201
    key = told.body["id"]
    assert (told.body["unit"], told.body["role"], told.body["employment"]) == ("一车间", "TZ", "DISPATCH")
    changed = caller.ask("PATCH", f"/learners/{key}", {"position": "焊工", "unit": "仓储部"})
    assert (changed.status, changed.body["position"], changed.body["unit"], changed.body["role"]) == (200, "焊工", "仓储部", "TZ")
    assert changed.body["masked_mobile"] == told.body["masked_mobile"]
    assert caller.ask("PATCH", f"/learners/{key}", {"unit": ""}).body["unit_id"] is None
    assert caller.post(f"/learners/{key}/archive", {}).body["status"] == "ARCHIVED"
    assert caller.post(f"/learners/{key}/restore", {}).body["status"] == "ACTIVE"
    actions = [one.action for one in audit.history(f"learner:{key}")]
    assert actions == ["openapi.learner_restored", "openapi.learner_archived", "openapi.learner_changed",
                       "openapi.learner_changed", "openapi.learner_added"]  # fmt: skip
    assert {one.actor.split(":")[0] for one in audit.history(f"learner:{key}")} == {"key"}
    assert Change.objects.filter(by=None).exists()


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        ({}, "invalid", 400),
        ({"name": "学员甲", "id_number": "1" * 18, "mobile": "13800000001"}, "id_invalid", 422),
        ({"name": "学员甲", "id_number": resident_id(1), "mobile": "12345678901"}, "mobile_invalid", 422),
        ({**new(1), "role": "QQ"}, "invalid", 400),
        ({**new(1), "colour": "red"}, "invalid", 400),
        ({**new(1), "unit": "长" * 61}, "invalid", 400),
        ({**new(1), "unit": "/".join("甲乙丙丁戊己庚辛壬癸子")}, "invalid", 400),
        ({**new(1), "employee_no": "9" * 31}, "invalid", 400),
        ({**new(1), "name": "甲\0"}, "invalid_json", 400),
        *(
            ({**new(1), "hired_on": day}, "invalid", 400)
            for day in (0, "0", "20261128", "2026-02-30", "2026-W48-6", "2026-11-28T00:00:00Z")
        ),
        ([1, 2], "invalid", 400),
    ],
)
def test_refuses_what_no_learner_can_be_and_adds_nobody(caller, body, code, status):
    told = caller.post("/learners", body)
    assert (told.status, told.code) == (status, code), told.body
    assert not Learner.objects.exists()
    if code == "invalid":
        assert all(set(one) == {"field", "message"} for one in told.body["errors"])


def test_a_taken_number_is_refused_and_changes_nothing(caller):
    assert caller.post("/learners", new(1)).status == 201
    told = caller.post("/learners", {**new(1), "mobile": "13800000099"})
    assert (told.status, told.code) == (409, "id_taken")
    assert Learner.objects.count() == 1


def test_a_body_that_is_no_json_is_refused(caller, in_jia):
    told = caller._client.post("/api/v1/learners", "{", content_type="application/json")
    assert (told.status_code, told.json()["code"]) == (400, "invalid_json")
    assert not Learner.objects.exists()


def test_plans_and_duties_say_where_everybody_stands(caller, yi):
    people_of_plan = [learner(n) for n in range(3)]
    uuid = plan_ground.open_plan()
    other = learner(5)
    assert [one["id"] for one in walked(caller, "/plans?state=RUNNING")] == [str(uuid)]
    assert walked(caller, "/plans?state=CLOSED") == []
    told = caller.get(f"/plans/{uuid}").body
    assert (told["people"], told["done"], told["state"]) == (3, 0, "RUNNING")
    duties = walked(caller, f"/plans/{uuid}/duties")
    assert {one["learner_id"] for one in duties} == {str(view.uuid) for view in people_of_plan}
    assert {(one["state"], one["plan_id"]) for one in duties} == {("ASSIGNED", str(uuid))}
    assert [one["plan_id"] for one in walked(caller, f"/learners/{people_of_plan[0].uuid}/duties")] == [str(uuid)]
    added = caller.post(f"/plans/{uuid}/learners", {"learner_ids": [str(other.uuid), str(people_of_plan[0].uuid)]})
    assert (added.status, added.body) == (200, {"added": 1})
    with enterprise_scope(yi):
        assert plans.plans_after(0, limit=10) == []
        neighbour = Caller(yi, token(name="邻居的系统"))
    assert neighbour.get(f"/plans/{uuid}").status == 404
    assert neighbour.get(f"/plans/{uuid}/duties").status == 404


def test_an_unknown_learner_joins_nobody_to_a_plan(caller):
    learner(1)
    uuid, late = plan_ground.open_plan(), learner(2)
    told = caller.post(f"/plans/{uuid}/learners", {"learner_ids": [str(late.uuid), str(uuid4())]})
    assert (told.status, told.code) == (422, "unknown_learner")
    assert caller.get(f"/plans/{uuid}").body["people"] == 1
    plans.close_plan(plan_uuid=uuid, at=NOON)
    assert caller.post(f"/plans/{uuid}/learners", {"learner_ids": [str(late.uuid)]}).code == "plan_closed"


def test_records_come_in_the_order_of_their_seals_and_go_on_without_a_gap(caller, yi):
    views = [learner(n) for n in range(3)]
    before = caller.get("/records").body
    assert (before["items"], before["next"]) == ([], ""), "nothing is sealed yet"
    seal_ledger()
    records.append_entry(kind="CONSENT", subject=views[0].uuid, body={"event": "chosen"}, at=NOON)
    records.append_entry(kind="EXAM", subject=views[0].uuid, body={"event": "exam", "score": 90}, at=NOON)
    seal_ledger()
    first = caller.get("/records?limit=2").body
    rest = caller.get(f"/records?limit=50&cursor={first['next']}").body
    found = first["items"] + rest["items"]
    assert [one["kind"] for one in found] == ["REGISTRATION"] * 3 + ["EXAM"]
    assert [one["place"] for one in found] == sorted(one["place"] for one in found)
    assert found[-1]["hash"] == bytes(LedgerEntry.objects.get(kind="EXAM").hash).hex()
    assert caller.get(f"/records?cursor={rest['next']}").body == {"items": [], "next": rest["next"]}
    own = caller.get(f"/records?learner={views[0].uuid}&kind=EXAM").body["items"]
    assert [one["body"]["score"] for one in own] == [90]
    assert caller.get("/records?kind=CONSENT").status == 400
    with enterprise_scope(yi):
        neighbour = Caller(yi, token(name="邻居的系统"))
    assert neighbour.get(f"/records?learner={views[0].uuid}").body["items"] == []


def test_certificates_say_what_they_are_worth_today(caller, yi):
    finished()
    row = Certificate.objects.get()
    listed = walked(caller, "/certificates")
    assert [(one["number"], one["state"]) for one in listed] == [(row.number, "VALID")]
    one = caller.get(f"/certificates/{row.uuid}").body
    assert one == listed[0]
    assert one["fingerprint"] == row.listing["fingerprint"]
    assert caller.get("/statistics").body["certificates"]["VALID"] == 1
    with enterprise_scope(yi):
        neighbour = Caller(yi, token(name="邻居的系统"))
    assert neighbour.get(f"/certificates/{row.uuid}").status == 404
    assert walked(neighbour, "/certificates") == []


def test_anybodys_certificate_is_verified_by_its_code_and_its_name_stays_masked(caller, yi):
    finished(1, name="学员独一")
    row = Certificate.objects.get()
    with enterprise_scope(yi):
        neighbour = Caller(yi, token(name="邻居的系统"))
    told = neighbour.get(f"/verify/{row.code}")
    assert (told.status, told.body["number"], told.body["is_genuine"], told.body["state"]) == (200, row.number, True, "VALID")
    assert "学员独一" not in str(told.body)
    assert neighbour.get("/verify/no-such-code").status == 404
    assert neighbour.get("/verify/bad").status == 400


def test_statistics_by_unit_count_people_and_duties_of_running_plans(caller):
    for n, unit in enumerate(("生产部/一车间", "生产部/一车间", "仓储部", "")):
        learner(n, unit_path=unit)
    plan_ground.open_plan()
    found = {one["unit"]: (one["people"], one["duties"], one["done"]) for one in caller.get("/statistics/units").body["items"]}
    assert found == {"生产部/一车间": (2, 2, 0), "仓储部": (1, 1, 0), "": (1, 1, 0)}


def test_statistics_count_people_and_name_nobody(caller):
    learner(1, "学员独一")
    told = caller.get("/statistics").body
    assert (told["learners"], told["running_plans"]) == (1, 0)
    assert "学员独一" not in str(told)


@pytest.mark.parametrize("path", ["/learners", "/plans", "/records", "/certificates", "/units", "/statistics/units"])
def test_a_list_costs_the_same_however_long_it_is(caller, path):
    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert caller.get(path).status == 200
        return len(seen)

    learner(0)
    plan_ground.open_plan()
    seal_ledger()
    counted()  # keys and caches are warm
    few = counted()
    for n in range(1, 8):
        learner(n)
    seal_ledger()
    assert counted() == few


def test_a_cursor_of_another_list_is_refused(caller):
    for n in range(3):
        learner(n)
    word = caller.get("/learners?limit=1").body["next"]
    assert caller.post("/learners/search", {"text": "学员", "limit": True}).status == 400
    assert caller.post("/learners/search", {"text": "学员", "limit": 2.0}).status == 200
    told = caller.get(f"/plans?cursor={word}")
    assert (told.status, told.code) == (422, "cursor")
    assert caller.get("/learners?limit=0").status == 400
    assert caller.get("/learners?limit=999").status == 400
    assert people.count_learners() == 3


@pytest.mark.req("R5.4")
def test_every_reading_of_persons_is_written_down_without_what_was_looked_for(caller):
    learner(1, "学员独一")
    caller.get("/learners")
    caller.post("/learners/search", {"text": "学员独一"})
    caller.get("/statistics")
    (listed,), (searched,) = audit.history("operation:listLearners"), audit.history("operation:searchLearners")
    assert (listed.action, listed.actor.split(":")[0], listed.details["rows"]) == ("openapi.read", "key", 1)
    found = AuditEvent.objects.get(target="operation:listLearners")
    assert (found.direction, found.details["party"], found.details["label"]) == ("OUT", found.actor, "2-TRAINING")
    assert "学员独一" not in str(searched.details)
    assert audit.history("operation:getStatistics") == []
