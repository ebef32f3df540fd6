"""Questions that say the same: within the own banks, and beside the platform's shared ones."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, QuerySet

from apps.exams.bank.models import Question
from public.questions import api as questions

ALIKE = 0.6
"""From this share of common letters in threes on, two questions are shown as near copies, as in the shared banks."""
MOST_ALIKE = 5


@dataclass(frozen=True, slots=True)
class Twin:
    """A question that another one repeats. ``bank``: ``own`` or ``shared``; ``ref``: its uuid."""

    bank: str
    code: str
    ref: str
    stem: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that a line of an import keeps."""
        return {"bank": self.bank, "code": self.code, "ref": self.ref, "stem": self.stem[:80]}


def twins(fingerprints: Iterable[str]) -> dict[str, Twin]:
    """Return who already says what these fingerprints stand for: own questions in use first, then shared ones. Two queries."""
    wanted = set(fingerprints)
    found = _shared(wanted)
    rows = Question.objects.filter(archived_at=None, bank__archived_at=None, fingerprint__in=wanted).order_by("-code")
    for print_, code, key, stem in rows.values_list("fingerprint", "code", "uuid", "stem"):
        found[print_] = Twin(questions.OWN, code, str(key), stem)
    return found


def _shared(fingerprints: Collection[str]) -> dict[str, Twin]:
    return {print_: Twin(questions.SHARED, code, ref, stem) for print_, code, ref, stem in questions.copies(fingerprints)}


def near(row: Question) -> list[tuple[Question, int]]:
    """Return own questions in use whose words are much the same, the nearest first: (question, percent). One query."""
    rows = Question.objects.filter(archived_at=None, bank__archived_at=None).exclude(pk=row.pk)
    found = rows.annotate(alike=TrigramSimilarity("words", row.words)).filter(alike__gte=ALIKE)
    return [(one, int(100 * one.alike)) for one in found.select_related("bank").order_by("-alike", "pk")[:MOST_ALIKE]]


@dataclass(frozen=True, slots=True)
class Group:
    """Own questions that say the same, oldest first, and the shared one that says it too."""

    rows: list[Question]
    shared: Twin | None


def groups(*, banks: Collection[int] = ()) -> list[Group]:
    """Return every group of repeated questions in use, the largest first. Three queries, and none reads the shared banks whole."""
    rows = Question.objects.filter(archived_at=None, bank__archived_at=None)
    if banks:
        rows = rows.filter(bank_id__in=banks)
    shared = _shared(set(rows.values_list("fingerprint", flat=True)))
    found: dict[str, list[Question]] = {}
    for row in _repeated(rows, shared):
        found.setdefault(row.fingerprint, []).append(row)
    whole = [Group(some, shared.get(print_)) for print_, some in found.items()]
    return sorted(whole, key=lambda group: (-len(group.rows), group.rows[0].code))


def _repeated(rows: QuerySet[Question], shared: Collection[str]) -> QuerySet[Question]:
    often = rows.values("fingerprint").annotate(n=Count("pk")).filter(n__gt=1).values("fingerprint")
    both = rows.filter(fingerprint__in=often) | rows.filter(fingerprint__in=list(shared))
    return both.select_related("bank").order_by("created_at", "pk")


def shared_twin(fingerprint: str) -> Twin | None:
    """Return the platform's question that says the same, or None. One query."""
    return _shared([fingerprint]).get(fingerprint)
