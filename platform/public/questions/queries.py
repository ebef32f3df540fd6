"""Reads of the shared banks. Run on the platform or within an enterprise (which sees only what was published)."""

import random
from collections.abc import Collection, Iterable, Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.questions import rows
from public.questions.content import CASE, CHOICES, TEXT
from public.questions.models import Question, QuestionVersion
from public.questions.shapes import SHARED, Entry, Item, Ref


def _published(topics: Sequence[str] | None) -> QuerySet[QuestionVersion]:
    found = QuestionVersion.objects.filter(state=QuestionVersion.State.PUBLISHED).order_by("question__code")
    return found.filter(topic__in=list(topics)) if topics else found


def _of_kinds(topics: Sequence[str] | None, kinds: Collection[str]) -> QuerySet[QuestionVersion]:
    """Return what was published of these kinds; a case with a text is left out where no text is wanted."""
    found = _published(topics).filter(kind__in=list(kinds))
    if CASE in kinds and TEXT not in kinds:
        found = found.exclude(content__contains={"parts": [{"kind": TEXT}]})
    return found


def pool(*, topics: Sequence[str] | None = None) -> list[Entry]:
    """Return what papers may be drawn from: each published question's newest version, by code; all topics where none is named."""
    names = ("question__uuid", "number", "topic", "points", "difficulty", "kind", "content__parts")
    return [
        Entry(Ref(SHARED, key, number), topic, tuple(points), difficulty, kind, len(parts or [None]))
        for key, number, topic, points, difficulty, kind, parts in _published(topics).values_list(*names)
    ]


def items(refs: Iterable[Ref]) -> dict[Ref, Item]:
    """Return questions in exactly these versions, retired ones too; refs to other banks or to nothing are left out.

    A case comes whole, with ``parts``; ``lay_out`` takes it apart.
    """
    wanted = {ref for ref in refs if ref.bank == SHARED}
    found = QuestionVersion.objects.select_related("question").filter(question__uuid__in={ref.question for ref in wanted})
    refs_of = ((Ref(SHARED, row.question.uuid, row.number), row) for row in found)
    return {ref: rows.item(row) for ref, row in refs_of if ref in wanted}


_kept: dict[int, Item] = {}
_MOST_KEPT = 2_000
"""Questions that one process keeps at hand: some 2 kB each."""


def _frozen(ids: Sequence[int]) -> list[Item]:
    """Return published versions as items, in this order. What they say never changes, so each is read once a process; which of them may
    be drawn is asked every time.
    """
    at_hand = {key: item for key in ids if (item := _kept.get(key))}
    missing = [key for key in ids if key not in at_hand]
    if missing:
        found = QuestionVersion.objects.select_related("question").in_bulk(missing)
        read = {key: rows.item(found[key]) for key in missing}
        if len(_kept) + len(read) > _MOST_KEPT:
            _kept.clear()
        _kept.update(read)
        at_hand |= read
    return [dict(at_hand[key]) for key in ids]


def published(*, topics: Sequence[str] | None = None, kinds: Collection[str] = CHOICES) -> list[Item]:
    """Return the published questions of these kinds by code, with their answers; all topics where none is named."""
    found = _of_kinds(topics, kinds).select_related("question")
    return [rows.item(row) for row in found]


def copies(fingerprints: Collection[str]) -> list[tuple[str, str, str, str]]:
    """Return the published questions that say what these fingerprints stand for, by code: (fingerprint, code, uuid, stem). One query."""
    found = _published(None).filter(fingerprint__in=set(fingerprints))
    rows_of = found.values_list("fingerprint", "question__code", "question__uuid", "content__stem")
    return [(print_, code, str(key), stem) for print_, code, key, stem in rows_of]


def draw(*, topics: Sequence[str], count: int, seed: int, kinds: Collection[str] = CHOICES) -> list[Item]:
    """Draw ``count`` different questions on ``topics`` (all topics when empty); the same seed draws the same.

    :param kinds: what may be drawn; without it questions that are answered by choosing
    :raises DomainError: ``bank_too_small``, before anybody starts
    """
    ids = list(_of_kinds(topics, kinds).order_by("pk").values_list("pk", flat=True))
    if len(ids) < count:
        message = _("题库中符合条件的题目只有 %(have)s 道，少于试卷要求的 %(want)s 道，请减少题数或增加知识点。")
        raise DomainError("bank_too_small", message % {"have": len(ids), "want": count}, have=len(ids), want=count)
    chosen = random.Random(seed).sample(ids, count)  # noqa: S311 - a reproducible draw, not a secret
    return _frozen(chosen)


def topics() -> list[str]:
    """Return the topics of published questions by name."""
    found = QuestionVersion.objects.filter(state=QuestionVersion.State.PUBLISHED).order_by("topic")
    return list(found.values_list("topic", flat=True).distinct())


def is_question(code: str) -> bool:
    """Whether the shared banks hold a question under this code that was published once."""
    once = Q(versions__state__in=[QuestionVersion.State.PUBLISHED, QuestionVersion.State.RETIRED])
    return Question.objects.filter(once, code=code).exists()
