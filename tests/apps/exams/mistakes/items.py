"""Questions of every kind, as they lie on a paper, and the answers to them."""

from typing import Any
from uuid import UUID, uuid4

from apps.exams import api as exams
from tests.apps.plans.ground import NOON

STEMS = {
    "single": "断电后还要先做什么？",
    "multiple": "哪些属于特种作业？",
    "judge": "有限空间可以先进入再检测。",
    "blank": "从业人员发现（　）应当报告，时限 ____ 分钟。",
    "order": "把进入有限空间的步骤排好。",
    "text": "说说三违是什么。",
}
_LETTERS = [{"key": key, "text": text} for key, text in zip("ABC", ("验电", "挂牌", "离开"), strict=True)]
OPTIONS = {
    "single": _LETTERS,
    "multiple": [{"key": key, "text": text} for key, text in zip("ABC", ("焊接", "高处作业", "扫地"), strict=True)],
    "judge": [{"key": "A", "text": "正确"}, {"key": "B", "text": "错误"}],
    "order": [{"key": key, "text": text} for key, text in zip("ABC", ("检测", "通风", "进入"), strict=True)],
}
ANSWERS: dict[str, list[Any]] = {
    "single": ["A"],
    "multiple": ["A", "B"],
    "judge": ["B"],
    "blank": [["隐患", "事故隐患"], ["30"]],
    "order": ["B", "A", "C"],
    "text": ["违章指挥、违章作业、违反劳动纪律"],
}
WRONG: dict[str, list[str]] = {
    "single": ["B"], "multiple": ["A"], "judge": ["A"], "blank": ["问题", "30"], "order": ["A", "B", "C"], "text": ["不知道"],
}  # fmt: skip


def item(kind: str = "single", *, no: int = 1, key: int = 0, **more: Any) -> dict[str, Any]:
    """One question of a paper; the same ``key`` is the same question."""
    question = str(UUID(int=key)) if key else str(uuid4())
    return {
        "bank": "shared", "question": question, "version": 1, "code": "Q", "kind": kind, "topic": "安全生产法", "points": ["用电"],
        "difficulty": 2, "stem": STEMS[kind], "media": [], "options": OPTIONS.get(kind, []), "answer": ANSWERS[kind],
        "explanation": "先断电，再验电。", "basis": "《安全生产法》第五十七条", "case": None, "no": no, "score": 2, **more,
    }  # fmt: skip


def wrong(one: dict[str, Any]) -> exams.Answered:
    return exams.Answered(one, WRONG[one["kind"]], right=False)


def right(one: dict[str, Any]) -> exams.Answered:
    return exams.Answered(one, [], right=True)


def fail(learner_id: int, *items: dict[str, Any], at: Any = NOON, ref: UUID | None = None, **more: Any) -> UUID:
    """Let a learner answer these wrongly in one exam."""
    ref = ref or uuid4()
    numbered = [{**one, "no": no} for no, one in enumerate(items, 1)]
    exams.collect(learner_id=learner_id, source="exam", ref=ref, answers=[wrong(one) for one in numbered], at=at, **more)
    return ref


def response(shown: dict[str, Any]) -> list[str]:
    """The right answer to a question of a practice, whose options were shuffled, found by their words."""
    kind = shown["kind"]
    if kind == "blank":
        return [gap[0] for gap in ANSWERS[kind]]
    if kind == "text":
        return ["违章指挥、违章作业和违反劳动纪律"]
    words = {one["key"]: one["text"] for one in OPTIONS[kind]}
    keys = {one["text"]: one["key"] for one in shown["options"]}
    return [keys[words[key]] for key in ANSWERS[kind]]
