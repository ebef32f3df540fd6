"""What lies in a cache is told by its shape."""

from __future__ import annotations

from dataclasses import make_dataclass
from typing import TypedDict

from infra.kit.shapes import shape


def page(*fields: tuple[str, type]) -> type:
    line = make_dataclass("Line", fields, frozen=True, slots=True)
    return make_dataclass("Page", [("lines", list[line]), ("n", int)])


def test_another_field_however_deep_makes_another_shape():
    one = shape(page(("name", str)))
    assert one == shape(page(("name", str)))
    assert len({one, shape(page(("name", int))), shape(page(("name", str), ("gap", int))), shape(page(("title", str)))}) == 4


def test_a_dictionary_of_known_keys_has_one_too():
    assert shape(TypedDict("Found", {"at": str})) != shape(TypedDict("Found", {"at": str, "gaps": list[str]}))
