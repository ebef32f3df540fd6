"""The control matrix names tests that exist; a row without one says who else answers for it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "infra/controls"
TABLES = ("gbt22239-level3.md", "gb17859-level3.md")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_FILE = re.compile(r"`((?:apps|platform|public|tenants|infra)/[\w/.]+)`")

pytestmark = pytest.mark.req("R5.7")


def rows(name: str) -> list[list[str]]:
    lines = [line for line in (FOLDER / name).read_text("utf-8").splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@cache
def known_in(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.exists():
        return frozenset()
    tree = ast.parse(file.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("name", TABLES)
def test_every_control_names_tests_that_exist(name):
    missing = []
    for clause, _asks, _by, _how, named in rows(name):
        found = _TEST.findall(named)
        missing += [f"{clause}: names no test"] if not found else []
        missing += [f"{clause}: {path}::{test}" for path, test in found if test not in known_in(path)]
    assert missing == []


@pytest.mark.parametrize("name", TABLES)
def test_every_control_says_whose_part_it_is_and_names_files_that_exist(name):
    wrong = []
    for clause, asks, by, how, _named in rows(name):
        if not asks or not how or by not in {"platform", "operation", "shared"}:
            wrong.append(f"{clause}: incomplete")
        for path in _FILE.findall(how):
            if not (ROOT / path).exists() and not (ROOT / "platform" / path).exists():
                wrong.append(f"{clause}: {path}")
    assert wrong == []


def test_no_clause_stands_twice_and_both_standards_are_there():
    for name, least in (("gbt22239-level3.md", 25), ("gb17859-level3.md", 7)):
        clauses = [row[0] for row in rows(name)]
        assert len(clauses) == len(set(clauses)) >= least, name
