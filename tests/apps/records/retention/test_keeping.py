"""Old months go into packages; nothing is erased before its package was read back, and the database itself sees to it."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from apps.learning.models import PresenceCheck, StudySession
from apps.people import api as people
from apps.people.identity import vault
from apps.people.identity.models import FaceCheck, Identity, Outcome, Proof
from apps.records import api as records
from apps.records.retention import holding, queries, reading, rules, slicing, volumes
from apps.records.retention.bundles import BadBundle
from apps.records.retention.ports import KEEPERS, Span
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.retention.api import Package, Step
from tenants import storage
from tenants.api import enterprise_scope
from tests.apps.records.retention import ground
from tests.apps.records.retention.ground import MARCH, OLD

pytestmark = pytest.mark.req("R4.6")


def events(site):
    return [(entry.body["event"], entry.body.get("rows")) for entry in records.entries_of(site.uuid) if entry.kind == "PACKAGE"]


def process_rows():
    """All rows of March 2024 as their keepers give them."""
    span = Span(*rules.bounds(MARCH))
    return {keeper.name: list(keeper.select(span)) for keeper in KEEPERS.of("PROCESS")}


def still_here():
    return sum(keeper.count(Span(*rules.bounds(MARCH))) for keeper in KEEPERS.of("PROCESS"))


def test_an_old_month_is_packed_read_back_and_then_erased(pupil, in_jia):
    before = process_rows()
    picture = before["faces"][0].files[0]
    new = ground.face(pupil, clock.now())
    assert ground.stored(picture)
    done = ground.keep()
    assert (done.packages, done.erased, done.failed) == (1, 4, 0)
    assert not any(process_rows().values())
    assert not ground.stored(picture)
    assert list(FaceCheck.objects.values_list("pk", flat=True)) == [new.pk], "what is young stays"
    package = Package.objects.get()
    assert (package.what, package.month, package.rows) == ("PROCESS", MARCH, 4)
    with reading.verified(reading.stored(package)) as (bundle, manifest):
        assert {part: list(reading.rows_of(bundle, part)) for part in before} == before
        assert len([name for name in bundle.namelist() if name.startswith("files/")]) == 1
        assert manifest["enterprise"]["uscc"] == in_jia.uscc
    assert events(in_jia) == [("packed", 4), ("erased", 4)]
    row = StudySession.objects.get()
    assert (row.ip, row.terminal, row.signals) == ("0.0.0.0", "", {})  # noqa: S104 - an erased address
    assert (row.course_code, row.opened_at) == ("AQ-1", OLD), "what hours hang on stays"
    assert records.verify_chain(in_jia.uuid).is_whole


def test_a_second_round_finds_nothing_to_do(pupil, in_jia):
    ground.keep()
    done = ground.keep()
    assert (done.packages, done.erased, done.expired, done.failed) == (0, 0, 0, 0)
    assert Package.objects.count() == 1


def test_the_package_is_encrypted_and_names_nobody(pupil, folder):
    ground.keep()
    (file,) = (path for path in Path(folder).rglob("*.axs"))
    data = file.read_bytes()
    assert data.startswith(b"AXS1")
    for plain in (b"198.51.100.7", b"PK\x03\x04", str(pupil.uuid).encode(), ground.PICTURE):
        assert plain not in data
    package = Package.objects.get()
    assert str(pupil.uuid) not in str(package.learners)
    assert list(queries.packages(subject=pupil.uuid)) == [package]
    assert not queries.packages(subject=uuid4()).exists()


def test_nothing_is_erased_from_a_package_that_is_not_whole_any_more(pupil, in_jia, folder):
    package = ground.packed()
    before = process_rows()
    (file,) = Path(folder).rglob("*.axs")
    file.chmod(0o644)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    done = ground.keep()
    assert (done.erased, done.failed) == (0, 1)
    assert process_rows() == before
    assert all(ground.stored(name) for name in before["faces"][0].files)
    (told,) = audit.history("PROCESS:2024-03")
    assert told.action == "retention.not_whole"
    file.unlink()
    assert ground.keep().failed == 1
    assert process_rows() == before
    assert not Step.objects.filter(package=package).exists()


def test_a_round_that_was_cut_off_between_packing_and_erasing_is_finished_by_the_next(pupil):
    ground.packed()
    done = ground.keep()
    assert (done.packages, done.erased) == (0, 4)
    assert Package.objects.count() == 1


def test_rows_that_came_after_the_package_get_a_volume_of_their_own(pupil):
    ground.packed()
    late = ground.proof(pupil, OLD + timedelta(days=1))
    done = ground.keep()
    assert (done.packages, done.erased) == (1, 5)
    second = Package.objects.get(volume=2)
    assert second.contents == {"proofs": {**second.contents["proofs"], "rows": 1, "ids": f"{{[{late.pk},{late.pk + 1})}}"}}


def refused(package, part, ids, match):
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        slicing.erase(package, part, ids)


def test_the_database_refuses_to_erase_what_lies_in_no_verified_package(pupil, in_jia, yi):
    ids, before = list(FaceCheck.objects.values_list("pk", flat=True)), process_rows()
    refused(uuid4(), "faces", ids, "no verified package")
    package = ground.packed()
    other = ground.face(pupil)
    refused(package.uuid, "faces", [*ids, other.pk], "does not lie in package")
    refused(package.uuid, "learners", [pupil.id], "does not lie in package")
    with enterprise_scope(yi):
        refused(package.uuid, "faces", ids, "no verified package")
    assert [row.id for row in process_rows()["faces"]] == [*(row.id for row in before["faces"]), other.pk]
    assert slicing.erase(package.uuid, "faces", ids) == set(ids)


def test_the_database_s_own_clock_says_whether_a_month_is_old_enough(in_jia, folder):
    view = ground.pupil()
    young = clock.now() - timedelta(days=60)
    ground.month(view, young)
    month = rules.month_of(young)
    span = Span(*rules.bounds(month))
    package = ground.packed(month)
    ids = list(FaceCheck.objects.values_list("pk", flat=True))
    refused(package.uuid, "faces", ids, "must still be at hand")
    with pytest.raises(DatabaseError, match="must still be at hand"), transaction.atomic():
        ground.keep(at=clock.now() + timedelta(days=5 * 366))  # a caller who lies about the day
    assert sum(keeper.count(span) for keeper in KEEPERS.of("PROCESS")) == 4


@pytest.mark.parametrize("part", ["faces", "proofs", "checks", "sittings"])
def test_the_database_asks_each_row_how_old_it_is_whatever_its_package_says(pupil, part):
    package = ground.packed()
    ground.month(pupil, clock.now())
    span = Span(OLD + timedelta(days=60), clock.now() + timedelta(days=1))
    (young,) = KEEPERS.named(part).select(span)
    package.pk, package.uuid, package.volume, package._state.adding = None, uuid4(), 2, True
    package.contents = {part: {"rows": 1, "ids": f"{{[{young.id},{young.id + 1})}}"}}
    package.save()
    refused(package.uuid, part, [young.id], "younger")
    assert list(KEEPERS.named(part).select(span)) == [young]


@pytest.mark.parametrize("model", [FaceCheck, Proof, PresenceCheck, StudySession])
def test_the_enterprise_s_role_may_not_delete_process_data_itself(pupil, model):
    count = model.objects.count()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")
    assert model.objects.count() == count == 1


def test_checks_that_nobody_has_judged_stay_with_their_pictures(pupil):
    waiting = ground.face(pupil, outcome=Outcome.REVIEW)
    ground.keep()
    assert list(FaceCheck.objects.all()) == [waiting]
    assert ground.stored(waiting.frames)


def hold(subject, **more):
    values = {"reason": "3·12 事故调查", "until": None, "by": "manager:1", "by_name": "安全员", "at": clock.now(), **more}
    return holding.place(subject=subject, **values)


def test_what_is_on_hold_is_neither_packed_nor_erased_until_the_hold_ends(pupil, in_jia):
    other = ground.colleague()
    ground.month(other)
    held = hold(pupil.uuid)
    assert ground.keep().erased == 4
    assert {row.learner for rows in process_rows().values() for row in rows} == {pupil.uuid}
    assert ground.keep().packages == 0
    holding.end(hold=held.uuid, reason="调查已经结束", by="manager:2", by_name="安全员", at=clock.now())
    assert ground.keep().erased == 4
    assert not any(process_rows().values())
    assert list(Package.objects.order_by("volume").values_list("volume", "rows")) == [(1, 4), (2, 4)]
    assert [name for name, _rows in events(in_jia)][:3] == ["held", "packed", "erased"]


def test_a_hold_that_comes_after_packing_still_stops_the_erasing(pupil):
    package, before = ground.packed(), process_rows()
    ids = [row.id for row in before["faces"]]
    hold(pupil.uuid)
    assert slicing.erase(package.uuid, "faces", ids) == set(), "the database asks itself"
    assert ground.keep().erased == 0
    assert process_rows() == before


def test_an_enterprise_on_hold_keeps_everything(pupil):
    package, before = ground.packed(), process_rows()
    hold(None, until=clock.shanghai_date(clock.now()))
    done = ground.keep()
    assert (done.packages, done.erased, done.failed) == (0, 0, 0)
    refused(package.uuid, "faces", [row.id for row in before["faces"]], "on hold")
    assert process_rows() == before
    with pytest.raises(DatabaseError, match="on hold"):
        ground.keep(at=clock.now() + timedelta(days=1))  # the day is over for the caller, not for the database
    assert process_rows() == before


def test_a_package_is_destroyed_when_no_law_keeps_it_and_not_while_a_learner_is_held(pupil, in_jia, folder):
    ground.keep()
    name = Package.objects.get().storage_key
    assert ground.keep(at=datetime(2030, 3, 31, tzinfo=UTC)).expired == 0, "72 months are not over"
    held = hold(pupil.uuid)
    assert ground.keep(at=datetime(2030, 5, 1, tzinfo=UTC)).expired == 0
    holding.end(hold=held.uuid, reason="诉讼结束了", by="manager:1", by_name="安全员", at=clock.now())
    assert ground.stored(name)
    assert ground.keep(at=datetime(2030, 5, 1, tzinfo=UTC)).expired == 1
    assert [kind for kind, _rows in events(in_jia)][-1] == "expired"
    assert queries.packages(state=queries.EXPIRED).count() == 1
    assert ground.keep(at=datetime(2030, 5, 2, tzinfo=UTC)).expired == 0


def test_a_destroyed_package_opens_no_more_even_where_the_store_has_kept_its_bytes(pupil, folder):
    ground.keep()
    (file,) = Path(folder).rglob("*.axs")
    data = file.read_bytes()
    assert ground.keep(at=datetime(2030, 5, 1, tzinfo=UTC)).expired == 1
    file.unlink(missing_ok=True)
    file.write_bytes(data)
    package = Package.objects.get()
    assert bytes(package.key_sealed) == b""
    with pytest.raises(BadBundle, match="seal"), reading.plain(reading.stored(package)):
        pass


def test_old_events_are_not_destroyed_while_anybody_is_held(pupil):
    package = Package.objects.create(
        what="EVENTS", month=date(2019, 1, 1), volume=1, rows=1, contents={}, storage_key=storage.key("cold/events/x"), size=1,
        sha256="x", manifest_sha256="x", is_locked=False, kept_until=date(2025, 2, 1), key_sealed=b"x", made_at=OLD,
        verified_at=OLD,
    )  # fmt: skip
    Step.objects.create(package=package, kind=Step.Kind.ERASED, rows=1, at=OLD)
    held = hold(pupil.uuid)
    assert ground.keep().expired == 0
    holding.end(hold=held.uuid, reason="调查已经结束", by="manager:1", by_name="安全员", at=clock.now())
    assert ground.keep().expired == 1


@pytest.mark.req("R4.2")
def test_a_package_s_row_stays_as_it_was_verified(pupil):
    package = ground.packed()
    for change in (
        "UPDATE {} SET rows = 1",
        "UPDATE {} SET sha256 = 'x', key_sealed = 'x'",
        "UPDATE {} SET learners = '{{}}', key_sealed = ''",
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
    ):
        with (
            pytest.raises(DatabaseError, match=r"refused|permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change.format("retention_package"))
    Package.objects.filter(pk=package.pk).update(key_sealed=bytes(package.key_sealed))
    assert Package.objects.get().rows == 4


def test_the_neighbour_sees_no_package_and_keeps_its_own_rows(pupil, in_jia, yi):
    with enterprise_scope(yi):
        ground.month(ground.pupil())
    ground.keep()
    hold(pupil.uuid)
    with enterprise_scope(yi):
        assert not Package.objects.exists()
        assert queries.totals().packages == 0
        assert not holding.holds().exists()
        assert still_here() == 4


@pytest.mark.parametrize("reason", ["", " ab "])
def test_a_hold_without_a_reason_is_refused_and_nothing_is_held(pupil, in_jia, reason):
    with pytest.raises(DomainError) as refusal:
        hold(pupil.uuid, reason=reason)
    assert refusal.value.code == "reason_needed"
    assert not holding.holds().exists()
    assert events(in_jia) == []


def test_nobody_is_held_twice_and_a_reason_never_stands_in_the_ledger(pupil, in_jia):
    hold(pupil.uuid, reason="学员甲工伤仲裁")
    with pytest.raises(DomainError) as refusal:
        hold(pupil.uuid)
    assert refusal.value.code == "on_hold_already"
    assert holding.holds().count() == 1
    assert "学员甲" not in str([entry.body for entry in records.entries_of(in_jia.uuid)])


def test_volumes_end_where_they_become_large(pupil, monkeypatch):
    monkeypatch.setattr(volumes, "ROWS", 3)
    done = ground.keep()
    assert (done.packages, done.erased) == (2, 4)
    assert [row.rows for row in Package.objects.order_by("volume")] == [3, 1]


def test_what_was_withdrawn_since_is_unreadable_in_the_package_too(pupil):
    ground.keep()
    identity = Identity.objects.get(learner_id=pupil.id)
    with reading.verified(reading.stored(Package.objects.get())) as (bundle, _manifest):
        (row,) = reading.rows_of(bundle, "faces")
        sealed = bundle.read("files/000001")
    assert ground.PICTURE in vault.unseal(sealed, identity, "pictures")
    people.withdraw(learner_id=pupil.id, at=clock.now())
    identity.refresh_from_db()
    with pytest.raises(vault.Forgotten):
        vault.unseal(sealed, identity, "pictures")
    assert row.body["features_sealed"]
