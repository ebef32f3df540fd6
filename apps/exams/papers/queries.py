"""Reads of papers."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams.papers.models import PaperRevision
from infra.kit.errors import DomainError

SORTS = {
    "title": ("title", "pk"),
    "-title": ("-title", "-pk"),
    "questions": ("questions", "pk"),
    "-questions": ("-questions", "-pk"),
    "saved": ("saved_at", "pk"),
    "-saved": ("-saved_at", "-pk"),
}


def newest() -> QuerySet[PaperRevision]:
    """Return the newest revision of each paper, with the paper."""
    later = PaperRevision.objects.filter(paper=OuterRef("paper"), number__gt=OuterRef("number"))
    return PaperRevision.objects.filter(~Exists(later)).select_related("paper")


def listed(*, text: str = "", mode: str = "", state: str = "", sort: str = "") -> QuerySet[PaperRevision]:
    """Return papers in their newest revision, the latest first.

    :param mode: ``DRAWN``, ``FIXED`` or "" for both
    :param state: ``RETIRED`` for those that were retired, else those that are offered
    """
    rows = newest().filter(paper__retired_at__isnull=state != "RETIRED")
    for word in text.split():
        rows = rows.filter(title__icontains=word)
    if mode in PaperRevision.Mode.values:
        rows = rows.filter(mode=mode)
    return rows.order_by(*SORTS.get(sort, SORTS["-saved"]))


def paper(uuid: UUID) -> PaperRevision:
    """Return the newest revision of a paper.

    :param uuid: of the paper
    :raises DomainError: 404 ``not_found``
    """
    return _found(newest().filter(paper__uuid=uuid).first())


def revision(uuid: UUID) -> PaperRevision:
    """Return a revision, newest or not.

    :param uuid: of the revision, as plans keep it
    :raises DomainError: 404 ``not_found``
    """
    return _found(PaperRevision.objects.select_related("paper").filter(uuid=uuid).first())


def revisions(paper_id: int) -> QuerySet[PaperRevision]:
    """Return all revisions of a paper, the newest first."""
    return PaperRevision.objects.filter(paper=paper_id).order_by("-number")


def revisions_of(papers: Iterable[int]) -> dict[UUID, int]:
    """Return uuid of revision -> paper, of these papers."""
    return dict(PaperRevision.objects.filter(paper__in=list(papers)).values_list("uuid", "paper_id"))


def _found(row: PaperRevision | None) -> PaperRevision:
    if row is None:
        raise DomainError("not_found", _("没有找到这份试卷，请从试卷列表重新进入。"), status=404)
    return row
