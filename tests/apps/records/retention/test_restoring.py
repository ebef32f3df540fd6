"""Old months are seen again, equal to what they were; the copy goes by itself."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from apps.people import api as people
from apps.records import api as records
from apps.records.retention import making, orders, restoring, rules
from apps.records.retention.orders import By, Kind, State
from apps.records.retention.ports import KEEPERS, KeptRow, Span
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants.api import enterprise_scope
from tests.apps.records.retention import ground
from tests.apps.records.retention.ground import MARCH

pytestmark = pytest.mark.req("R4.6")
WHO = By("manager:1", "安全员")


def restored(**more):
    order = orders.place(kind=Kind.RESTORE, by=WHO, at=clock.now(), reason="仲裁取证", **more)
    return making.carry_out(order.uuid, signers=ground.signers(), at=clock.now())


def before(learner=None):
    """Rows of March 2024 by part, without their files, of everybody or of one learner."""
    span = Span(*rules.bounds(MARCH))
    found = {keeper.name: list(keeper.select(span)) for keeper in KEEPERS.of("PROCESS")}
    return {
        part: [KeptRow(row.id, row.learner, row.at, row.body) for row in rows if learner in (None, row.learner)]
        for part, rows in found.items()
    }


@pytest.fixture
def colleague(pupil):
    view = ground.colleague()
    ground.month(view)
    return view


def seen(order):
    at = clock.now()
    found = {part.name: restoring.rows(order, part.name, at=at) for part in restoring.parts(order, at=at)}
    return {part: [KeptRow(row.id, row.learner, row.at, row.body) for row in rows] for part, rows in found.items()}


def test_one_learner_s_old_months_come_back_equal_and_nobody_else_s(pupil, colleague, in_jia):
    was = before(pupil.uuid)
    ground.keep()
    assert not any(before().values())
    order = restored(subject=pupil.uuid)
    assert (order.state, order.rows) == (State.DONE, 4)
    assert seen(order) == was
    assert not any(before().values()), "the tables stay as they are"
    told = [entry.body for entry in records.entries_of(in_jia.uuid) if entry.body.get("event") == "restored"]
    assert [(one["learner"], one["rows"], one["sha256"]) for one in told] == [(str(pupil.uuid), 4, order.sha256)]


def test_a_whole_month_comes_back_equal_with_its_pictures(pupil, colleague):
    was = before()
    ground.keep()
    order = restored(month=MARCH)
    assert order.rows == 8
    assert seen(order) == was
    for row in restoring.rows(order, "faces", at=clock.now()):
        assert restoring.pictures(order, "faces", row.id, at=clock.now()) == [ground.PICTURE]
    people.withdraw(learner_id=pupil.id, at=clock.now())
    gone, kept = (
        restoring.pictures(order, "faces", row.id, at=clock.now()) for row in restoring.rows(order, "faces", at=clock.now())
    )
    assert (gone, kept) == ([], [ground.PICTURE]), "who withdrew cannot be seen in old packages either"


def test_what_is_in_no_package_gives_an_empty_copy(pupil):
    order = restored(subject=pupil.uuid)
    assert (order.state, order.rows, seen(order)) == (State.DONE, 0, {})


def test_the_copy_goes_after_a_week(pupil):
    ground.keep()
    order = restored(subject=pupil.uuid)
    name = order.storage_key
    assert default_storage.exists(name)
    later = clock.now() + orders.KEPT + timedelta(minutes=1)
    assert orders.forget_old(at=clock.now()) == 0
    assert orders.forget_old(at=later) == 1
    assert not default_storage.exists(name)
    order.refresh_from_db()
    assert order.state == State.EXPIRED
    with pytest.raises(DomainError) as refusal:
        restoring.parts(order, at=clock.now())
    assert refusal.value.code == "file_gone"


def test_one_order_at_a_time_and_a_cancelled_one_is_not_made(pupil):
    first = orders.place(kind=Kind.RESTORE, by=WHO, at=clock.now(), subject=pupil.uuid)
    with pytest.raises(DomainError) as refusal:
        orders.place(kind=Kind.RESTORE, by=WHO, at=clock.now())
    assert refusal.value.code == "order_running"
    assert orders.orders(Kind.RESTORE).count() == 1
    orders.cancel(uuid=first.uuid, kind=Kind.RESTORE, at=clock.now())
    assert making.carry_out(first.uuid, signers=ground.signers(), at=clock.now()).state == State.CANCELLED
    assert restored(subject=pupil.uuid).state == State.DONE


def test_a_damaged_package_is_never_shown(pupil, folder):
    ground.keep()
    (file,) = folder.rglob("*.axs")
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:-1])
    order = orders.place(kind=Kind.RESTORE, by=WHO, at=clock.now(), subject=pupil.uuid)
    with pytest.raises(Exception, match="seal"):
        making.carry_out(order.uuid, signers=ground.signers(), at=clock.now())
    order.refresh_from_db()
    assert (order.state, order.storage_key) == (State.FAILED, "")


def test_the_neighbour_has_no_order_of_ours(pupil, yi):
    order = restored(subject=pupil.uuid)
    with enterprise_scope(yi):
        assert not orders.orders(Kind.RESTORE).exists()
        with pytest.raises(DomainError):
            orders.of_uuid(order.uuid, Kind.RESTORE)


def test_a_page_of_many_rows_costs_a_page(pupil):
    for minute in range(7):
        ground.proof(pupil, ground.OLD + timedelta(minutes=minute + 1))
    ground.keep()
    order = restored(subject=pupil.uuid)
    every = restoring.rows(order, "proofs", at=clock.now())
    assert len(every) == 8
    assert {part.name: part.rows for part in restoring.parts(order, at=clock.now())}["proofs"] == 8
    assert restoring.rows(order, "proofs", at=clock.now(), begin=3, end=6) == every[3:6]
    assert restoring.rows(order, "proofs", at=clock.now(), begin=6, end=9) == every[6:]
    assert restoring.rows(order, "no-such-part", at=clock.now(), begin=0, end=9) == []
