"""Which question is which, and to what knowledge point it belongs. Pure."""

from collections.abc import Mapping
from typing import Any

NO_POINT = "其他"
LONGEST_POINT = 40
"""As long as a bank lets a point's name be; older papers are cut to it."""
PER_PRACTICE = 10
"""Questions of one practice: five minutes on a phone."""
ENOUGH_PEOPLE = 3
"""Figures about fewer people are not shown: they say nothing of a unit and point at a person."""
WEAK = 30
"""Percent of people with a wrong answer from which a point is called weak."""


def key_of(item: Mapping[str, Any]) -> str:
    """Return what makes a question the same in all its versions: bank and question, and the part of a case; else its code or stem."""
    case = item.get("case") or {}
    part = f":{case['no']}" if case.get("no") else ""
    if item.get("question"):
        return f"{item.get('bank', 'shared')}:{item['question']}{part}"
    return f"code:{item.get('code') or item['stem']}"[:80]


def point_of(item: Mapping[str, Any]) -> str:
    """Return the knowledge point that a question counts for: its first one, else its topic."""
    points = [point for point in item.get("points") or [] if point.strip()]
    return str(points[0] if points else item.get("topic") or NO_POINT)[:LONGEST_POINT]


def kept(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the book keeps of a question of a paper: everything but its place and worth there."""
    return {name: value for name, value in item.items() if name not in {"no", "score"}}
