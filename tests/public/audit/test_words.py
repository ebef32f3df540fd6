"""Whoever reads the log reads words: each room that writes events has one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from public.audit.words import ACTIONS, ROOMS, action_words
from tests.web import ROOT


def said() -> Iterator[tuple[str, str]]:
    """Yield (file, beginning of an action) of each event that the code writes by name."""
    for top in ("apps", "platform/public", "tenants", "billing", "infra"):
        for path in (ROOT / top).rglob("*.py"):
            text = path.read_text("utf-8")
            if "audit." not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if _writes(node):
                    first = node.args[0]  # type: ignore[attr-defined]
                    part = first.values[0] if isinstance(first, ast.JoinedStr) else first
                    if isinstance(part, ast.Constant) and "." in str(part.value):
                        yield str(path.relative_to(ROOT)), str(part.value)


def _writes(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
        return False
    return node.func.attr in {"record", "exchanged"} and isinstance(node.func.value, ast.Name) and node.func.value.id == "audit"


def test_every_room_that_writes_events_is_called_something():
    found = list(said())
    assert len(found) > 50
    assert [(path, action) for path, action in found if action.partition(".")[0] not in ROOMS] == []
    assert [action for action in ACTIONS if action.partition(".")[0] not in ROOMS] == []


def test_an_action_without_words_of_its_own_is_told_by_its_room():
    assert action_words("people.exported_full") == "导出完整名单"
    assert action_words("people.something_new") == "人员 · something_new"
    assert action_words("nobody.knows") == "nobody.knows"
