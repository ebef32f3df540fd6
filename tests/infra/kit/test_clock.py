"""The server's clock and Zhejiang's calendar."""

from datetime import UTC, date, datetime, timedelta

from infra.kit import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().utcoffset() == timedelta(0)


def test_the_day_changes_at_sixteen_hundred_utc():
    assert clock.shanghai_date(datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert clock.shanghai_date(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)


def test_a_day_is_half_open_and_lasts_24_hours():
    start, end = clock.shanghai_day(date(2026, 2, 28))
    assert clock.shanghai_date(start) == date(2026, 2, 28)
    assert clock.shanghai_date(end) == date(2026, 3, 1)
    assert clock.shanghai_date(end - timedelta(microseconds=1)) == date(2026, 2, 28)
    assert end - start == timedelta(hours=24)
    assert start.astimezone(UTC) == datetime(2026, 2, 27, 16, 0, tzinfo=UTC)
