"""The index: one row for each published version, made from the catalogue's words. Runs on the platform."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Cast

from public.catalogue import api as catalogue
from public.search import quality, rules, words
from public.search.models import CourseQuality, Entry
from tenants.api import Enterprise

_STEP = 200
_MOST_POSITIONS = 16_383
"""PostgreSQL counts no further in a tsvector."""
_RECIPE = "2"
"""Change it when rows are made differently: all of them are then made anew."""


def refresh(version_ids: Sequence[int], *, at: datetime) -> int:
    """Make the rows of these versions anew, in whatever state they are; what is not published loses its row.

    :returns: how many rows were written; unchanged ones are left alone
    """
    return sum(_refresh(version_ids[start : start + _STEP], at) for start in range(0, len(version_ids), _STEP))


def reindex(*, at: datetime, after: int = 0, progress: Callable[[int, int], None] | None = None) -> int:
    """Bring the whole index up to date in steps, each its own transaction, so that it may be ended and begun again.

    :param after: begin behind this version
    :param progress: gets the last version of a step and how many rows it wrote
    :returns: how many rows were written
    """
    written = 0
    while ids := catalogue.published_ids(after=after, limit=_STEP):
        step = refresh(ids, at=at)
        written, after = written + step, ids[-1]
        if progress:
            progress(after, step)
    Entry.objects.filter(is_open=False).delete()
    return written


@transaction.atomic
def _refresh(version_ids: Sequence[int], at: datetime) -> int:
    found = [text for text in catalogue.version_texts(version_ids) if text.state == "PUBLISHED"]
    Entry.objects.filter(version_id__in=set(version_ids) - {text.version_id for text in found}).delete()
    known = dict(Entry.objects.filter(version_id__in=version_ids, is_open=True).values_list("version_id", "digest"))
    names = _providers({text.provider_schema for text in found})
    figures = CourseQuality.objects.in_bulk([text.course_id for text in found])
    made = [
        _Made(text, catalogue.spoken_text(text.version_id), names.get(text.provider_schema, ""), figures.get(text.course_id))
        for text in found
    ]
    rows = [_entry(one, at) for one in made if known.get(one.text.version_id) != one.digest]
    Entry.objects.filter(version_id__in=[row.version_id for row in rows]).delete()
    Entry.objects.bulk_create(rows)
    return len(rows)


@dataclass(frozen=True, slots=True)
class _Made:
    """All that one row is made from."""

    text: catalogue.VersionText
    spoken: str
    provider: str
    figures: CourseQuality | None

    @property
    def digest(self) -> str:
        """What tells whether the row must be made anew; figures are written to it directly."""
        made_of = json.dumps([_RECIPE, asdict(self.text), self.spoken, self.provider], ensure_ascii=False, default=str)
        return hashlib.md5(made_of.encode(), usedforsecurity=False).hexdigest()


def _providers(schemas: set[str]) -> dict[str, str]:
    rows = Enterprise.objects.filter(schema_name__in=schemas - {""})
    return dict(rows.values_list("schema_name", "name"))


def _entry(made: _Made, at: datetime) -> Entry:
    text = made.text
    trainer = words.together(text.trainer)
    beside = [trainer, *text.key_points, text.category]
    title = _tokens(words.tokens, [text.title, text.code])
    points = _tokens(words.tokens, beside)
    rest = _tokens(words.tokens, [*text.headings, made.spoken])
    near = [token for make in (words.tokens, words.skips, words.sounds) for token in _tokens(make, [text.title, *beside])]
    known = quality.figures_of(made.figures) if made.figures else rules.Figures()
    return Entry(
        version_id=text.version_id,
        course_id=text.course_id,
        visible_to=text.visible_to,
        code=text.code,
        title=text.title,
        trainer=text.trainer,
        key_points=text.key_points,
        audience=text.audience,
        industry=text.industry,
        topic=text.topic,
        place=text.place,
        category=text.category,
        provider=made.provider[:80],
        hours=rules.hours_bucket(text.duration_ms),
        duration_ms=text.duration_ms,
        published_at=text.published_at or at,
        title_key=words.key(text.title),
        letters=f" {words.letters([text.title])} | {words.letters([*text.key_points, trainer])} {words.fold(text.code)}",
        head=vector([(title, "A"), (points, "B")]),
        near=vector([(near, "D")]),
        body=vector([(title, "A"), (points, "B"), (rest, "D")]),
        digest=made.digest,
        indexed_at=at,
        **quality.shown(known),
    )


def _tokens(make: Callable[[str], Iterable[str]], phrases: Iterable[str]) -> list[str]:
    return [token for phrase in phrases for token in make(phrase)]


def vector(parts: Iterable[tuple[Iterable[str], str]]) -> Any:
    """Return the tsvector of tokens with their weights; a token in several parts keeps the best.

    Positions only carry the weight: each token has one.
    """
    weights: dict[str, str] = {}
    for tokens, weight in parts:
        for token in tokens:
            weights.setdefault(token, weight)
    text = " ".join(f"'{token}':{min(at, _MOST_POSITIONS)}{weight}" for at, (token, weight) in enumerate(weights.items(), 1))
    return Cast(Value(text), SearchVectorField())
