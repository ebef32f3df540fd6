"""Clause by clause: which tests prove which clause of the reference conditions, and how they ended last time."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from infra.wiring.settings.env import BASE_DIR

CLAUSES = Path(__file__).with_name("clauses.json")
OUTCOMES = "build/test-outcomes.json"
"""Written by the test run: ``{"tests/…::name": "passed"}``."""


@dataclass(slots=True)
class Clause:
    """One clause with the tests that claim to prove it (node ids) and their last outcomes."""

    id: str
    text: str
    tests: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """``none`` (no test yet), ``not run``, ``failed`` or ``passed``."""
        if not self.tests:
            return "none"
        if any(outcome == "failed" for outcome in self.outcomes):
            return "failed"
        return "passed" if "passed" in self.outcomes else "not run"


def _marks(decorators: list[ast.expr]) -> Iterator[str]:
    for mark in decorators:
        if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "req":
            yield from (arg.value for arg in mark.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def _module_marks(tree: ast.Module) -> list[str]:
    values = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)
    ]
    flat = [item for value in values for item in (value.elts if isinstance(value, ast.List | ast.Tuple) else [value])]
    return list(_marks(flat))


def marked_tests() -> Iterator[tuple[str, str]]:
    """Yield (clause, node id) for each ``req`` mark under `tests/`."""
    base = BASE_DIR
    for path in sorted((base / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        shared = _module_marks(tree)
        for owner, node in _tests(tree):
            for clause in dict.fromkeys([*shared, *_marks(owner), *_marks(node.decorator_list)]):
                yield clause, f"{path.relative_to(base)}::{node.name}"


def _tests(tree: ast.Module) -> Iterator[tuple[list[ast.expr], ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield [], node
        elif isinstance(node, ast.ClassDef):
            yield from (
                (node.decorator_list, item)
                for item in node.body
                if isinstance(item, ast.FunctionDef) and item.name.startswith("test_")
            )


def _plain(node: str) -> str:
    """Return ``file::test`` of a node id, without class and parameters."""
    file, *_, name = node.split("[", maxsplit=1)[0].split("::")
    return f"{file}::{name}"


def table() -> list[Clause]:
    """Return every clause in order, with its tests and their last outcomes.

    :raises KeyError: a test names a clause that does not exist
    """
    clauses = {row["id"]: Clause(row["id"], row["clause"]) for row in json.loads(CLAUSES.read_text("utf-8"))}
    last = BASE_DIR / OUTCOMES
    outcomes: dict[str, str] = json.loads(last.read_text("utf-8")) if last.exists() else {}
    for clause, test in marked_tests():
        clauses[clause].tests.append(test)
        clauses[clause].outcomes += [end for node, end in outcomes.items() if _plain(node) == test]
    return list(clauses.values())
