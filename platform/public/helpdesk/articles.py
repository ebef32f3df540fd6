"""The editor's reads of common questions. Runs on the platform."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q, QuerySet

from public.helpdesk import faq, passages
from public.helpdesk.manual import reading
from public.helpdesk.models import Article, Audience, Edition, Vote

SORTS = {
    "unhelpful": ("-article__unhelpful", "pk"),
    "-unhelpful": ("article__unhelpful", "pk"),
    "helpful": ("-article__helpful", "pk"),
    "-helpful": ("article__helpful", "pk"),
    "changed": ("at", "pk"),
    "-changed": ("-at", "-pk"),
}
UNHELPFUL, NO_ENGLISH, RETIRED = "unhelpful", "english", "retired"
_MOST_SAID = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One question: its present edition, all of them the newest first, and what people said who were not helped."""

    article: Article
    present: Edition
    editions: list[Edition]
    said: list[Vote]


def listing(*, text: str = "", audience: str = "", show: str = "", sort: str = "") -> QuerySet[Edition]:
    """Return the present editions that fit; those changed last come first.

    :param show: ``unhelpful``: more were not helped than helped; ``english``: without English; ``retired``: out of use
    """
    rows = Edition.objects.select_related("article").filter(number=F("article__number"), article__is_retired=show == RETIRED)
    for word in text.split()[:5]:
        rows = rows.filter(
            Q(question__icontains=word)
            | Q(other_words__icontains=word)
            | Q(answer__icontains=word)
            | Q(question_en__icontains=word)
        )
    if audience in Audience.values:
        rows = rows.filter(audiences__contains=[audience])
    if show == UNHELPFUL:
        rows = rows.filter(article__unhelpful__gt=F("article__helpful"))
    if show == NO_ENGLISH:
        rows = rows.filter(question_en="")
    return rows.order_by(*SORTS.get(sort, ("-at", "-pk")))


def detail(article: UUID) -> Entry:
    """Return one question for its editor.

    :raises DomainError: 404 ``not_found``
    """
    row = Article.objects.filter(uuid=article, number__gt=0).first()
    if row is None:
        raise faq.not_found()
    editions = list(row.editions.order_by("-number"))
    said = Vote.objects.filter(edition__article=row, is_helpful=False).exclude(words="").select_related("edition").order_by("-at")
    return Entry(row, editions[0], editions, list(said[:_MOST_SAID]))


def choices() -> list[tuple[str, str]]:
    """Return all present questions, to choose one."""
    return [(str(one.article.uuid), one.question) for one in passages.present().order_by("question")]


def titles(refs: Iterable[str]) -> dict[str, str]:
    """Return what stands behind references of passages; one query."""
    wanted = {ref for ref in refs if ref}
    lang = reading.language()
    found = {ref: section.title for ref in wanted if "#" in ref and (section := reading.section(ref, lang)) is not None}
    return found | {ref: one.title for ref, one in faq.sources([ref for ref in wanted if "#" not in ref], lang).items()}
