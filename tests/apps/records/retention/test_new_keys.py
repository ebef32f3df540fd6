"""The enterprise gets a new data key: the keys of its packages and of its files follow, and old months open as before."""

from __future__ import annotations

import pytest

from apps.records.retention import making, orders, reading
from apps.records.retention.orders import By, Kind
from infra.kit import clock, envelope
from public.retention.api import Order, Package
from tenants.keys import rotation
from tenants.keys.models import Rotation
from tenants.scope import enterprise_scope, platform_scope
from tests.apps.records.retention import ground
from tests.conftest import NOON

pytestmark = pytest.mark.req("R4.6", "R5.1")


def number(row: Package | Order) -> int:
    header = envelope.header_of(bytes(row.key_sealed))
    assert header is not None
    return header.number


def test_keys_of_packages_and_of_made_files_are_sealed_anew_and_open_as_before(pupil, in_jia, yi):
    ground.keep()
    order = orders.place(kind=Kind.RESTORE, by=By("manager:1", "安全员"), at=clock.now(), subject=pupil.uuid)
    order = making.carry_out(order.uuid, signers=ground.signers(), at=clock.now())
    copy = b"".join(orders.pieces(order, at=clock.now()))
    with enterprise_scope(yi):
        ground.month(ground.pupil())
        ground.keep()
        neighbour = bytes(Package.objects.get().key_sealed)
    rotation.ask(enterprise_id=in_jia.id, by="operator:1", at=NOON)
    while job := rotation.take(at=NOON):
        rotation.work_off(job, now=lambda: NOON)
    with platform_scope():
        job = Rotation.objects.get(owner=str(in_jia.uuid))
    order.refresh_from_db()
    package = Package.objects.get()
    assert (job.state, job.broken) == (Rotation.State.SETTLING, 0)
    assert number(package) == number(order) == job.number
    with reading.verified(reading.stored(package)) as (bundle, _manifest):
        assert len(list(reading.rows_of(bundle, "faces"))) == 1
    assert b"".join(orders.pieces(order, at=clock.now())) == copy
    with enterprise_scope(yi):
        assert bytes(Package.objects.get().key_sealed) == neighbour
