"""Common questions: reading them, writing editions, votes. Runs on the platform.

Words are never changed: another edition is written, and search follows in the same transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from infra.kit import clock
from infra.kit.errors import DomainError
from public.helpdesk import diary, marked, passages
from public.helpdesk.diary import Desk, require_desk
from public.helpdesk.manual.chapters import BY_KEY
from public.helpdesk.models import Article, Audience, Edition, Passage, Vote
from public.helpdesk.shapes import Source
from tenants import keys, limits

VOTES_PER_HOUR = "60/hour"


@dataclass(frozen=True, slots=True)
class Words:
    """What an editor writes; see `models.Edition`."""

    audiences: Sequence[str]
    question: str
    answer: str
    question_en: str = ""
    answer_en: str = ""
    other_words: str = ""
    chapter: str = ""


def sources(refs: Collection[str], lang: str) -> dict[str, Source]:
    """Return published answers by the article's uuid; one query, none for no uuids."""
    if not refs:
        return {}
    rows = passages.present().filter(article__uuid__in=refs)
    return {str(row.article.uuid): shown(row, lang) for row in rows}


def source(article: UUID, lang: str, *, audiences: Collection[str]) -> Source | None:
    """Return one published answer, None where there is none for these readers."""
    row = passages.present().filter(article__uuid=article).first()
    return shown(row, lang) if row is not None and set(audiences) & set(row.audiences) else None


def shown(row: Edition, lang: str) -> Source:
    """Return an edition as a reader of a language sees it; where there is no English, in Chinese."""
    is_english = lang == "en" and bool(row.question_en and row.answer_en)
    title, text = (row.question_en, row.answer_en) if is_english else (row.question, row.answer)
    day = clock.shanghai_date(row.at)
    return Source(
        Passage.Source.FAQ, str(row.article.uuid), title, text, marked.plain(text), number=row.number, at=row.at, chapter=row.chapter,
        where=_("第 %(n)d 版，%(day)s") % {"n": row.number, "day": day.isoformat()}, audience=row.audiences[0],
    )  # fmt: skip


def most_helpful(audiences: Sequence[str], lang: str, *, most: int = 8) -> list[Source]:
    """Return the answers that helped the most people, those for the first of the audiences before others; two queries."""
    own, *others = audiences
    rows = passages.present().order_by((F("article__helpful") - F("article__unhelpful")).desc(), "article__pk")
    found = list(rows.filter(audiences__contains=[own])[:most])
    if len(found) < most and others:
        more = Q()
        for one in others:
            more |= Q(audiences__contains=[one])
        found += rows.filter(more).exclude(pk__in=[row.pk for row in found])[: most - len(found)]
    return [shown(row, lang) for row in found]


@transaction.atomic
def write(*, words: Words, desk: Desk, article: UUID | None = None, why: str = "") -> UUID:
    """Publish a new edition, of a new article where none is named; a retired one is open again. Votes begin anew.

    :raises DomainError: 403 ``forbidden``; 404 ``not_found``; 409 ``nothing_changed``; 422 ``text_missing``, ``unknown_audience``, ``unknown_chapter``
    """
    require_desk(desk)
    words = _checked(words)
    row = _held(article) if article else Article(changed_at=desk.at)
    last = row.editions.filter(number=row.number).first() if row.pk else None
    if last is not None and not row.is_retired and _same(last, words):
        raise DomainError("nothing_changed", _("内容没有变化，没有保存新版本。"), status=409)
    row.number, row.is_retired, row.helpful, row.unhelpful, row.changed_at = row.number + 1, False, 0, 0, desk.at
    row.save()
    edition = Edition.objects.create(
        article=row, number=row.number, audiences=list(words.audiences), question=words.question, question_en=words.question_en,
        answer=words.answer, answer_en=words.answer_en, other_words=words.other_words, chapter=words.chapter, why=why.strip()[:200],
        by=desk.actor, name=desk.me.name, at=desk.at,
    )  # fmt: skip
    passages.follow(edition, at=desk.at)
    diary.log(desk, "help.faq_written", target=f"faq:{row.uuid}", number=row.number)
    return row.uuid


@transaction.atomic
def retire(*, article: UUID, desk: Desk) -> None:
    """Take an answer away from readers and from search; its editions stay.

    :raises DomainError: 403; 404; 409 ``wrong_state``
    """
    require_desk(desk)
    row = _held(article)
    if row.is_retired:
        raise DomainError("wrong_state", _("这一条已停用。"), status=409)
    row.is_retired, row.changed_at = True, desk.at
    row.save(update_fields=["is_retired", "changed_at"])
    passages.drop(row)
    diary.log(desk, "help.faq_retired", target=f"faq:{row.uuid}", number=row.number)


@transaction.atomic
def vote(*, article: UUID, number: int, is_helpful: bool, words: str, session: str, at: datetime, who: str) -> bool:
    """Count whether an answer helped; once for each browser and edition.

    :returns: False where this browser has voted before; words may be added to nothing then
    :raises DomainError: 404 ``not_found``
    :raises TooMany: 60 an hour of one person, or of strangers from one address
    """
    limits.spend(VOTES_PER_HOUR, "help-vote", who)
    edition = passages.present().filter(article__uuid=article, number=number).first()
    if edition is None:
        raise not_found()
    return count_vote(edition=edition, is_helpful=is_helpful, words=words, voter=keys.index(session, purpose="help-voter"), at=at)


def count_vote(*, edition: Edition, is_helpful: bool, words: str, voter: str, at: datetime) -> bool:
    """Write a vote. Part of the caller's transaction.

    :returns: False where this voter has voted on the edition before
    """
    try:
        with transaction.atomic():
            Vote.objects.create(edition=edition, is_helpful=is_helpful, words=words.strip()[:300], voter=voter, at=at)
    except IntegrityError:
        return False
    name = "helpful" if is_helpful else "unhelpful"
    Article.objects.filter(pk=edition.article_id).update(**{name: F(name) + 1})
    return True


def _held(article: UUID) -> Article:
    row = Article.objects.select_for_update().filter(uuid=article).first()
    if row is None:
        raise not_found()
    return row


def not_found() -> DomainError:
    """Return the refusal for a question that is not there."""
    return DomainError("not_found", _("没有找到这一条，可能已更新或停用。请重新搜索。"), status=404)


def _same(row: Edition, words: Words) -> bool:
    return list(row.audiences) == list(words.audiences) and all(
        getattr(row, name) == getattr(words, name)
        for name in ("question", "question_en", "answer", "answer_en", "other_words", "chapter")
    )


def _checked(words: Words) -> Words:
    """Return the words without blanks around them.

    :raises DomainError: 422, naming the field
    """
    known = [one for one in Audience.values if one in words.audiences]
    if not known or len(known) != len(set(words.audiences)):
        raise DomainError("unknown_audience", _("请选择写给谁看。"), status=422, field="audiences")
    question, answer = words.question.strip(), words.answer.strip()
    if len(question) < 4:
        raise DomainError("text_missing", _("请写出问题，至少 4 个字。"), status=422, field="question")
    if len(answer) < 10:
        raise DomainError("text_missing", _("请写出答案，至少 10 个字。"), status=422, field="answer")
    if bool(words.question_en.strip()) != bool(words.answer_en.strip()):
        raise DomainError("text_missing", _("英文的问题和答案要么都写，要么都不写。"), status=422, field="answer_en")
    if words.chapter and words.chapter not in BY_KEY:
        raise DomainError("unknown_chapter", _("请从列表里选择手册章节。"), status=422, field="chapter")
    lines = [" ".join(line.split()) for line in words.other_words.splitlines()]
    return Words(
        known, question[:120], answer, words.question_en.strip(), words.answer_en.strip(), "\n".join(line for line in lines if line), words.chapter
    )  # fmt: skip
