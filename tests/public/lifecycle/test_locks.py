"""Whoever changes something of an enterprise locks its row first, so that two who act at once wait and never block each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from public.lifecycle import closing, standing, verifying, visiting
from public.lifecycle.rules import GRACE, LOOKS
from tenants.scope import platform_scope
from tests.conftest import NOON
from tests.public.lifecycle.ground import by, desk, hand_in, visit

LATER = NOON + timedelta(minutes=2)


def passes(site: Any) -> Callable[[], object]:
    uuid = hand_in(site)
    return lambda: verifying.passes(verification=uuid, looks=LOOKS, note_="", desk=desk())


def refuses(site: Any) -> Callable[[], object]:
    uuid = hand_in(site)
    return lambda: verifying.refuse(verification=uuid, reasons=["NAME"], words="", desk=desk())


def decides(site: Any) -> Callable[[], object]:
    row = visit(site, allow=None)
    return lambda: visiting.decide(enterprise_id=site.id, visit=row.uuid, allow=True, by=by(site))


def ends(site: Any) -> Callable[[], object]:
    row = visit(site)
    return lambda: visiting.end(enterprise_id=site.id, visit=row.uuid, who=desk("first", LATER))


def runs_out(site: Any) -> Callable[[], object]:
    visit(site)
    return lambda: visiting.end_due(at=NOON + timedelta(days=1))


def closes(site: Any) -> Callable[[], object]:
    with platform_scope():
        closing.ask(enterprise_id=site.id, reason="公司搬迁，不再使用", export=None, sha256="", by=by(site))
    visit(site, at=NOON + GRACE - timedelta(minutes=10))
    return lambda: closing.finish_due(at=NOON + GRACE)


def suspends(site: Any) -> Callable[[], object]:
    return lambda: standing.suspend(enterprise_id=site.id, cause="UNPAID", words="逾期未缴费", desk=desk())


@pytest.mark.parametrize("made", [passes, refuses, decides, ends, runs_out, closes, suspends])
def test_the_enterprise_is_locked_first(db, jia, made):
    act = made(jia)
    desk()
    with platform_scope(), CaptureQueriesContext(connection) as seen:
        act()
    locks = [one["sql"] for one in seen.captured_queries if "FOR UPDATE" in one["sql"]]
    assert locks, "what changes is locked"
    assert 'FROM "tenants_enterprise"' in locks[0]
