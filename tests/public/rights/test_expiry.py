"""Terms that end: noted 60 days before, retired the day after, enterprises told, each once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from public.audit.models import AuditEvent
from public.catalogue.models import CourseVersion, Notice, PublishLog
from public.rights import api as rights
from public.rights import tasks
from public.rights.models import ExpiryAlert
from tests.conftest import NOON
from tests.public.rights.ground import cover, draft, facts, move, scan

pytestmark = pytest.mark.req("R3.2")
BY = rights.Person(1, "课程作者甲")
TODAY = date(2026, 11, 23)


def published(last_day: date | None, *, code: str = "AQ-CY-ALL-SJ-0921", state: str = "PUBLISHED") -> tuple[int, int]:
    """A version whose sound is licensed until a day; returns version and asset."""
    version = draft(1, code=code)
    cover(version, author_id=1, at=NOON, kinds=("TEXT", "FONT", "ANIMATION"))
    words = facts("AUDIO", licence="LICENSED", statement="", evidence=scan(1), valid_to=last_day, title="配乐")
    asset = rights.register(version_id=version, facts=words, by=BY, at=NOON)
    move(version, state)
    return version, asset


def state(version: int) -> str:
    return str(CourseVersion.objects.get(pk=version).state)


@pytest.mark.parametrize(("days", "expected"), [(61, 0), (60, 1), (0, 1), (-1, 0)])
def test_a_term_is_noted_sixty_days_before_its_end(platform: None, days: int, expected: int) -> None:
    published(TODAY + timedelta(days=days))
    assert rights.alert_soon(at=NOON) == expected
    assert AuditEvent.objects.filter(action="rights.expiring").count() == expected


def test_it_is_noted_once_and_again_for_a_renewed_row(platform: None) -> None:
    version, asset = published(TODAY + timedelta(days=10))
    assert [rights.alert_soon(at=NOON + timedelta(days=n)) for n in range(3)] == [1, 0, 0]
    words = facts("AUDIO", licence="LICENSED", statement="", evidence=scan(1), valid_to=TODAY + timedelta(days=40))
    rights.renew(asset_id=asset, facts=words, by=BY, at=NOON)
    assert rights.alert_soon(at=NOON) == 1
    assert state(version) == "PUBLISHED"


@pytest.mark.parametrize("other", ["DRAFT", "IN_REVIEW", "RETIRED", "RECALLED"])
def test_only_published_versions_are_watched(platform: None, other: str) -> None:
    version, _asset = published(TODAY - timedelta(days=1), state=other)
    assert rights.retire_expired(at=NOON) == []
    assert state(version) == other
    assert not Notice.objects.exists()


def test_an_expired_version_retires_and_its_enterprises_are_told_once(platform: None) -> None:
    version, asset = published(TODAY - timedelta(days=1))
    untouched, _other = published(TODAY, code="AQ-CY-ALL-SJ-0922")
    assert [rights.retire_expired(at=NOON) for _n in range(2)] == [[version], []]
    assert (state(version), state(untouched)) == ("RETIRED", "PUBLISHED")
    notice = Notice.objects.get()
    assert (notice.kind, notice.version_id) == ("RIGHTS", version)
    assert "音频“配乐”的授权已到期" in notice.text
    assert PublishLog.objects.get().kind == "RETIRE"
    assert ExpiryAlert.objects.get(kind="EXPIRED").asset_id == asset
    assert AuditEvent.objects.filter(action="rights.expired", target=f"course-version:{version}").count() == 1


def test_a_renewal_before_the_end_keeps_the_version(platform: None) -> None:
    version, asset = published(TODAY - timedelta(days=1))
    words = facts("AUDIO", licence="LICENSED", statement="", evidence=scan(1), valid_to=date(2028, 1, 1))
    rights.renew(asset_id=asset, facts=words, by=BY, at=NOON)
    assert rights.retire_expired(at=NOON) == []
    assert state(version) == "PUBLISHED"


def test_nothing_half_done_stays_when_the_notice_cannot_be_written(platform: None, monkeypatch: pytest.MonkeyPatch) -> None:
    version, _asset = published(TODAY - timedelta(days=1))

    def broken(action: str, **words: Any) -> bool:
        raise RuntimeError

    monkeypatch.setattr("public.rights.expiry.audit.record", broken)
    with pytest.raises(RuntimeError):
        rights.retire_expired(at=NOON)
    assert state(version) == "PUBLISHED"
    assert not Notice.objects.exists()
    assert not ExpiryAlert.objects.exists()


def test_the_doorbell_may_ring_twice(platform: None) -> None:
    version, _asset = published(date(2026, 1, 1))
    soon, _other = published(None, code="AQ-CY-ALL-SJ-0922")
    tasks.watch_terms()
    tasks.watch_terms()
    assert (state(version), state(soon)) == ("RETIRED", "PUBLISHED")
    assert Notice.objects.count() == 1
