"""Whoever runs the platform hears in time that the coming holidays are not known; who tries it out is not bothered."""

from datetime import date

import pytest

from infra.kit import clock
from public.review import workdays


@pytest.mark.parametrize(
    ("day", "is_demo", "warned"), [("2040-01-01", False, True), ("2040-01-01", True, False), ("2026-03-02", False, False)]
)
def test_production_is_warned_of_unknown_holidays(monkeypatch, settings, day, is_demo, warned):
    settings.DEV_TOOLS = is_demo
    monkeypatch.setattr(clock, "now", lambda: clock.shanghai_midnight(date.fromisoformat(day)))
    assert [found.id for found in workdays.check_calendar()] == (["review.W001"] if warned else [])
