"""Months and ranges, without a database."""

from datetime import UTC, date, datetime

import pytest

from apps.records.retention import rules

pytestmark = pytest.mark.req("R4.6")


def test_a_month_is_that_of_zhejiang():
    assert rules.month_of(datetime(2024, 3, 31, 16, 0, tzinfo=UTC)) == date(2024, 4, 1)
    since, until = rules.bounds(date(2024, 2, 1))
    assert (until - since).days == 29


def test_a_month_is_over_when_so_many_whole_months_have_passed_since_its_end():
    assert not rules.is_over(date(2024, 10, 1), 24, today=date(2026, 10, 31))
    assert rules.is_over(date(2024, 10, 1), 24, today=date(2026, 11, 1))
    assert list(rules.due(date(2024, 8, 1), 24, today=date(2026, 10, 31))) == [date(2024, 8, 1), date(2024, 9, 1)]
    assert rules.later(date(2024, 11, 1), 14) == date(2026, 1, 1)


def test_ids_are_written_as_the_database_writes_ranges():
    assert rules.multirange([3, 1, 2, 7, 2]) == "{[1,4),[7,8)}"
    assert rules.multirange(["a-uuid"]) == rules.multirange([]) == "{}"
