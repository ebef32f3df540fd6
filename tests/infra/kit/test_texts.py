"""Texts that PostgreSQL keeps, and those it refuses."""

import pytest

from infra.kit.texts import DEEPEST, is_storable


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
