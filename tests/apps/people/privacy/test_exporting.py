"""Everything about me: complete, mine alone, fetched once, gone afterwards (PIPL art. 45)."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.test import TestCase

from apps.people.models import Learner, PrivacyRequest
from apps.people.privacy import files
from apps.records import api as records
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from tenants.scope import enterprise_scope
from tests.apps.people.privacy.conftest import ID, MOBILE, NOON, ask, browser_of, exported
from tests.infra.wiring.permission_ground import signed_in

pytestmark = pytest.mark.req("R1.4")


def opened(zipped: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(zipped))


def taken(row: PrivacyRequest, at=NOON) -> zipfile.ZipFile:
    return opened(files.take(uuid=row.uuid, learner_id=row.learner_id, at=at))


def data(archive: zipfile.ZipFile, model: str) -> list[dict]:
    name = next(name for name in archive.namelist() if name.endswith(f"-{model}.json"))
    return json.loads(archive.read(name))


def test_the_file_says_everything_in_full_to_read_and_to_carry_away(trained):
    ask(trained, "CORRECTION", wanted={"position": "电工"})
    archive = taken(exported(trained))
    me = data(archive, "people.Learner")[0]
    assert (me["name"], me["id"], me["mobile"]) == ("学员甲", ID, MOBILE)
    assert [entry["kind"] for entry in data(archive, "records.LedgerEntry")] == ["REGISTRATION", "CERTIFICATE"]
    assert data(archive, "people.PrivacyRequest")[0]["wanted"] == '{"position": "电工"}'
    assert any(name.endswith(".pdf") and archive.read(name).startswith(b"%PDF") for name in archive.namelist())
    page = archive.read("我的信息.html").decode()
    assert "<style>body{font" in page
    assert "学员资料" in page
    assert ID in page
    assert "人脸照片和特征只以密文保存" in page or "没有记录的种类" in page


def test_nothing_of_anybody_else_and_no_secret_is_in_it(trained, colleague):
    archive = taken(exported(trained))
    whole = b"".join(archive.read(name) for name in archive.namelist() if not name.endswith(".pdf")).decode()
    assert "学员乙" not in whole
    credential = trained.credential
    for secret in (credential.password, credential.login_key, trained.person_key, trained.mobile_index):
        assert secret not in whole


def test_it_is_fetched_once_and_then_gone_from_the_store(trained, folder):
    row = exported(trained)
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert ID.encode() not in kept[0].read_bytes()
    with TestCase.captureOnCommitCallbacks(execute=True):
        taken(row)
    assert not [path for path in folder.rglob("*") if path.is_file()]
    with pytest.raises(DomainError, match="file_gone"):
        taken(row)
    row.refresh_from_db()
    assert row.state == PrivacyRequest.State.TAKEN
    assert {event.action for event in AuditEvent.objects.filter(target=f"privacy:{row.uuid}")} == {
        "privacy.export_asked",
        "privacy.export_taken",
    }


def test_what_nobody_fetches_within_a_week_is_removed(trained, folder):
    row = exported(trained)
    late = NOON + timedelta(days=7)
    with pytest.raises(DomainError, match="file_gone"):
        taken(row, at=late)
    assert files.forget_old(at=late - timedelta(seconds=1)) == 0
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert files.forget_old(at=late) == 1
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_one_at_a_time_and_a_lost_one_may_be_ordered_anew(trained):
    files.order(learner_id=trained.pk, at=NOON)
    with pytest.raises(DomainError, match="export_running"):
        files.order(learner_id=trained.pk, at=NOON + timedelta(minutes=29))
    assert PrivacyRequest.objects.count() == 1
    files.order(learner_id=trained.pk, at=NOON + timedelta(minutes=31))
    assert sorted(PrivacyRequest.objects.values_list("state", flat=True)) == ["FAILED", "MAKING"]


def test_the_ledger_keeps_that_it_was_made_and_its_fingerprint(trained):
    row = exported(trained)
    entry = records.entries_of(trained.uuid)[-1]
    assert (entry.kind, entry.body["kind"], entry.body["sha256"]) == ("REQUEST", "EXPORT", row.sha256)
    assert records.verify_chain(trained.uuid).is_whole


def test_a_colleague_cannot_fetch_it(trained, colleague):
    row = exported(trained)
    with pytest.raises(DomainError, match="not_found"):
        files.take(uuid=row.uuid, learner_id=colleague.pk, at=NOON)
    row.refresh_from_db()
    assert row.state == PrivacyRequest.State.READY


def test_over_the_pages_only_after_showing_who_it_is_on_this_device(jia, trained):
    elsewhere = signed_in(jia, trained.credential)
    asked = elsewhere.post("/learn/data/export")
    assert asked["Location"].startswith("/learn/identity?next=")
    with enterprise_scope(jia):
        assert not PrivacyRequest.objects.exists()
    browser = browser_of(jia, trained)
    assert browser.post("/learn/data/export")["Location"] == "/learn/data"
    making = browser.get("/learn/data").content.decode()
    assert "正在整理" in making
    assert 'hx-trigger="every 1s"' in making
    with enterprise_scope(jia):
        row = files.build(PrivacyRequest.objects.get().uuid, at=clock.now())
    assert "只能下载一次" in browser.get("/learn/data").content.decode()
    refused = elsewhere.post(f"/learn/data/export/{row.uuid}")
    assert refused["Location"].startswith("/learn/identity?next=")
    answer = browser.post(f"/learn/data/export/{row.uuid}")
    assert "no-store" in answer["Cache-Control"]
    assert "我的信息.html" in opened(answer.content).namelist()
    assert browser.post(f"/learn/data/export/{row.uuid}").status_code == 410


def test_the_neighbour_finds_no_file(yi, trained):
    row = exported(trained)
    with enterprise_scope(yi):
        assert not PrivacyRequest.objects.exists()
        assert not Learner.objects.filter(uuid=trained.uuid).exists()
        with pytest.raises(DomainError, match="not_found"):
            files.take(uuid=row.uuid, learner_id=trained.pk, at=NOON)


def test_a_store_that_cannot_delete_costs_nobody_the_file(trained, monkeypatch):
    row = exported(trained)

    def fails(self: object, name: str) -> None:
        raise OSError("the store does not answer")

    monkeypatch.setattr(type(storages["default"]), "delete", fails)
    with TestCase.captureOnCommitCallbacks(execute=True):
        archive = taken(row)
    assert "我的信息.html" in archive.namelist()
