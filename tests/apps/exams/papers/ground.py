"""Ground of papers: questions of both banks, papers, a plan that takes one."""

from typing import Any
from uuid import UUID
from zlib import crc32

from apps.exams.bank.models import Bank, Question, QuestionVersion
from apps.exams.papers import services
from apps.exams.papers.models import PaperRevision
from apps.exams.papers.shapes import Chosen, Draft, Row
from apps.people import api as people
from apps.people.models import Manager
from apps.plans import api as plans
from public.questions import api as questions
from tenants.scope import platform_scope
from tests.apps.plans.ground import NOON
from tests.public.questions import ground as shared

TOPIC = "有限空间作业"


def fill(count: int = 10, kind: str = "single", *, topic: str = TOPIC, difficulty: int = 2, **changes: Any) -> None:
    """Put published questions into a shared bank."""
    with platform_scope():
        for n in range(count):
            code = f"{kind[:2]}{crc32(f'{topic}{difficulty}'.encode()) % 10**6}-{n}"
            shared.published(code, kind, topic=topic, difficulty=difficulty, **{"stem": f"{stem(kind)}{topic}{n}", **changes})


def stem(kind: str) -> str:
    """A stem with as many gaps as the kind needs."""
    return str(shared.content(kind)["stem"])


def fill_own(count: int = 3, kind: str = "single", *, title: str = "本厂题库", topic: str = "本厂制度") -> Bank:
    """Put questions into a bank of the enterprise."""
    by = Manager.objects.order_by("pk").first()
    if by is None:
        people.open_owner(name="安全员", mobile="13900000001", password=None, at=NOON)
        by = Manager.objects.get()
    bank, _made = Bank.objects.get_or_create(title=title, defaults={"topic": topic, "created_by": by, "created_at": NOON})
    for n in range(count):
        content = shared.content(kind, topic=topic, stem=f"{stem(kind)}{title}{n}")
        row = Question.objects.create(
            bank=bank, code=f"{title}-{kind}-{n}", kind=kind, topic=topic, points=content["points"], difficulty=content["difficulty"],
            stem=content["stem"], items=len(content.get("parts", [None])), words=questions.words(content),
            fingerprint=questions.fingerprint(content), created_at=NOON, changed_at=NOON,
        )  # fmt: skip
        QuestionVersion.objects.create(question=row, number=1, content=content, by=by, at=NOON)
    return bank


def drawn(*rows: Row, **changes: Any) -> Draft:
    """A drawn paper; without rows five single choices of two points."""
    return Draft(**{"title": "有限空间考试", "is_drawn": True, "rows": rows or (Row(count=5, score=2),), **changes})


def fixed(*refs: questions.Ref, **changes: Any) -> Draft:
    """A fixed paper of these questions, two points each."""
    return Draft(**{"title": "固定卷", "is_drawn": False, "chosen": tuple(Chosen(ref, 2) for ref in refs), **changes})


def refs(count: int = 5, kind: str = "") -> list[questions.Ref]:
    """Some questions of the shared bank."""
    return [entry.ref for entry in questions.pool(topics=None) if kind in {"", entry.kind}][:count]


def write(draft: Draft) -> PaperRevision:
    """Write a paper down."""
    return services.write(draft=draft, by="安全员", at=NOON)


def rule(paper: UUID | None, **changes: Any) -> Any:
    """The rule of an exam with this paper."""
    numbers = {"question_topics": [], "questions": 5, "pass_score": 80, "minutes": 30, "tries": 3}
    return plans.ExamRule(**{**numbers, **changes}, paper=paper)
