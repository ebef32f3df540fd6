"""Laws and who stands on them."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from public.catalogue import api as catalogue
from public.review.models import Citation, LawArticle


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article with the number of versions that name it; ``in_use`` of them are published."""

    article: LawArticle
    cited: int
    in_use: int


def _concerned(row: LawArticle) -> Q:
    if row.article:
        return Q(article__law=row.law, article__article__in=[row.article, ""])
    return Q(article__law=row.law)


def published_ids() -> set[int]:
    """Return the versions that are published now."""
    return {row.version_id for row in catalogue.standings(state="PUBLISHED")}


def citing(row: LawArticle) -> list[int]:
    """Return the published versions that a change of ``row`` concerns."""
    rows = Citation.objects.filter(_concerned(row)).values_list("version_id", flat=True)
    return sorted(set(rows) & published_ids())


def articles(*, search: str = "", changed: bool = False) -> QuerySet[LawArticle]:
    """Return the articles by law and number, each with ``cited``."""
    rows = LawArticle.objects.annotate(cited=Count("citations"))
    for word in search.split()[:5]:
        rows = rows.filter(Q(law__icontains=word) | Q(title__icontains=word) | Q(article=word))
    if changed:
        rows = rows.filter(changed_on__isnull=False)
    return rows.order_by("law", "article")


def article(article_id: int) -> LawArticle | None:
    """Return one article, or None."""
    return LawArticle.objects.filter(pk=article_id).first()


def cited_by(version_id: int) -> list[LawArticle]:
    """Return the articles that a version names."""
    return list(LawArticle.objects.filter(citations__version_id=version_id).order_by("law", "article"))
