"""No room can forget it: a file that leaves and a person who is turned away are in the log, with label and digest."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.people import api as people
from apps.plans.signing import queries, services
from infra.kit import clock
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope
from tests.apps.plans import ground, signed
from tests.conftest import NOON
from tests.infra.wiring.permission_ground import signed_in


@pytest.fixture
def owner(db: None, jia: Any) -> Client:
    with enterprise_scope(jia):
        ground.learner(1, "学员甲")
        return signed_in(jia, people.open_owner(name="安全员", mobile="13900000000", password=None, at=NOON))


@pytest.fixture
def learner(db: None, jia: Any) -> Client:
    from apps.people.models import Learner

    with enterprise_scope(jia):
        view = ground.learner(2, "学员乙")
        return signed_in(jia, Learner.objects.get(pk=view.id).credential)


@pytest.mark.req("R5.4")
@pytest.mark.req("R5.7")
def test_a_list_that_leaves_is_marked_and_noted_with_its_digest(owner, jia):
    answer = owner.get("/console/people?export=xlsx")
    assert (answer.status_code, answer["X-Data-Label"]) == (200, "2-TRAINING")
    with enterprise_scope(jia):
        told = AuditEvent.objects.get(action="file.sent")
    assert (told.direction, told.details["sha256"]) == ("OUT", hashlib.sha256(answer.content).hexdigest())
    assert told.actor.startswith("manager:")
    assert told.trace == answer["X-Trace-Id"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        parts = "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
        assert any(name.startswith("xl/media/") for name in book.namelist()), "the watermark"
    assert "敏感 · 培训" in parts
    assert f"安全员（{told.actor}）" in parts


@pytest.mark.req("R5.4")
def test_a_signature_that_a_manager_looks_at_is_noted_and_the_learners_own_look_is_not(in_jia):
    someone, view = signed.finished()
    record = queries.record(view.uuid, learner_id=someone.id).fingerprint
    row = services.sign_by_hand(
        assignment=view.uuid, learner=someone, record=record, strokes=signed.HAND, ip="10.0.0.1", at=clock.now()
    )
    url = f"/learn/signatures/{row.uuid}.png"
    assert ground.learner_browser(in_jia, someone).get(url).status_code == 200
    assert not AuditEvent.objects.filter(action="file.shown").exists()
    shown = ground.manager_browser(in_jia).get(url)
    told = AuditEvent.objects.get(action="file.shown")
    assert told.actor.startswith("manager:")
    assert told.details == {
        "which": f"uuid={row.uuid}", "sha256": hashlib.sha256(shown.content).hexdigest(), "label": "2-TRAINING",
    }  # fmt: skip


@pytest.mark.req("R5.4")
def test_pages_are_no_files(owner, jia):
    owner.get("/console/people")
    with enterprise_scope(jia):
        assert not AuditEvent.objects.filter(action="file.sent").exists()


@pytest.mark.req("R5.4")
def test_who_is_turned_away_by_role_is_noted_and_a_flood_of_it_fills_no_log(learner, jia):
    for _ in range(40):
        assert learner.get("/console/people").status_code == 403
    with enterprise_scope(jia):
        told = AuditEvent.objects.filter(action="access.refused")
        assert told.count() == 30
        one = told.first()
    assert one is not None
    assert (one.result, one.target, one.details["why"]) == ("REFUSED", "page:console-people", "managers_only")
    assert one.actor.startswith("learner:")


@pytest.mark.req("R5.4")
def test_a_stranger_is_nobody_who_was_refused(db, jia):
    Client(HTTP_HOST=jia.host).get("/console/people")
    with enterprise_scope(jia):
        assert not AuditEvent.objects.filter(action="access.refused").exists()


@pytest.mark.req("R5.4")
def test_the_neighbour_reads_nothing_of_it(learner, jia, yi):
    learner.get("/console/people")
    with enterprise_scope(yi):
        assert not AuditEvent.objects.filter(action="access.refused").exists()


@pytest.mark.req("R5.4")
def test_a_list_that_comes_in_is_noted_without_its_name(owner, jia):
    content = f"姓名,身份证号,手机号\n学员丙,{ground.resident_id(5)},13812345678\n".encode()
    file = SimpleUploadedFile("张三的名单.csv", content, "text/csv")
    assert owner.post("/console/people/import", {"file": file}).status_code < 400
    with enterprise_scope(jia):
        told = AuditEvent.objects.get(action="file.received")
    assert (told.direction, told.details["bytes"]) == ("IN", len(content))
    assert "张三" not in str(told.details)


@pytest.mark.req("R5.4")
def test_a_wrong_password_is_written_down_alike_for_known_and_unknown_numbers(owner, jia):
    browser = Client(HTTP_HOST=jia.host)
    for mobile in ("13900000000", "13911112222"):
        assert (
            browser.post("/sign-in", {"way": "password", "do": "enter", "mobile": mobile, "password": "Falsch-2026"}).status_code
            == 422
        )
    with enterprise_scope(jia):
        told = list(AuditEvent.objects.filter(action="people.sign_in_refused").order_by("at"))
    assert [(row.actor, row.result) for row in told] == [("stranger", "REFUSED")] * 2
    assert told[0].target != told[1].target
    assert "139" not in f"{told[0].target}{told[0].details}"
