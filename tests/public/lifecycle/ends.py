"""Closed enterprises whose legal periods are over by every clock: closed so long ago that the database's own clock agrees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from apps.records.sealing import sealing
from public.lifecycle import closing, deciding, ending, reopening
from public.lifecycle.destruction import planning
from public.lifecycle.models import Closure, Destruction
from public.lifecycle.rules import GRACE
from public.lifecycle.words import Desk
from public.seals import api as seals
from tenants.scope import enterprise_scope, platform_scope
from tests.public.lifecycle.ground import by, desk

LONG_AGO = datetime(2018, 3, 1, 4, 0, tzinfo=UTC)
"""Closing begins; carried out 30 days later, its longest period of six years was over in 2024."""


def sealed(site: Any) -> None:
    """Take what is new in the ledger into a signed head, as the schedule does every half hour."""
    with platform_scope():
        signers = seals.signers(at=LONG_AGO)
    with enterprise_scope(site):
        sealing.seal(signers=signers, at=LONG_AGO, everything=True)


def closed(site: Any, *, at: datetime = LONG_AGO) -> Closure:
    """Close an enterprise; ``at``: when its owner asked."""
    with platform_scope():
        made = closing.ask(enterprise_id=site.id, reason="公司搬迁，不再使用", export=None, sha256="", by=by(site, at))
        assert closing.finish_due(at=made.ends_at) >= 1
        row = Closure.objects.get(pk=made.pk)
    assert row.kept_until is not None
    return row


def after(row: Closure, days: int = 1) -> datetime:
    """Noon so many days after the last day, or before it."""
    last = row.kept_until
    assert last is not None
    return datetime(last.year, last.month, last.day, 4, 0, tzinfo=UTC) + timedelta(days=days)


def seated(login: str, at: datetime) -> Desk:
    """An operator without an account: nothing is left behind where tests commit."""
    return desk(login, at, ident={"first": 700_001, "second": 700_002, "third": 700_003}[login])


def ask_reopen(site: Any, *, at: datetime, login: str = "first") -> UUID:
    with platform_scope():
        return reopening.ask(enterprise_id=site.id, reason="负责人来电，已核对营业执照", desk=seated(login, at))


def ask_destroy(site: Any, *, at: datetime, login: str = "first") -> UUID:
    with platform_scope():
        return planning.ask(enterprise_id=site.id, reason="法定保存期满", name=site.name, desk=seated(login, at))


def decide(change: UUID, *, at: datetime, approve: bool = True, login: str = "second", reason: str = "") -> None:
    with platform_scope():
        deciding.decide(change=change, approve=approve, reason=reason, desk=seated(login, at))


def planned(site: Any, *, at: datetime) -> Destruction:
    """Ask and approve; the destruction waits for its day of thinking it over."""
    sealed(site)
    decide(ask_destroy(site, at=at), at=at)
    with platform_scope():
        found = planning.of(site.id)
    assert found is not None
    return found


def review(at: datetime) -> int:
    with platform_scope():
        return ending.review(at=at)


__all__ = ["GRACE", "LONG_AGO", "after", "ask_destroy", "ask_reopen", "closed", "decide", "planned", "review", "sealed", "seated"]
