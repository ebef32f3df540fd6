"""Authorities hear of enterprises themselves: opened, suspended, opened again."""

from __future__ import annotations

from typing import Any

import pytest

from public.regulators.exchange import queueing
from public.regulators.exchange.models import Delivery
from public.regulators.models import FeedRecord
from tenants.opening import set_status
from tenants.scope import platform_scope
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


def test_an_enterprise_that_was_opened_has_its_record(jia: Any, db: None) -> None:
    with platform_scope():
        found = FeedRecord.objects.filter(schema_name=jia.schema_name, kind="ENTERPRISE").order_by("id").first()
    assert found is not None
    assert found.body == {"status": "ACTIVE"}
