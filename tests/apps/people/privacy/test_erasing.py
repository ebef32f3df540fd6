"""Erasure really erases: at once what no law keeps, the rest on its day, and never a hash (PIPL art. 47, 浙江条例 art. 14)."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.utils import DatabaseError

from apps.people import api as people
from apps.people import rules, services
from apps.people.models import Change, Identity, Learner, Manager, Notice
from apps.people.organisation import qualifications
from apps.people.privacy import erasing
from apps.records import api as records
from apps.records.models import Certificate
from apps.records.retention import holding
from infra.adapters.sms import outbox
from infra.kit.errors import DomainError
from public.regulators.models import CertificateListing
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.people.privacy.conftest import ID, MOBILE, NOON, ask, decide, erased
from tests.infra.wiring.permission_ground import signed_in

pytestmark = pytest.mark.req("R1.4")
YEARS_3 = NOON + timedelta(days=3 * 366)


def everything_said(*, but: str = "") -> str:
    """Return all rows of the enterprise's tables as text, one left out."""
    said = []
    for config in apps.get_app_configs():
        if config.name in settings.TENANT_APPS:
            for model in (one for one in config.get_models() if one._meta.label != but):
                with connection.cursor() as cursor:
                    cursor.execute(f'SELECT row_to_json(t)::text FROM "{model._meta.db_table}" t')
                    said += [row[0] for row in cursor.fetchall()]
    return "\n".join(said)


def test_without_training_everything_goes_at_once(seen, owner, folder):
    photo = Identity.objects.get(learner=seen).photo
    assert erasing.outlook(seen, at=NOON).until is None
    done = erased(seen, owner)
    assert done.effect == {"kept_until": ""}
    seen.refresh_from_db()
    assert (seen.name, seen.status, seen.erase_on) == (erasing.NOBODY, "ARCHIVED", None)
    assert seen.erased_at is not None
    for trace in ("学员甲", people.person_key(ID)):
        assert trace not in everything_said()
    assert ID[:4] + "*" * 12 not in everything_said(but="records.LedgerEntry"), "only the ledger, masked as it was"
    assert not default_storage.exists(photo)
    assert not Notice.objects.filter(learner=seen).exists()
    assert bytes(Identity.objects.get(learner=seen).key_sealed) == b""


def test_the_person_is_told_once_by_text_and_cannot_come_in_any_more(jia, seen, owner):
    credential = seen.credential
    browser = signed_in(jia, credential)
    assert browser.get("/learn/data").status_code == 200
    erased(seen, owner)
    texts = [message.text for message in outbox.messages() if message.mobile == MOBILE and message.text]
    assert len(texts) == 1
    assert "已删除" in texts[0]
    assert browser.get("/learn/data").status_code == 302
    credential.refresh_from_db()
    assert (credential.is_active, credential.name, credential.has_usable_password()) == (False, erasing.NOBODY, False)


def test_with_training_the_record_stays_three_years_and_nothing_else(trained, seen, owner):
    outlook = erasing.outlook(trained, at=NOON)
    assert outlook.until == date(2029, 11, 23)
    assert "浙江省安全生产条例" in outlook.law
    done = erased(trained, owner)
    assert done.effect == {"kept_until": "2029-11-23"}
    trained.refresh_from_db()
    assert (trained.name, trained.erase_on, trained.erased_at) == ("学员甲", date(2029, 11, 23), None)
    assert trained.restricted_at is not None
    assert bytes(Identity.objects.get(learner=trained).template_sealed) == b""
    assert not Learner.objects.filter(mobile_index=rules.mobile_index(MOBILE)).exists()
    assert erasing.run_due(at=YEARS_3 - timedelta(days=4)) == 0
    trained.refresh_from_db()
    assert trained.name == "学员甲"


def test_on_that_day_the_rest_goes_and_ledger_and_certificate_still_hold(trained, owner):
    erased(trained, owner)
    before = [(entry.n, entry.kind, entry.hash_hex) for entry in records.entries_of(trained.uuid)]
    listing = Certificate.objects.get(subject=trained.uuid).listing
    assert erasing.run_due(at=YEARS_3) == 1
    assert erasing.run_due(at=YEARS_3) == 0
    trained.refresh_from_db()
    assert (trained.name, trained.erased_at is not None, trained.unit) == (erasing.NOBODY, True, None)
    assert [(entry.n, entry.kind, entry.hash_hex) for entry in records.entries_of(trained.uuid)] == before
    assert records.verify_chain(trained.uuid).is_whole
    certificate = Certificate.objects.get(subject=trained.uuid)
    assert certificate.listing == listing
    assert (certificate.body["name"], certificate.body["masked_id"]) == (listing["name"], "—")
    with platform_scope():
        listed = CertificateListing.objects.get(code=certificate.code)
    assert (listed.body, listed.signature) == (listing, certificate.signature)  # what strangers check is as it was
    assert "学员甲" not in everything_said()


def test_special_operations_are_kept_six_years(trained, owner):
    qualifications.add(
        learner_uuid=trained.uuid, kind="ELECTRIC", item="低压电工作业", number="T330106199003070014", review_on=None,
        expires_on=date(2028, 1, 1), by=owner.pk, at=NOON,
    )  # fmt: skip
    assert erasing.kept_until(trained, today=date(2026, 11, 24))[0] == date(2032, 11, 23)


def test_another_hold_moves_the_day(trained, owner, monkeypatch):
    monkeypatch.setattr(erasing, "_holds", [lambda learner_id, today: date(2035, 1, 1) if learner_id == trained.pk else None])
    erased(trained, owner)
    trained.refresh_from_db()
    assert trained.erase_on == date(2035, 1, 1)
    assert erasing.run_due(at=YEARS_3) == 0


def test_one_who_cannot_be_erased_holds_nobody_else_up(trained, colleague, owner, monkeypatch):
    for one in (trained, colleague):
        erased(one, owner)
    Learner.objects.filter(pk=colleague.pk).update(
        erase_on=YEARS_3.date(), erased_at=None
    )  # as one whose record was kept until now

    def unsure(learner_id: int, today: date) -> date | None:
        if learner_id == trained.pk:
            raise DatabaseError("the row of 学员甲 is broken")
        return None

    monkeypatch.setattr(erasing, "_holds", [unsure])
    with pytest.raises(RuntimeError, match=r"^1 learners were not erased, 1 were$") as told:
        erasing.run_due(at=YEARS_3)
    assert told.value.__cause__ is None
    assert told.value.__context__ is None
    trained.refresh_from_db()
    assert trained.erased_at is None
    assert Learner.objects.get(pk=colleague.pk).erased_at == YEARS_3
    monkeypatch.undo()
    assert erasing.run_due(at=YEARS_3) == 1


def test_who_comes_back_to_work_ends_a_deletion_that_was_under_way(trained, owner):
    erased(trained, owner)
    services.restore_learner(learner_uuid=trained.uuid, at=NOON + timedelta(days=9), by=owner.pk)
    trained.refresh_from_db()
    assert (trained.erase_on, trained.restricted_at, trained.is_active) == (None, None, True)
    assert erasing.run_due(at=YEARS_3) == 0


def test_an_erased_person_is_neither_changed_nor_restored_and_may_be_added_anew(pupil, owner):
    erased(pupil, owner)
    with pytest.raises(DomainError, match="erased"):
        services.restore_learner(learner_uuid=pupil.uuid, at=NOON, by=owner.pk)
    pupil.refresh_from_db()
    assert not pupil.is_active
    again = people.add_learner(name="学员甲", id_number=ID, mobile=MOBILE, at=NOON)
    assert again.id != pupil.pk


def test_a_manager_is_not_erased_before_leaving_the_office(pupil, owner):
    Manager.objects.create(credential=pupil.credential, name="学员甲", role="TRAINING")
    row = ask(pupil, "ERASURE")
    with pytest.raises(DomainError, match="is_manager"), transaction.atomic():
        decide(row, owner)
    pupil.refresh_from_db()
    row.refresh_from_db()
    assert (pupil.name, pupil.is_active, row.is_waiting) == ("学员甲", True, True)


@pytest.mark.req("R4.2")
@pytest.mark.parametrize("granted", [False, True])
def test_history_loses_a_name_by_the_one_function_for_the_erased_alone(trained, owner, granted):
    if granted:
        erased(trained, owner)  # granted, but the law keeps the record: not erased yet
    before = list(Change.objects.order_by("pk").values_list("name", "changes"))
    for statement, values in (
        ("SELECT public.privacy_forget(%s)", [trained.uuid]),
        ("UPDATE people_change SET name = '—', changes = '{}' WHERE subject = %s", [str(trained.uuid)]),
        ("DELETE FROM people_change WHERE subject = %s", [str(trained.uuid)]),
        ("UPDATE records_certificate SET body = '{}' WHERE subject = %s", [trained.uuid]),
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    assert list(Change.objects.order_by("pk").values_list("name", "changes")) == before


def test_the_neighbour_s_function_finds_nobody(db, yi, trained):
    with enterprise_scope(yi), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT public.privacy_forget(%s)", [trained.uuid])


def test_the_request_itself_keeps_no_words(pupil, owner):
    row = ask(pupil, "ERASURE", words="我是学员甲，住在某某路")
    decide(row, owner, reason="已离职，同意")
    row.refresh_from_db()
    assert (row.words, row.reason, row.state) == ("", "—", "APPROVED")
    assert json.dumps([entry.body for entry in records.entries_of(pupil.uuid)], ensure_ascii=False).count("某某路") == 0


def test_a_legal_hold_keeps_everything_until_it_ends(seen, owner):
    day = NOON.date()
    hold = holding.place(subject=seen.uuid, reason="劳动争议仲裁", until=None, by="manager:1", by_name="安全员", at=NOON)
    assert erasing.outlook(seen, at=NOON).until == day + timedelta(days=30)
    erased(seen, owner)
    seen.refresh_from_db()
    assert (seen.name, seen.erased_at) == ("学员甲", None)
    holding.end(hold=hold.uuid, reason="仲裁已结案", by="manager:1", by_name="安全员", at=NOON)
    assert erasing.outlook(seen, at=NOON).until is None
    holding.place(subject=None, reason="事故调查中", until=day + timedelta(days=3), by="manager:1", by_name="安全员", at=NOON)
    assert erasing.outlook(seen, at=NOON).until == day + timedelta(days=4)
