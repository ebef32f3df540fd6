"""Whoever tries the portal out finds figures, and one notice in each state; loaded once."""

from __future__ import annotations

from typing import Any

import pytest

from apps.people import api as people
from infra.kit import clock
from infra.wiring import demo_portal
from public.portal import reading
from public.portal.models import Rectification
from public.regulators import api as regulators
from tenants.scope import enterprise_scope

pytestmark = pytest.mark.req("R7.1")


def test_the_demo_has_a_notice_that_waits_one_to_look_at_and_one_that_is_over(platform: None, jia: Any) -> None:
    at = clock.now()
    regulators.open_regulator(
        login="regulator",
        name="监管员甲",
        password="Sao-chu-ying-1",
        organisation="杭州市应急管理局",
        division_prefix="3301",
        at=at,
    )
    demo_portal.load(site=jia, at=at)
    assert not Rectification.objects.exists(), "nobody there could answer"
    with enterprise_scope(jia):
        people.open_owner(name="安全员", mobile="13800000078", password=None, at=at)
    for _time in range(2):
        demo_portal.load(site=jia, at=at)
    assert reading.totals("3301", today=clock.shanghai_date(at)) == {"waiting": 1, "late": 1, "answered": 1, "closed": 1}
