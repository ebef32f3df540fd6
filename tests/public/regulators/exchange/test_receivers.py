"""Authorities hear of enterprises themselves: opened, suspended, opened again."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from infra.kit import clock
from public.regulators import api as regulators
from public.regulators.exchange import queueing
from public.regulators.exchange.models import Delivery
from public.regulators.models import FeedRecord
from tenants.models import Enterprise
from tenants.opening import note_verified, set_status
from tenants.scope import enterprise_scope, platform_scope
from tests.public.regulators.exchange.ground import open_partner
from tests.public.regulators.exchange.test_desk import now_partner

pytestmark = pytest.mark.req("R7.1")


def test_a_change_of_status_is_a_record_of_the_enterprise(platform: None, jia: Any, yi: Any) -> None:
    row = now_partner(kinds=["ENTERPRISE"])
    for status in ("SUSPENDED", "ACTIVE"):
        set_status(enterprise_id=jia.id, status=status, reason="核实")
    set_status(enterprise_id=yi.id, status="ACTIVE", reason="核实")
    while queueing.enqueue():
        pass
    told = Delivery.objects.filter(partner=row).select_related("record").order_by("seq")
    mine = [one.record for one in told if one.record.schema_name == jia.schema_name]
    assert [one.body["status"] for one in mine][-2:] == ["SUSPENDED", "ACTIVE"]
    assert {one.subject for one in mine} == {jia.uuid}
    assert not [one for one in told if one.record.schema_name == yi.schema_name], "the neighbour's is of another area"


def test_another_name_or_code_is_a_record_and_the_same_ones_are_none(platform: None, jia: Any) -> None:
    rows = FeedRecord.objects.filter(schema_name=jia.schema_name, kind="ENTERPRISE")
    before = rows.count()
    note_verified(enterprise_id=jia.id, name=jia.name, uscc=jia.uscc, at=clock.now())
    assert rows.count() == before
    note_verified(enterprise_id=jia.id, name=f"{jia.name}（更名）", uscc=jia.uscc, at=clock.now())
    assert rows.count() == before + 1


def test_an_enterprise_that_was_opened_has_its_record(jia: Any, db: None) -> None:
    with platform_scope():
        found = FeedRecord.objects.filter(schema_name=jia.schema_name, kind="ENTERPRISE").order_by("id").first()
    assert found is not None
    assert found.body == {"status": "ACTIVE"}


def test_enterprises_that_were_there_before_are_told_of_once(platform: None) -> None:
    tell = import_module("public.regulators.migrations.0009_exchange_enterprises").TELL
    old = Enterprise.objects.create(
        schema_name="e_0123456789ab",
        name="杭州旧厂有限公司",
        uscc="91330106MA2AAAAA0X",
        subdomain="jiuchang",
        subdomain_skeleton="jiuchang",
        industry_code="C34",
        hazard="GENERAL",
        division_code="330106",
        status="SUSPENDED",
        created_at=clock.now(),
    )
    row = now_partner(kinds=["ENTERPRISE"])
    with connection.cursor() as cursor:
        cursor.execute(tell)
        cursor.execute(tell)
        assert cursor.rowcount == 0
    found = FeedRecord.objects.get(schema_name=old.schema_name)
    assert (found.kind, found.subject, found.body) == ("ENTERPRISE", old.uuid, {"status": "SUSPENDED"})
    while queueing.enqueue():
        pass
    assert Delivery.objects.filter(partner=row, record=found).count() == 1


def test_a_partner_that_comes_later_hears_of_enterprises_from_before_its_first_day(platform: None, jia: Any) -> None:
    tomorrow = clock.shanghai_date(clock.now()) + timedelta(days=1)
    row = open_partner(at=clock.now(), since=tomorrow, kinds=["ENTERPRISE", "EXAM"])
    with enterprise_scope(jia):
        regulators.submit(kind="EXAM", subject=uuid4(), body={}, at=clock.now())
    while queueing.enqueue() or queueing.look_back(row.pk, most=10**9):
        pass
    told = Delivery.objects.filter(partner=row).select_related("record")
    assert {one.kind for one in told} == {"ENTERPRISE"}
    assert jia.uuid in {one.record.subject for one in told}
