"""When something may be sent."""

from datetime import UTC, datetime, time, timedelta

import pytest

from apps.people.notify import rules

NINE_PM, EIGHT = time(21, 0), time(8, 0)


def at(day, hour, minute=0):
    """A moment given by Zhejiang's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(23, 12), at(23, 12)),
        (at(23, 20, 59), at(23, 20, 59)),
        (at(23, 21), at(24, 8)),
        (at(23, 23, 59), at(24, 8)),
        (at(24, 0), at(24, 8)),
        (at(24, 7, 59), at(24, 8)),
        (at(24, 8), at(24, 8)),
    ],
)
def test_quiet_hours_over_midnight_end_in_the_morning(now, then):
    assert rules.after_quiet(now, NINE_PM, EIGHT) == then


def test_quiet_hours_within_a_day_and_none_at_all():
    assert rules.after_quiet(at(23, 12, 30), time(12), time(13)) == at(23, 13)
    assert rules.after_quiet(at(23, 13), time(12), time(13)) == at(23, 13)
    assert rules.after_quiet(at(23, 3), EIGHT, EIGHT) == at(23, 3)


def test_the_digest_is_today_or_tomorrow():
    assert rules.next_digest(at(23, 8), time(9)) == at(23, 9)
    assert rules.next_digest(at(23, 9), time(9)) == at(23, 9)
    assert rules.next_digest(at(23, 9, 1), time(9)) == at(24, 9)


def test_waits_longer_after_each_failure_and_then_gives_up():
    now = at(23, 12)
    waits = [rules.next_try(n, now) for n in range(1, 7)]
    assert [(one - now).total_seconds() / 60 for one in waits[:-1]] == [1, 5, 30, 120, 720]
    assert waits[-1] is None
    assert rules.next_try(1, now, after_s=600) == now + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("text", "parts"), [("", 1), ("安" * 70, 1), ("安" * 71, 2), ("安" * 134, 2), ("安" * 135, 3), ("😀" * 35, 1)]
)
def test_counts_what_a_text_message_is_charged_as(text, parts):
    assert rules.sms_parts(text) == parts
