"""Hours and times read as a person says them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from infra.ui import filters, wording

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
"""14:30 in Zhejiang."""


@pytest.mark.req("R3.5")
@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5400, "2 学时（1 小时 30 分钟）"),
        (2700, "1 学时（45 分钟）"),
        (2745, "1 学时（45 分钟）"),
        (6000, "2.2 学时（1 小时 40 分钟）"),
        (8099, "2.9 学时（2 小时 14 分钟）"),
        (64800, "24 学时（18 小时）"),
    ],
)
def test_hours_stand_beside_minutes_and_never_round_up(seconds: int, words: str) -> None:
    assert wording.hours(seconds) == words


@pytest.mark.parametrize(("seconds", "words"), [(0, "0 分钟"), (40, "40 秒"), (60, "1 分钟"), (159, "2 分钟"), (2699, "44 分钟")])
def test_less_than_one_credit_hour_is_told_in_minutes_alone(seconds: int, words: str) -> None:
    assert wording.hours(seconds) == words


@pytest.mark.req("R3.5")
@pytest.mark.parametrize(
    ("earned", "due", "figure", "unit"),
    [
        (4050, 64800, "1.5 / 24", "学时"),
        (2699, 2700, "0.9 / 1", "学时"),
        (0, 64800, "0 / 24", "学时"),
        (0, 2699, "0 / 44", "分钟"),
        (119, 120, "1 / 2", "分钟"),
        (4000, 120, "66 / 2", "分钟"),
        (12, 40, "12 / 40", "秒"),
        (0, 0, "0 / 0", "分钟"),
    ],
)
def test_earned_of_due_takes_the_unit_that_fits_what_is_due(earned: int, due: int, figure: str, unit: str) -> None:
    assert wording.earned_of_due(earned, due) == (figure, unit)


def test_hours_filter_takes_milliseconds_and_lengths() -> None:
    assert filters.hours(5_400_000, "ms") == filters.hours(5400) == filters.hours(timedelta(minutes=90))
    assert filters.hours(5400) == '<span class="ax-hours">2 学时（1 小时 30 分钟）</span>'


def test_hours_filter_says_a_dash_for_nothing_and_never_less_than_zero() -> None:
    assert filters.hours(None) == "—"
    assert filters.hours_text(-5) == "0 分钟"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 23, 6, 20, tzinfo=UTC), "今天 14:20"),
        (datetime(2026, 11, 22, 16, 5, tzinfo=UTC), "今天 00:05"),
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "昨天 23:59"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "明天 00:00"),
        (datetime(2026, 11, 3, 6, 20, tzinfo=UTC), "11月3日 14:20"),
        (datetime(2025, 12, 31, 16, 1, tzinfo=UTC), "1月1日 00:01"),
        (datetime(2025, 11, 3, 6, 20, tzinfo=UTC), "2025年11月3日 14:20"),
    ],
)
def test_moment_is_told_as_seen_from_zhejiang(at: datetime, words: str) -> None:
    assert wording.moment(at, NOW) == words


def test_moment_filter_gives_the_full_time_on_hover() -> None:
    html = filters.moment(datetime(2025, 11, 3, 6, 20, 7, tzinfo=UTC))
    assert 'datetime="2025-11-03T14:20:07+08:00"' in html
    assert 'title="2025-11-03 14:20:07 北京时间"' in html


def test_moment_filter_takes_dates_and_nothing() -> None:
    assert "2025年11月3日</time>" in filters.moment(date(2025, 11, 3))
    assert filters.moment(None) == "—"


def test_moment_filter_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        filters.moment(datetime(2026, 11, 3, 14, 20))  # noqa: DTZ001 - the very thing that is refused


@pytest.mark.parametrize(("name", "short"), [("安全员", "全员"), ("甲", "甲"), ("Ada Lovelace", "AL"), ("ada", "A"), ("", "?")])
def test_initials_fit_an_avatar(name: str, short: str) -> None:
    assert wording.initials(name) == short


def test_forms_that_are_imported_early_speak_in_our_words_too():
    from public.regulators.exchange import forms as exchange
    from public.rights.forms import AssetForm

    early = [AssetForm.base_fields["kind"], exchange.WayForm.base_fields["name"]]
    assert [str(field.error_messages["required"]) for field in early] == ["请填写这一项（必填）。"] * 2
