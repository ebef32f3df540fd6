"""An enterprise takes back at the very moment at which the platform publishes, on real connections."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest
from django.db import connection, connections, transaction

from public.answers import api as answers
from public.answers import services
from public.answers.models import Proposal, Shared
from public.operators import api as operators
from tenants.database.provision import owner_connection
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON

ME = operators.Me(7, "运营甲", "OPERATIONS")
_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
"""Locks are told as they are; what pg_stat_activity tells is kept until the transaction ends."""


@pytest.fixture
def brought(jia: Any) -> Iterator[Proposal]:
    """A committed open proposal of 甲, about a course that need not exist; taken out again with all that followed from it."""
    said = {"course_code": "AQ-CY-TOGETHER", "course_title": "消防", "question": "灭火器多久检查？", "answer": "每月检查一次。"}
    with enterprise_scope(jia):
        row = Proposal.objects.create(kind="SHARE", version_id=1, at=NOON, due_at=NOON, **said)
    yield row
    with owner_connection() as db:
        db.execute("ALTER TABLE public.answers_pull_back DISABLE TRIGGER only_grows")
        db.execute("DELETE FROM public.answers_pull_back WHERE proposal_id = %s", [row.pk])
        db.execute("ALTER TABLE public.answers_pull_back ENABLE ALWAYS TRIGGER only_grows")
        db.execute("DELETE FROM public.answers_proposal WHERE id = %s", [row.pk])
        db.execute("DELETE FROM public.answers_shared WHERE course_code = 'AQ-CY-TOGETHER'")


def wait_for_another() -> None:
    """Return when somebody waits for what this connection holds."""
    until = monotonic() + 20
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute(_WAITING)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody came to wait")


@pytest.mark.req("R2.8")
def test_what_is_taken_back_while_it_is_published_is_seen_by_nobody(brought, jia, yi):
    row, done = brought, []

    def take_back() -> None:
        try:
            with enterprise_scope(jia):
                done.append(answers.pull_back(proposal=row.uuid, at=NOON))
        finally:
            connections.close_all()

    other = threading.Thread(target=take_back)
    with platform_scope(), transaction.atomic():
        services.publish(proposal=row.uuid, question="灭火器多久检查？", answer="每月检查一次。", me=ME, at=NOON, ip="10.0.0.1")
        other.start()
        wait_for_another()
    other.join(20)
    assert done == [True]
    with enterprise_scope(yi):
        assert answers.shared(["AQ-CY-TOGETHER"]) == []
    with platform_scope():
        row.refresh_from_db()
        assert row.state == "WITHDRAWN"
        assert Shared.objects.get(pk=row.shared_id).withdrawn_at == NOON
