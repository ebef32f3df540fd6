"""People are told, and told again when another version begins; a face needs consent to the newest one (PIPL arts. 14, 17, 29)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.people import api as people
from apps.people.models import Identity
from apps.people.privacy import informing
from apps.records import api as records
from infra.kit.errors import DomainError
from public.operators.api import Me
from public.privacy import services
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.people.privacy.conftest import NOON, browser_of

pytestmark = pytest.mark.req("R1.4", "R2.1")
LATER = NOON + timedelta(days=8)


def publish(kind: str) -> None:
    with platform_scope():
        services.publish(
            kind=kind, version="2026-12", valid_from=date(2026, 12, 1), text="谁在处理：企业。\n为什么：培训。", text_en="Who: x.\nWhy: y.",
            changes="写明了保存期限。", changes_en="Says how long.", me=Me(7, "运营甲", "OPERATIONS"), at=NOON, ip="10.0.0.1",
        )  # fmt: skip


def told(pupil) -> list[tuple[str, str]]:
    return [(entry.body["event"], entry.body["notice"]) for entry in records.entries_of(pupil.uuid) if entry.kind == "CONSENT"]


def test_reading_is_written_down_once_with_version_and_fingerprint(pupil):
    due = informing.notice_due(pupil.pk, at=NOON)
    assert due is not None
    for _ in range(2):
        informing.read(learner_id=pupil.pk, version=due.version, at=NOON)
    assert informing.notice_due(pupil.pk, at=NOON) is None
    assert told(pupil) == [("told", "2026-11")]
    assert records.entries_of(pupil.uuid)[-1].body["notice_digest"] == due.digest


def test_another_version_is_told_again_from_its_day_on(pupil):
    informing.read(learner_id=pupil.pk, version="2026-11", at=NOON)
    publish("PRIVACY")
    assert informing.notice_due(pupil.pk, at=NOON) is None
    due = informing.notice_due(pupil.pk, at=LATER)
    assert due is not None
    assert due.changes == "写明了保存期限。"
    with pytest.raises(DomainError, match="notice_changed"):
        informing.read(learner_id=pupil.pk, version="2026-11", at=LATER)
    informing.read(learner_id=pupil.pk, version="2026-12", at=LATER)
    assert told(pupil) == [("told", "2026-11"), ("told", "2026-12")]


def test_a_face_agreed_to_under_an_older_notice_asks_again_and_is_kept_meanwhile(pupil):
    people.choose_method(learner_id=pupil.pk, method="face", at=NOON)
    Identity.objects.filter(learner=pupil).update(key_sealed=b"k", template_sealed=b"t", enrolled_at=NOON)
    people.note_proof(learner_id=pupil.pk, terminal="t", method="face", at=LATER)
    assert people.identity_of(pupil.pk, at=LATER, terminal="t").needs is None
    publish("FACE")
    assert people.identity_of(pupil.pk, at=LATER, terminal="t").needs == "consent"
    people.choose_method(learner_id=pupil.pk, method="face", at=LATER)
    assert people.identity_of(pupil.pk, at=LATER, terminal="t").needs is None
    assert bytes(Identity.objects.get(learner=pupil).template_sealed) == b"t"
    assert told(pupil) == [("chosen", "2026-11"), ("chosen", "2026-12")]


def test_who_uses_the_code_is_not_asked_about_faces(pupil):
    people.choose_method(learner_id=pupil.pk, method="code", at=NOON)
    people.note_proof(learner_id=pupil.pk, terminal="t", method="code", at=LATER)
    publish("FACE")
    assert people.identity_of(pupil.pk, at=LATER, terminal="t").needs is None


def test_the_home_shows_it_until_it_was_read(jia, pupil):
    browser = browser_of(jia, pupil)
    assert "/learn/data/notice" in browser.get("/learn").content.decode()
    page = browser.get("/learn/data/notice?from=home").content.decode()
    assert "浙江省安全生产条例第十四条" in page
    assert browser.post("/learn/data/notice", {"version": "2026-11", "from": "home"})["Location"] == "/learn"
    assert "/learn/data/notice" not in browser.get("/learn").content.decode()
    with enterprise_scope(jia):
        assert told(pupil)[-1] == ("told", "2026-11")
