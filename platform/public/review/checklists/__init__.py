"""The questions of each angle, as data with an edition; a verdict names the edition it answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError

YES, NO, NOT_APPLICABLE = "yes", "no", "na"
ANSWERS = ((YES, _("是")), (NO, _("否")), (NOT_APPLICABLE, _("不适用")))
REREVIEW = "REREVIEW"
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Item:
    """One question. ``clause`` says where it comes from; ``always`` means that "not applicable" is no answer."""

    key: str
    text: str
    clause: str
    en: str
    always: bool = False

    @property
    def question(self) -> str:
        """The question in the reader's language."""
        return self.en if (get_language() or "").startswith("en") else self.text


@dataclass(frozen=True, slots=True)
class Checklist:
    """The questions of one angle. ``name`` is kept beside the answers, e.g. ``POLITICAL/2026-11``."""

    name: str
    items: tuple[Item, ...]

    def clean(self, answers: Mapping[str, Any]) -> dict[str, str]:
        """Return the answers in the order of the questions.

        :raises DomainError: ``check_missing`` with the unanswered items; unknown ones are left out
        """
        allowed = {item.key: {YES, NO} | (set() if item.always else {NOT_APPLICABLE}) for item in self.items}
        missing = [item.key for item in self.items if answers.get(item.key) not in allowed[item.key]]
        if missing:
            raise DomainError(
                "check_missing", _("请逐项回答检查清单，还有未回答的项目。"), status=422, field="checks", items=missing
            )
        return {item.key: str(answers[item.key]) for item in self.items}


@lru_cache(maxsize=1)
def _all() -> dict[str, Checklist]:
    files = [json.loads((_HERE / name).read_text("utf-8")) for name in ("checklists.json", "questions.json")]
    return {
        angle: Checklist(f"{angle}/{found['edition']}", tuple(Item(**entry) for entry in entries))
        for found in files
        for angle, entries in found["lists"].items()
    }


def for_questions(angle: str) -> str:
    """Return the name of the list by which questions are judged from an angle."""
    return f"QUESTIONS_{angle}"


def of(angle: str) -> Checklist:
    """Return the questions of an angle (of courses, or by `for_questions`), or of `REREVIEW`.

    :raises KeyError: there is no such list
    """
    return _all()[angle]


def every_check(angle: str) -> dict[str, str]:
    """Return "yes" to every question of an angle: for demo data and tests."""
    return {item.key: YES for item in of(angle).items}


def refuse_noes(answers: Mapping[str, str]) -> None:
    """Refuse to pass what a check says no to.

    :raises DomainError: 422 ``check_no`` with the ``items``
    """
    noes = [key for key, answer in answers.items() if answer == NO]
    if noes:
        message = _("检查清单中有“否”，不能通过。请选择“退回修改”，或在核实后更正答案。")
        raise DomainError("check_no", message, status=422, field="verdict", items=noes)
