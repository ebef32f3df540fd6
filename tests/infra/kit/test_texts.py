"""Texts that PostgreSQL keeps, and those it refuses."""

import pytest

from infra.kit.errors import DomainError
from infra.kit.texts import DEEPEST, is_storable, worded


def nested(levels: int) -> object:
    value: object = "字"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("value", ["", "学员甲 🦺", 1, 1.5, None, True, {"a": ["b", {"c": "\\u0000"}]}, nested(DEEPEST)])
def test_keeps_ordinary_values(value):
    assert is_storable(value)


@pytest.mark.parametrize(
    "value", ["\0", "a\0b", {"a\0": 1}, {"a": {"b": ["\0"]}}, "字\ud800", ["\udc00"], nested(DEEPEST + 1), nested(5_000)]
)
def test_refuses_what_the_database_cannot_keep(value):
    assert not is_storable(value)


def test_what_somebody_wrote_loses_its_blanks_and_too_little_is_refused_beside_its_field():
    assert worded("  原因如下 ", "reason_missing", "请写明原因。", field="reason") == "原因如下"
    assert worded("好的", "text_missing", "请写一点。", field="text", least=2) == "好的"
    with pytest.raises(DomainError) as refusal:
        worded(" 原因 \n", "reason_missing", "请写明原因。", field="reason")
    assert (refusal.value.status, refusal.value.as_dict()) == (
        422,
        {"code": "reason_missing", "message": "请写明原因。", "field": "reason"},
    )
