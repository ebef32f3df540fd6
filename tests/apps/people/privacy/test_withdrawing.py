"""Files that were made before an erasure go with it: nobody is found for a week in what is gone already."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import TestCase

from apps.people.models import ImportJob
from apps.people.privacy import erasing
from apps.plans.certificates import batches
from apps.plans.inspection import packages
from apps.plans.models import CertificateBatch, InspectionLink, InspectionPackage
from apps.records import api as records
from apps.records.models import ArchivePackage
from apps.records.retention import api as retention
from infra.kit import clock
from infra.kit.errors import DomainError
from public.retention.models import Order
from tenants import orders, storage
from tenants.scope import enterprise_scope
from tests.apps.people.privacy.conftest import NOON, erased

pytestmark = pytest.mark.req("R1.4")
TOLD = "因个人信息删除已提前失效，请重新生成"
PURPOSES = {
    "ArchivePackage": "archive-package",
    "CertificateBatch": "certificate-batch",
    "InspectionPackage": "inspection-package",
}


def archives(*subjects, kind="LEARNERS", by="manager:1"):
    made = records.order_package(kind=kind, subjects=subjects, within=None, by=by, by_name="安全员", at=NOON)
    return ArchivePackage.objects.get(pk=made.pk)


def inspection(owner):
    return packages.order(unit_id=None, since=NOON.date(), until=NOON.date(), by=owner.pk, at=NOON)


def prints(owner, subject):
    ids = [one.id for one in records.certificates_of(subject)]
    return batches.order_print(kind="SHEETS", ids=ids, origin="", by=owner.pk, at=NOON)


def made(row):
    """Let a worker finish an order."""
    with orders.carried_out(row, who="manager:1", name="安全员"):
        orders.keep(row, io.BytesIO(b"PK of 1"), folder="t", purpose=PURPOSES[type(row).__name__])
    assert row.state == "DONE"
    assert default_storage.exists(row.storage_key)
    return row


def begun(row):
    """Let a worker be at an order."""
    type(row).objects.filter(pk=row.pk).update(state="RUNNING")
    row.refresh_from_db()
    return row


def gone(row):
    key = row.storage_key
    row.refresh_from_db()
    return (row.state, row.storage_key, bool(key) and default_storage.exists(key)) == ("WITHDRAWN", "", False)


def test_ready_files_that_can_hold_the_person_go_at_once(trained, colleague, owner, folder):
    other = archives(colleague.uuid)
    made(other)
    mine = [made(archives(trained.uuid, colleague.uuid)), made(archives(uuid4(), kind="CLASSES")), made(inspection(owner))]
    mine.append(made(prints(owner, trained.uuid)))
    erased(trained, owner)
    assert [gone(one) for one in mine] == [True] * 4
    assert ArchivePackage.objects.get(pk=mine[0].pk).subjects == []
    other.refresh_from_db()
    assert (other.state, default_storage.exists(other.storage_key)) == ("DONE", True), "nobody of it was erased"
    for ask in (
        lambda: packages.file_of(InspectionPackage.objects.get(), at=NOON),
        lambda: batches.file_of(CertificateBatch.objects.get(), at=NOON),
        lambda: records.package_file(ArchivePackage.objects.get(pk=mine[0].pk), by="manager:1", at=NOON),
    ):
        with pytest.raises(DomainError) as caught:
            ask()
        assert (caught.value.code, caught.value.status) == ("file_withdrawn", 410)


def test_what_a_worker_is_at_is_begun_anew_and_its_former_end_is_not_kept(trained, owner, folder):
    row = begun(inspection(owner))
    link = InspectionLink.objects.create(
        package=row,
        token_digest="d" * 64,
        since=NOON.date(),
        until=NOON.date(),
        by=owner,
        at=NOON,
        expires_at=NOON + timedelta(days=3),
    )
    erased(trained, owner)
    assert orders.keep(row, io.BytesIO(b"PK of 1"), folder="t", purpose="inspection-package") == "", (
        "the worker of before comes too late"
    )
    assert gone(row)
    again = InspectionPackage.objects.exclude(pk=row.pk).get()
    assert (again.state, again.since, again.by_id, again.uuid != row.uuid) == ("QUEUED", row.since, owner.pk, True)
    link.refresh_from_db()
    assert link.package_id == again.pk


def test_what_waits_in_the_queue_waits_on(trained, owner):
    row = archives(trained.uuid)
    erased(trained, owner)
    row.refresh_from_db()
    assert (row.state, ArchivePackage.objects.count()) == ("QUEUED", 1)


def test_everything_of_the_enterprise_and_old_months_go_too(trained, owner):
    row = retention.place_order(kind="EXPORT", by=retention.By("manager:1", "安全员"), at=NOON)
    own = retention.place_order(kind="RESTORE", subject=trained.uuid, by=retention.By("manager:1", "安全员"), at=NOON)
    Order.objects.filter(pk=own.pk).update(state="DONE", key_sealed=b"k")
    begun(row)
    erased(trained, owner)
    row.refresh_from_db()
    own.refresh_from_db()
    assert (row.state, own.state, bytes(own.key_sealed)) == ("WITHDRAWN", "WITHDRAWN", b"")
    assert Order.objects.get(kind="EXPORT", state="QUEUED").uuid != row.uuid


def test_on_the_day_when_the_record_goes_what_was_made_since_goes_too(trained, owner):
    erased(trained, owner)
    late = made(archives(trained.uuid))
    later = NOON + timedelta(days=3 * 366)
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert erasing.run_due(at=later) == 1
    late.refresh_from_db()
    assert (late.state, late.storage_key) == ("WITHDRAWN", "")


def test_a_file_that_the_store_does_not_let_go_is_removed_by_the_next_round(trained, owner, folder, monkeypatch):
    row = made(archives(trained.uuid))
    key, delete = row.storage_key, default_storage.delete

    def away(name: str) -> None:
        if name == key:
            raise OSError(name)
        delete(name)

    with monkeypatch.context() as while_away:
        while_away.setattr(default_storage, "delete", away)
        erased(trained, owner)
    row.refresh_from_db()
    assert (row.state, row.storage_key, default_storage.exists(key)) == ("WITHDRAWN", key, True)
    with pytest.raises(DomainError, match="file_withdrawn"):
        records.package_file(row, by="manager:1", at=NOON)
    assert orders.forget_old(ArchivePackage.objects.all(), at=NOON + timedelta(days=1)) == 1
    assert gone(row)


def test_lists_that_were_imported_go_and_one_that_waits_stays(trained, owner, folder):
    def listed(state):
        name = default_storage.save(storage.key(f"imports/{uuid4()}"), ContentFile(b"x"))
        return ImportJob.objects.create(file_name="a.xlsx", storage_key=name, by=owner, at=NOON, rung_at=NOON, state=state)

    ended, waiting = listed("DONE"), listed("READY")
    keys = ended.storage_key, waiting.storage_key
    erased(trained, owner)
    ended.refresh_from_db()
    waiting.refresh_from_db()
    assert (ended.storage_key, waiting.storage_key) == ("", keys[1])
    assert [default_storage.exists(key) for key in keys] == [False, True]


def test_under_a_hold_nothing_goes(trained, owner, monkeypatch):
    monkeypatch.setattr(erasing, "_holds", [lambda learner_id, today: clock.shanghai_date(NOON + timedelta(days=900))])
    row = made(archives(trained.uuid))
    erased(trained, owner)
    row.refresh_from_db()
    assert row.state == "DONE"


def test_the_page_says_why(trained, owner, manager):
    made(archives(trained.uuid, by=f"manager:{owner.pk}"))
    made(inspection(owner))
    made(prints(owner, trained.uuid))
    erased(trained, owner)
    for path in (
        f"/console/archives/packages/{ArchivePackage.objects.get().uuid}",
        f"/console/inspection/packages/{InspectionPackage.objects.get().uuid}",
        f"/console/certificates/batches/{CertificateBatch.objects.get().uuid}",
    ):
        answer = manager.get(path)
        assert answer.status_code == 200, path
        assert TOLD in answer.content.decode()


@pytest.mark.req("R5.7")
def test_the_neighbours_files_stay(trained, owner, yi):
    with enterprise_scope(yi):
        row = made(archives(uuid4(), kind="CLASSES"))
    erased(trained, owner)
    with enterprise_scope(yi):
        row.refresh_from_db()
        assert row.state == "DONE"
