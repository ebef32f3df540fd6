"""A new data key for an enterprise: everything is sealed anew, in batches that may break off, and written down."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.people import api as people
from apps.people import sealing
from apps.people.identity import vault
from apps.people.identity.models import Identity
from apps.people.models import ImportJob, Learner, Manager
from apps.records.models import LedgerEntry
from infra.kit import envelope
from public.audit.models import AuditEvent
from public.operators.models import SecondFactor
from tenants import keys, storage, tasks
from tenants.keys import opened, resealing, rotation
from tenants.keys.models import DataKey, Rotation
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.public.desk import operator
from tests.tenants.keys.ground import counted, version_1

LATER = NOON + timedelta(days=1)
IDS = ("330106199003070014", "330203198511120024")


@pytest.fixture
def learners(in_jia, monkeypatch) -> list[Learner]:
    """Two learners, one sealed as before data keys; batches of one row, so that every step is a batch."""
    monkeypatch.setattr(resealing, "ROWS", 1)
    monkeypatch.setattr(resealing, "FILES", 1)
    for number, (name, id_number) in enumerate(zip(("学员甲", "学员乙"), IDS, strict=True)):
        people.add_learner(name=name, id_number=id_number, mobile=f"1380000000{number}", at=NOON)
    found = list(Learner.objects.order_by("pk"))
    Learner.objects.filter(pk=found[0].pk).update(id_sealed=version_1(IDS[0].encode(), sealing.ID))
    return found


def asked(site) -> Rotation:
    return rotation.ask(enterprise_id=site.id, by="operator:1", at=NOON)


def worked_off(at=NOON) -> Rotation | None:
    last = None
    while job := rotation.take(at=at):
        last = rotation.work_off(job, now=lambda: at)
    return last


def ids() -> list[str]:
    return [sealing.unseal(row.id_sealed, sealing.ID) for row in Learner.objects.order_by("pk")]


def headers(field: str = "id_sealed") -> set[envelope.Header | None]:
    return {envelope.header_of(bytes(value)) for value in Learner.objects.values_list(field, flat=True)}


@pytest.mark.req("R5.1")
def test_seals_everything_anew_and_writes_it_down(in_jia, learners, yi):
    before = DataKey.objects.filter(owner=str(in_jia.uuid)).count()
    asked(in_jia)
    job = worked_off()
    assert (job.state, job.number, job.broken) == (Rotation.State.SETTLING, before + 1, 0)
    assert job.done == job.total == 4
    assert ids() == list(IDS)
    assert headers() == headers("mobile_sealed") == {envelope.Header(envelope.AES_256_GCM, before + 1)}
    assert worked_off(NOON + timedelta(seconds=60)) is None, "some process may still seal with the old key"

    job = worked_off(LATER)
    assert (job.state, job.ended_at) == (Rotation.State.DONE, LATER)
    entries = LedgerEntry.objects.filter(kind="KEY", subject=in_jia.uuid).order_by("n")
    assert [entry.body["event"] for entry in entries] == ["rotation_started", "rotation_finished"]
    assert entries[1].body == {
        "event": "rotation_finished", "key": before + 1, "algorithm": "AES-256-GCM", "sealed_anew": 4, "broken": 0, "by": "operator:1",
    }  # fmt: skip
    assert AuditEvent.objects.filter(action="keys.rotation_finished", actor="operator:1").exists()
    with platform_scope():
        old = DataKey.objects.filter(owner=str(in_jia.uuid), number__lte=before)
        assert not old.filter(retired_at=None).exists()
    with enterprise_scope(yi):
        assert not LedgerEntry.objects.filter(kind="KEY").exists()


def test_what_is_sealed_with_the_old_key_meanwhile_is_found_by_the_last_look(in_jia, learners):
    old = opened.current(str(in_jia.uuid))
    asked(in_jia)
    worked_off()
    late = old.seal(IDS[1].encode(), label=f"{in_jia.uuid}/{sealing.ID}", algorithm=envelope.AES_256_GCM)
    Learner.objects.filter(pk=learners[1].pk).update(id_sealed=late)  # by a process that did not know yet
    assert ids() == list(IDS)
    assert worked_off(LATER).state == Rotation.State.DONE
    assert len(headers()) == 1
    assert ids() == list(IDS)


def test_a_worker_that_dies_costs_one_batch(in_jia, learners):
    job = asked(in_jia)
    goes_on = True
    while goes_on and job.done < 2:
        job, goes_on = rotation.step(job.pk, at=NOON)
    assert goes_on
    assert job.done == 2
    assert rotation.take(at=NOON + timedelta(seconds=5)) is None, "whoever worked a moment ago may be alive"
    done = job.done
    taken = rotation.take(at=NOON + rotation.SILENT + timedelta(seconds=1))
    assert (taken.pk, taken.done, taken.number) == (job.pk, done, job.number)
    assert rotation.work_off(taken, now=lambda: NOON).done == 4
    assert ids() == list(IDS)


def test_a_worker_may_stop_and_another_goes_on_at_once(in_jia, learners):
    job = asked(in_jia)
    taken = rotation.take(at=NOON)
    stopped = rotation.work_off(taken, now=lambda: NOON, stop=lambda: True)
    assert stopped.state == Rotation.State.RUNNING
    assert stopped.done < 4
    again = rotation.take(at=NOON + timedelta(seconds=1))
    assert again.pk == job.pk
    assert rotation.work_off(again, now=lambda: NOON).done == 4


def test_a_value_that_no_key_opens_stays_and_is_told(in_jia, learners):
    wreck = b"\x01" + b"x" * 40
    Learner.objects.filter(pk=learners[0].pk).update(mobile_sealed=wreck)
    asked(in_jia)
    worked_off()
    job = worked_off(LATER)
    assert (job.state, job.done, job.broken) == (Rotation.State.DONE, 3, 1)
    assert bytes(Learner.objects.get(pk=learners[0].pk).mobile_sealed) == wreck
    with platform_scope():
        assert DataKey.objects.filter(owner=str(in_jia.uuid), number=job.number - 1, retired_at=None).exists()


def test_files_are_sealed_anew_in_their_place(in_jia, learners):
    people.open_owner(name="安全员", mobile="13800000008", password="a-long-password", at=NOON)
    names = []
    for number in range(3):
        name = default_storage.save(
            storage.key(f"imports/rotated-{number}"), ContentFile(version_1(b"list %d" % number, sealing.ROSTER))
        )
        ImportJob.objects.create(file_name="a.xlsx", storage_key=name, by=Manager.objects.first(), at=NOON)
        names.append(name)
    ImportJob.objects.create(file_name="gone.xlsx", storage_key=storage.key("imports/gone"), by=Manager.objects.first(), at=NOON)
    asked(in_jia)
    job = worked_off()
    for number, name in enumerate(names):
        with default_storage.open(name) as file:
            raw = file.read()
        assert envelope.header_of(raw) == envelope.Header(envelope.AES_256_GCM, job.number)
        assert sealing.unseal_bytes(raw, sealing.ROSTER) == b"list %d" % number
        default_storage.delete(name)
    assert not default_storage.exists(storage.key("imports/gone"))


@pytest.mark.req("R1.4")
def test_a_face_stays_sealed_by_its_own_key_and_is_gone_with_it(in_jia, learners):
    row = Identity(learner=learners[0])
    row.template_sealed = vault.seal(b"features", row, "template")
    row.save()
    before = bytes(row.key_sealed), bytes(row.template_sealed)
    asked(in_jia)
    worked_off()
    row.refresh_from_db()
    assert bytes(row.key_sealed) != before[0]
    assert bytes(row.template_sealed) == before[1]
    assert vault.unseal(row.template_sealed, row, "template") == b"features"
    vault.shred(row)
    row.save()
    with pytest.raises(vault.Forgotten):
        vault.unseal(before[1], row, "template")


@pytest.mark.req("R5.6")
def test_a_change_of_the_algorithm_reaches_every_value(in_jia, learners, settings):
    settings.SEALING_ALGORITHM = "SM4-GCM"
    asked(in_jia)
    job = worked_off()
    assert job.algorithm == "SM4-GCM"
    assert headers() == {envelope.Header(envelope.SM4_GCM, job.number)}
    assert ids() == list(IDS)


def test_the_platform_has_its_own_rotation(platform):
    credential = operator("OPERATIONS")
    old = version_1(b"JBSWY3DPEHPK3PXP", f"totp/{credential}")
    SecondFactor.objects.filter(credential_id=credential).update(sealed=old)
    rotation.ask(enterprise_id=None, by="command", at=NOON)
    worked_off()
    assert worked_off(LATER).state == Rotation.State.DONE
    row = SecondFactor.objects.get(credential_id=credential)
    assert envelope.header_of(bytes(row.sealed)) is not None
    assert keys.unseal(row.sealed, purpose=f"totp/{credential}") == b"JBSWY3DPEHPK3PXP"
    assert AuditEvent.objects.filter(action="keys.rotation_finished", schema_name="public").exists()


def test_asked_twice_it_runs_once(in_jia, learners):
    assert asked(in_jia).pk == asked(in_jia).pk
    with platform_scope():
        assert Rotation.objects.count() == 1
        rotation.ask_all(by="command", at=NOON)
        assert Rotation.objects.filter(owner=str(in_jia.uuid)).count() == 1
        assert Rotation.objects.filter(owner=keys.PLATFORM).count() == 1


def test_the_key_service_is_asked_for_keys_never_for_values(in_jia, learners):
    with counted() as service:
        asked(in_jia)
        worked_off()
        assert service.calls["wrap"] == 1
        assert service.calls["unwrap"] <= 3


def test_one_rotation_that_breaks_off_keeps_nobody_waiting(in_jia, learners):
    with platform_scope():
        wreck = Rotation.objects.create(owner=str(uuid4()), schema_name="e_000000000000", by="command", asked_at=NOON)
    asked(in_jia)
    assert tasks.rotate_keys() == 1
    with platform_scope():
        assert Rotation.objects.get(owner=str(in_jia.uuid)).state == Rotation.State.SETTLING
        assert Rotation.objects.get(pk=wreck.pk).state == Rotation.State.QUEUED
    assert ids() == list(IDS)


def test_who_was_touched_longest_ago_comes_first(in_jia):
    with platform_scope():
        Rotation.objects.create(owner=str(uuid4()), schema_name="e_000000000000", by="command", asked_at=NOON, beat_at=NOON)
    mine = asked(in_jia)
    assert rotation.take(at=NOON + timedelta(minutes=1)).pk == mine.pk
