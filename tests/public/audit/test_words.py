"""Whoever reads the log reads words: each room that writes events has one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from public.audit.words import ACTIONS, ROOMS, THINGS, action_words, reference_words
from public.complaints.models import Event as CaseEvent
from public.helpdesk.models.tickets import Step as TicketStep
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


def named() -> set[str]:
    """Every whole action that a room of the desks writes, by whatever helper."""
    wanted = re.compile(rf"({'|'.join(ROOMS)})(\.[a-z_]+)+")
    helpers = {"record", "exchanged", "note", "log", "write", "_note", "_heard", "_log", "_written", "_tell_enterprise"}
    found = set()
    for top in ("apps", "infra", "platform/public"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and (getattr(node.func, "attr", "") or getattr(node.func, "id", "")) in helpers:
                    words = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
                    found |= {word for word in words if wanted.fullmatch(word)}
    return found


def test_what_the_desks_do_is_told_in_words_and_not_in_codes():
    found = named()
    assert len(found) > 200
    assert sorted(found - set(ACTIONS)) == []
    others = {"REPLIED", "ESCALATED", "RATED", "REOPENED", "WITHDRAWN"}  # steps of complainants and of the clock are in no log
    kinds = {f"complaint.{kind.lower()}" for kind in set(CaseEvent.Kind.values) - others}
    others = {"SAID", "ESCALATED", "RATED", "REOPENED"}
    kinds |= {f"help.{kind.lower()}" for kind in set(TicketStep.Kind.values) - others}
    assert sorted(kinds - set(ACTIONS)) == []


def test_an_action_without_words_of_its_own_is_told_by_its_room():
    assert action_words("people.exported_full") == "导出完整名单"
    assert action_words("people.something_new") == "人员 · something_new"
    assert action_words("nobody.knows") == "nobody.knows"


def test_what_something_was_done_to_is_told_in_words_whatever_room_wrote_it():
    shapes = re.compile(r"\btarget=f?\"([a-z-]+)[:\"]")
    found = {
        one
        for top in ("apps", "platform/public")
        for path in (ROOT / top).rglob("*.py")
        for one in shapes.findall(path.read_text("utf-8"))
    }
    assert len(found) > 40
    assert sorted(found - set(THINGS)) == []
    assert reference_words("course-version:27") == "课程版本 27"
    assert reference_words("rectification:3060ebaa-aead-43be-81b6-c45ee4472124") == "整改通知 3060ebaa"
    assert reference_words("roster") == "roster"
