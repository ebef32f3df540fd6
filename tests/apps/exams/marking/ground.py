"""Ground of the tests of marking: people who have sat one paper, and two managers."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from apps.exams.models import Attempt
from apps.people import api as people
from apps.people import managing
from apps.people.models import Manager
from apps.people.shapes import ManagerView, manager_view
from apps.plans import api as plans
from tests.apps.exams.sitting.ground import MINUTE, put, start, submit
from tests.apps.plans import ground
from tests.apps.plans.ground import NOON

LATER = NOON + 60 * MINUTE
REASON = "标准答案与现行条款不一致，见条文。"
_SPACE = UUID("5a3f2f0e-0f30-4d53-9a53-2d2f5f6a7b8c")
OPTIONS = ("对的", "错的一", "错的二", "错的三")


def question(n: int) -> str:
    """The uuid of question ``n`` of the tests."""
    return str(uuid5(_SPACE, str(n)))


def choice(n: int, *, no: int, score: int = 4, turn: int = 0) -> dict[str, Any]:
    """A single choice whose right option reads 「对的」; ``turn`` letters the options anew."""
    texts = OPTIONS[turn:] + OPTIONS[:turn]
    options = [{"key": key, "text": text} for key, text in zip("ABCD", texts, strict=True)]
    key = next(option["key"] for option in options if option["text"] == "对的")
    about = {
        "bank": "own",
        "question": question(n),
        "version": 1,
        "code": f"Q{n}",
        "topic": "用电安全",
        "points": [],
        "case": None,
    }
    words = {"stem": f"第 {n} 题怎样做才安全？", "explanation": "先断电。", "basis": "《安全生产法》第四十三条", "media": []}
    return {**about, **words, "kind": "single", "options": options, "answer": [key], "no": no, "score": score, "difficulty": 2}


def text(n: int, *, no: int, score: int = 8) -> dict[str, Any]:
    """A written answer."""
    return {
        **choice(n, no=no, score=score),
        "kind": "text",
        "stem": "简述触电后的现场急救。",
        "options": [],
        "answer": ["先断电，再救人。"],
    }


def everyone(count: int, **order: Any) -> list[plans.AssignmentView]:
    """So many learners who have learnt everything, with one exam ahead."""
    found = [ground.learner(n) for n in range(1, count + 1)]
    ground.open_plan(**{"exam_tries": 3, **order})
    views = [plans.assignments_of(one.id)[0] for one in found]
    for view in views:
        ground.learn_all(view)
    return views


def sit(view: plans.AssignmentView, paper: list[dict[str, Any]], said: dict[int, str], at=NOON) -> Attempt:
    """Let somebody sit this paper; ``said``: number -> an option's text, or what was written."""
    attempt = start(view, at=at)
    Attempt.objects.filter(uuid=attempt.uuid).update(paper=paper)
    for item in paper:
        if item["no"] in said:
            words = said[item["no"]]
            response = [next((o["key"] for o in item["options"] if o["text"] == words), words)]
            put(attempt, item["no"], response, learner_id=view.learner_id, at=at + MINUTE)
    submit(attempt, view, at=at + 2 * MINUTE)
    return Attempt.objects.get(uuid=attempt.uuid)


def managers() -> tuple[ManagerView, ManagerView]:
    """Two who may mark: the owner and a training manager."""
    people.open_owner(name="安全员", mobile="13900000001", password=None, at=NOON)
    me = Manager.objects.get()
    other = managing.invite(name="培训管理员乙", mobile="13900000002", role="TRAINING", unit_id=None, by=me.pk, at=NOON)
    return manager_view(me), manager_view(other)


def entries(view: plans.AssignmentView) -> list[str]:
    """The kinds of the learner's entries in the ledger, after the registration."""
    from apps.records import api as records

    return [entry.kind for entry in records.entries_of(people.learner(view.learner_id).uuid)[1:]]
