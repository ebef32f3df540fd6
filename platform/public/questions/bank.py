"""Reads for the people who tend the shared banks: lists, one question with its versions, copies. Stand on the platform."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext

from public.questions.fingerprints import near, plain
from public.questions.lifecycle import named_by
from public.questions.models import Question, QuestionVersion, Recheck, SharedBank
from public.questions.reading import workbook
from public.questions.writing import IN_WORK, not_found

State = QuestionVersion.State
ALIKE = 0.6
"""From this share of common letters in threes on, two questions are shown as near copies."""
MOST_PAIRS = 200
MOST_LINES = 5000
"""Questions in one exported file."""
STATES = State.choices


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed down to; empty means all. ``law`` with ``article`` as in `laws.citations`."""

    search: str = ""
    bank: str = ""
    topic: str = ""
    kind: str = ""
    difficulty: str = ""
    state: str = ""
    law: str = ""
    article: str = ""
    author_id: int | None = None
    to_check: bool = False


def banks() -> QuerySet[SharedBank]:
    """Return the banks by name, each with ``size``: questions that papers may draw."""
    drawn = Q(questions__versions__state=State.PUBLISHED)
    return SharedBank.objects.annotate(size=Count("questions", filter=drawn, distinct=True)).order_by("title")


def lines(wanted: Wanted) -> QuerySet[QuestionVersion]:
    """Return the versions that a list shows: published ones, those in work, and of a retired question its last; newest first.

    Each has ``to_check``: a law that it names has changed and nobody has looked yet.
    """
    last = Q(state=State.RETIRED, question__retired_at=F("retired_at"))
    live = Q(state__in=[*IN_WORK, State.PUBLISHED], question__retired_at__isnull=True)
    open_check = Recheck.objects.filter(question_id=OuterRef("question_id"), outcome="")
    rows = QuestionVersion.objects.filter(live | last).annotate(to_check=Exists(open_check))
    rows = rows.select_related("question", "question__bank").defer("words")
    if wanted.law:
        rows = rows.filter(pk__in=named_by(wanted.law, wanted.article).values("pk"))
    if wanted.to_check:
        rows = rows.filter(to_check=True, state=State.PUBLISHED)
    if wanted.author_id is not None:
        rows = rows.filter(author_id=wanted.author_id)
    for name, value in _plain_filters(wanted):
        rows = rows.filter(**{name: value})
    for word in wanted.search.replace("\0", "").split()[:5]:
        rows = rows.filter(_hit(word))
    return rows.order_by("-question_id", "-number")


def _plain_filters(wanted: Wanted) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if wanted.bank:
        try:
            found.append(("question__bank__uuid", UUID(wanted.bank)))
        except ValueError:
            found.append(("pk", None))
    if wanted.difficulty.isdigit():
        found.append(("difficulty", int(wanted.difficulty[:4])))
    return found + [(name, value) for name in ("topic", "kind", "state") if (value := getattr(wanted, name).replace("\0", ""))]


def _hit(word: str) -> Q:
    hit = Q(question__code__iexact=word) | Q(topic__icontains=word) | Q(points__icontains=word) | Q(basis__icontains=word)
    letters = plain(word)
    return hit | Q(words__contains=letters) if letters else hit


def topics_in_use() -> list[str]:
    """Return every topic of the shared banks by name, those of drafts too."""
    return list(QuestionVersion.objects.order_by("topic").values_list("topic", flat=True).distinct())


def question(uuid: UUID) -> Question:
    """Return one question with ``versions`` and ``rechecks`` at hand, newest first.

    :raises DomainError: ``not_found``
    """
    newest = QuestionVersion.objects.order_by("-number")
    checks = Recheck.objects.order_by("-opened_at")
    rows = Question.objects.select_related("bank").prefetch_related(
        Prefetch("versions", queryset=newest), Prefetch("rechecks", queryset=checks)
    )
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise not_found()
    return row


def similar(version: QuestionVersion, *, most: int = 5) -> list[tuple[QuestionVersion, int]]:
    """Return other questions whose words are much the same as a version's, the nearest first: (version, percent)."""
    rows = QuestionVersion.objects.filter(question__retired_at__isnull=True, state__in=[*IN_WORK, State.PUBLISHED])
    near = rows.exclude(question_id=version.question_id).annotate(alike=TrigramSimilarity("words", version.words))
    found = near.filter(alike__gte=ALIKE).select_related("question").order_by("-alike", "pk")[:most]
    return [(row, int(100 * row.alike)) for row in found]


@dataclass(frozen=True, slots=True)
class Twins:
    """Two questions that say much the same; 100 percent: the same words."""

    one: QuestionVersion
    other: QuestionVersion
    percent: int


def twins(*, topic: str = "") -> list[Twins]:
    """Return pairs of questions that are the same or nearly, the nearest first, at most `MOST_PAIRS`; of one topic if named."""
    rows = QuestionVersion.objects.filter(question__retired_at__isnull=True, state__in=[*IN_WORK, State.PUBLISHED])
    if topic:
        rows = rows.filter(topic=topic.replace("\0", ""))
    texts, questions = {}, {}
    for pk, question_id, words in rows.order_by("pk").values_list("pk", "question_id", "words"):
        texts[pk], questions[pk] = words, question_id
    pairs = [pair for pair in near(texts, least=ALIKE) if questions[pair[0]] != questions[pair[1]]][:MOST_PAIRS]
    ids = {pk for one, other, _part in pairs for pk in (one, other)}
    known = QuestionVersion.objects.select_related("question").in_bulk(ids)
    return [Twins(known[one], known[other], _percent(known[one], known[other], part)) for one, other, part in pairs]


def _percent(one: QuestionVersion, other: QuestionVersion, part: float) -> int:
    """Only what says the same word for word is called 100 percent."""
    return 100 if one.fingerprint == other.fingerprint else min(99, int(100 * part))


def sheet(rows: Iterable[QuestionVersion]) -> bytes:
    """Return versions as a workbook in the columns that can be imported."""
    return workbook([{**row.content, "code": row.question.code} for row in rows], title=gettext("试题"))


def is_unpublished_of(uuid: UUID, author_id: int) -> bool:
    """Whether a question is this author's alone and was never published."""
    rows = QuestionVersion.objects.filter(question__uuid=uuid)
    strangers = rows.exclude(author_id=author_id) | rows.filter(published_at__isnull=False)
    return rows.exists() and not strangers.exists()


def naming(law: str, article: str) -> int:
    """Return how many published questions a change of this article ("": of the whole law) concerns."""
    return named_by(law, article).count()


def returned_to(author_id: int) -> int:
    """Return how many of an author's drafts reviewers gave back."""
    return drafts_of(author_id).filter(submitted_at__isnull=False).count()


def to_check() -> int:
    """Return how many questions wait for a look because a law has changed."""
    return Question.objects.filter(rechecks__outcome="", retired_at__isnull=True).distinct().count()


def drafts_of(author_id: int) -> QuerySet[QuestionVersion]:
    """Return an author's drafts, oldest first; ``submitted_at`` is set where reviewers gave one back."""
    rows = QuestionVersion.objects.filter(author_id=author_id, state=State.DRAFT, question__retired_at__isnull=True)
    return rows.select_related("question", "question__bank").order_by("question_id")
