"""Whoever reads the log reads words: each room that writes events has one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from public.audit.words import ACTIONS, ROOMS, action_words
from public.complaints.models import Event
from public.helpdesk.models import Step
from tests.web import ROOT

_NOT_OF_THE_DESK = {"FILED", "REPLIED", "RATED", "REOPENED", "WITHDRAWN", "ESCALATED", "SAID"}
"""Steps that complainants, askers or the clock make; they stand in the story alone."""


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


def test_the_steps_of_complaints_and_questions_have_words_of_their_own():
    by_people = [f"complaint.{kind.lower()}" for kind in Event.Kind.values if kind not in _NOT_OF_THE_DESK]
    by_people += [f"help.{kind.lower()}" for kind in Step.Kind.values if kind not in _NOT_OF_THE_DESK]
    named = {
        action for _path, action in said() if action.startswith(("complaint.", "complaints.", "help.")) and action[-1] != "."
    }
    assert len(by_people) > 25
    assert {"complaint.late", "help.late"} <= named
    assert sorted({*by_people, *named} - set(ACTIONS)) == []


def test_an_action_without_words_of_its_own_is_told_by_its_room():
    assert action_words("people.exported_full") == "导出完整名单"
    assert action_words("people.something_new") == "人员 · something_new"
    assert action_words("nobody.knows") == "nobody.knows"
