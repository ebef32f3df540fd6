"""A task works under the trace of the request that sent it; two requests never share one."""

from __future__ import annotations

from typing import Any

import pytest

from infra.kit import origin
from tenants.headers import HEADER, TRACE
from tenants.jobs import ScopedTask
from tenants.scope import platform_scope


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Headers of what was sent: the broker's own door is watched, nothing of ours is replaced."""
    from celery import Task

    found: list[dict[str, Any]] = []
    monkeypatch.setattr(Task, "apply_async", lambda self, *args, headers=None, **more: found.append(dict(headers or {})))
    return found


@pytest.mark.req("R5.4")
def test_a_task_carries_the_trace_of_who_sent_it(sent):
    task = ScopedTask()
    with platform_scope(), origin.coming_from() as here:
        task.apply_async()
    assert sent == [{HEADER: "public", TRACE: here.trace}]


def test_outside_a_request_it_carries_none(sent):
    with platform_scope():
        ScopedTask().apply_async()
    assert sent == [{HEADER: "public"}]
