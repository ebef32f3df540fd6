"""Answering at once: from what somebody asks to the answer with its source, or to "I do not know". Runs on the platform.

PostgreSQL finds which passages have pieces of the question (three GIN indexes), `ranking` weighs them. What was not answered surely is
kept for the editor, without numbers of persons; who asked is not.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F

from infra.kit import clock
from public.helpdesk import faq, gaps, marked, passages, ranking, words
from public.helpdesk.manual import reading
from public.helpdesk.models import Passage, Tally
from public.helpdesk.ranking import Candidate, Ranked
from public.helpdesk.shapes import Source
from public.helpdesk.words import Unit
from tenants import limits

PER_HOUR = "120/hour"
"""Of one person who is signed in, or of strangers from one address."""
_MOST_HITS = 400
SURE, PERHAPS, UNKNOWN = "sure", "perhaps", "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a question. ``how``: ``sure``, ``perhaps`` or ``unknown``; ``best`` stands open where it is sure, ``others`` are links."""

    text: str
    how: str
    best: Source | None = None
    others: list[Source] = field(default_factory=list)


def ask(text: str, *, audiences: Collection[str], own: str, lang: str, at: datetime, who: str) -> Answer:
    """Answer a question and keep what could not be answered.

    :param audiences: whose answers may be shown
    :param own: the asker's own part, whose answers come first
    :param who: who is counted: a person, or an address
    :raises TooMany: 120 an hour of one
    """
    limits.spend(PER_HOUR, "help-ask", who)
    answer = find(text, audiences=audiences, own=own, lang=lang, at=at)
    if answer.text:
        _count(answer.how, at)
        if answer.how != SURE:
            gaps.note(answer.text, audience=own, near=answer.others[0].ref if answer.others else "", at=at)
    return answer


def find(text: str, *, audiences: Collection[str], own: str, lang: str, at: datetime, most: int = 6) -> Answer:
    """Answer a question and keep nothing; three queries."""
    said = " ".join(text.replace("\0", "").split())[: words.LONGEST]
    ranked = ranked_for(said, audiences=audiences, own=own, at=at, most=most)
    known = faq.sources([hit.ref for hit in ranked if hit.source == Passage.Source.FAQ], lang)
    sources = [one for one in (known.get(hit.ref) or _section(hit, lang) for hit in ranked) if one is not None]
    if not sources:
        return Answer(said, UNKNOWN)
    if ranked[0].is_sure and sources[0].ref == ranked[0].ref:
        return Answer(said, SURE, sources[0], sources[1:4])
    return Answer(said, PERHAPS, None, sources[:4])


def ranked_for(text: str, *, audiences: Collection[str], own: str, at: datetime, most: int = 6) -> list[Ranked]:
    """Return references of passages that may answer, the best first."""
    asked = words.units(text)
    if not asked:
        return []
    passages.ensure(at=at)
    found, total = _hits(asked, audiences, own)
    return ranking.rank(asked, found, total=total, most=most)


_OPEN = "(source = 'FAQ' OR edition = %(manual)s) AND audiences::text[] && %(audiences)s::text[]"
_FIND = f"""
SELECT source, ref, ARRAY(SELECT unnest(head) INTERSECT SELECT unnest(%(tokens)s::text[])),
  ARRAY(SELECT unnest(body) INTERSECT SELECT unnest(%(tokens)s::text[])), ARRAY(SELECT unnest(sounds) INTERSECT SELECT unnest(%(sounds)s::text[])),
  cardinality(sounds), %(own)s = ANY(audiences::text[]), (SELECT count(*) FROM helpdesk_passage WHERE {_OPEN})
FROM helpdesk_passage
WHERE (head && %(tokens)s::text[] OR body && %(tokens)s::text[] OR sounds && %(sounds)s::text[]) AND {_OPEN} LIMIT %(most)s
"""  # noqa: S608 - both parts are ours; values are parameters


def _hits(asked: Sequence[Unit], audiences: Collection[str], own: str) -> tuple[list[Candidate], int]:
    given: dict[str, Any] = {
        "manual": reading.digest(), "audiences": list(audiences), "own": own, "most": _MOST_HITS,
        "tokens": [unit.token for unit in asked], "sounds": [unit.sound for unit in asked if unit.sound],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FIND, given)
        rows = cursor.fetchall()
    found = [Candidate(row[0], row[1], frozenset(row[2]), frozenset(row[3]), frozenset(row[4]), row[5], row[6]) for row in rows]
    return found, rows[0][7] if rows else 0


def _section(hit: Ranked, lang: str) -> Source | None:
    section = reading.section(hit.ref, lang) if hit.source == Passage.Source.MANUAL else None
    if section is None:
        return None
    chapter = reading.text_of(hit.ref.partition("#")[0], lang)
    return Source(
        hit.source,
        hit.ref,
        section.title,
        section.text,
        marked.plain(section.text),
        where=chapter.title,
        audience=chapter.chapter.audience,
    )


def _count(how: str, at: datetime) -> None:
    row, _made = Tally.objects.get_or_create(day=clock.shanghai_date(at))
    Tally.objects.filter(pk=row.pk).update(**{how: F(how) + 1})
