"""Which own questions a manager means: by words, topic, point, kind, difficulty, bank, or the article of a law."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from apps.exams.bank.models import Bank, Question
from public.questions import api as questions

SORTS = {"": "-pk", "code": "code", "-code": "-code", "changed": "changed_at", "-changed": "-changed_at",
         "difficulty": "difficulty", "-difficulty": "-difficulty"}  # fmt: skip
STATES = ("", "archived", "all")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed down to; empty means all. ``state``: "" in use, ``archived`` or ``all``."""

    q: str = ""
    bank: str = ""
    kind: str = ""
    topic: str = ""
    point: str = ""
    difficulty: str = ""
    law: str = ""
    article: str = ""
    state: str = ""
    sort: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the bank is asked for."""
        return any((self.q, self.kind, self.topic, self.point, self.difficulty, self.law, self.article, self.state))


def questions_of(wanted: Wanted) -> QuerySet[Question]:
    """Return the questions that a list shows, newest first unless sorted otherwise."""
    rows = Question.objects.select_related("bank").defer("words")
    if wanted.state == "archived":
        rows = rows.exclude(archived_at=None, bank__archived_at=None)
    elif wanted.state != "all":
        rows = rows.filter(archived_at=None)
    if wanted.bank:
        rows = rows.filter(bank__uuid=_uuid(wanted.bank))
    elif not wanted.state:
        rows = rows.filter(bank__archived_at=None)
    if wanted.point:
        rows = rows.filter(points__contains=[wanted.point])
    if wanted.difficulty:
        rows = rows.filter(difficulty=int(wanted.difficulty) if wanted.difficulty in "12345" else 0)
    for name in ("kind", "topic"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if wanted.law or wanted.article:
        rows = rows.filter(_cites(wanted.law, wanted.article))
    for word in wanted.q.split()[:5]:
        rows = rows.filter(_hit(word))
    return rows.order_by(SORTS.get(wanted.sort, "-pk"), "pk")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _hit(word: str) -> Q:
    letters = questions.plain(word)
    hit = Q(code__icontains=word) | Q(basis__icontains=word) | Q(topic__icontains=word) | Q(points__icontains=word)
    return hit | Q(words__contains=letters) if letters else hit | Q(stem__icontains=word)


def _cites(law: str, article: str) -> Q:
    """Return the questions that name an article, those too that name the whole law, for a change may concern them."""
    name = questions.law_name(law)
    if not article:
        return Q(basis__icontains=name)
    number = article_number(article)
    if not law:
        return Q(cites__icontains=f'|{number}"')
    return Q(cites__contains=[f"{name}|{number}"]) | Q(cites__contains=[f"{name}|"])


def article_number(text: str) -> str:
    """Return the number of an article as it is kept: ``21`` for 第二十一条, 21 or 二十一; the text itself when it is none."""
    plain = text.strip().removeprefix("第").removesuffix("条")
    found = questions.citations(f"某法第{plain}条")
    return found[0][1] or plain


def laws() -> list[tuple[str, int]]:
    """Return (law, how many questions in use name it) by name; one query."""
    table = Question._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT split_part(cite, '|', 1) AS law, count(DISTINCT q.id) FROM {table} q, jsonb_array_elements_text(q.cites) cite "  # noqa: S608
            "WHERE q.archived_at IS NULL GROUP BY law ORDER BY law"
        )
        return list(cursor.fetchall())


def choices() -> dict[str, list[str]]:
    """Return the topics and points of questions, for the filters; two queries."""
    rows = Question.objects.filter(archived_at=None)
    table = Question._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT point FROM {table} q, jsonb_array_elements_text(q.points) point "  # noqa: S608
            "WHERE q.archived_at IS NULL ORDER BY point LIMIT 500"
        )
        points = [point for (point,) in cursor.fetchall()]
    return {"topics": list(rows.order_by("topic").values_list("topic", flat=True).distinct()), "points": points}


def banks(*, archived: bool = False, q: str = "") -> QuerySet[Bank]:
    """Return the banks with ``size``, questions in use, by name."""
    rows = Bank.objects.select_related("created_by").annotate(size=Count("questions", filter=Q(questions__archived_at=None)))
    rows = rows.exclude(archived_at=None) if archived else rows.filter(archived_at=None)
    for word in q.split()[:5]:
        rows = rows.filter(Q(title__icontains=word) | Q(topic__icontains=word) | Q(about__icontains=word))
    return rows.order_by("title", "pk")


def by_kind(bank: Bank) -> list[tuple[Any, int]]:
    """Return (name of the kind, how many in use) of one bank, kinds without any left out."""
    counted = dict(bank.questions.filter(archived_at=None).values_list("kind").annotate(n=Count("pk")).values_list("kind", "n"))
    return [(label, counted[kind]) for kind, label in questions.KINDS.items() if kind in counted]
