"""The log holds no secret and no whole number of a person, whatever a caller hands in."""

from datetime import date, time

import pytest

from public.audit.masking import differences, masked

pytestmark = pytest.mark.req("R5.4")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("学员甲 13812345678 已换号", "学员甲 138****5678 已换号"),
        ("+86 13812345678", "138****5678"),
        ("证件 33010619900307123X", "证件 3301************3X"),
        ("编号 202611280001", "编号 202611280001"),
        ("8f14e45fceea167a5a36dedd4bea2543", "8f14e45fceea167a5a36dedd4bea2543"),
        (42, 42),
        (None, None),
        (b"raw", "***"),
        ({"password": "abc", "new_token": "x", "count": 3}, {"password": "***", "new_token": "***", "count": 3}),
        ({"a": [{"mobile": "13812345678"}]}, {"a": [{"mobile": "138****5678"}]}),
    ],
)
def test_stars_numbers_and_hides_secrets_at_any_depth(said, kept):
    assert masked(said) == kept


def test_what_lies_too_deep_is_hidden_rather_than_searched():
    deep = {"a": {"a": {"a": {"a": {"a": {"a": {"a": "13812345678"}}}}}}}
    assert "13812345678" not in str(masked(deep))


def test_what_json_has_no_word_for_is_kept_as_text():
    found = masked({"day": date(2026, 11, 23), "hour": time(22, 0), "n": 3, "is": True, "none": None})
    assert found == {"day": "2026-11-23", "hour": "22:00:00", "n": 3, "is": True, "none": None}


def test_a_change_keeps_only_what_differs():
    assert differences({"role": "AUTHOR", "name": "甲"}, {"role": "REVIEWER", "name": "甲"}) == {
        "before": {"role": "AUTHOR"},
        "after": {"role": "REVIEWER"},
    }
    assert differences(None, {"mobile": "13812345678"}) == {"after": {"mobile": "138****5678"}}
    assert differences({"a": 1}, None) == {"before": {"a": 1}}
    assert differences(None, None) == {}
