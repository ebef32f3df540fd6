"""Writes of papers, and the paper of one person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.papers import checking, composing, queries
from apps.exams.papers.models import Paper, PaperRevision
from apps.exams.papers.shapes import Draft
from apps.plans import api as plans
from infra.kit.errors import DomainError
from public.questions import api as questions


def compose(*, rule: plans.ExamRule, seed: int) -> list[dict[str, Any]]:
    """Return the paper of one person, laid out, numbered and with points; the same seed makes the same of the same banks.

    Without a paper, questions are drawn from the shared bank by the topics of the courses, one point each.

    :raises DomainError: ``bank_too_small``, ``paper_gone``; 404 ``not_found``
    """
    if rule.paper is None:
        drawn = questions.draw(topics=rule.question_topics, count=rule.questions, seed=seed)
        return questions.lay_out([{**item, "score": 1} for item in drawn], seed=seed)
    return composing.composed(composing.draft_of(queries.revision(rule.paper)), seed=seed)


def check(*, rule: plans.ExamRule) -> None:
    """Refuse, before anyone starts, an exam that could not be composed for somebody.

    :raises DomainError: ``bank_too_small``, ``paper_gone``, ``score_too_small``; 404 ``not_found``
    """
    if rule.paper is None:
        questions.draw(topics=rule.question_topics, count=rule.questions, seed=0)
        return
    composing.refuse_impossible(composing.draft_of(queries.revision(rule.paper)))


@transaction.atomic
def write(*, draft: Draft, by: str, at: datetime) -> PaperRevision:
    """Write a new paper down.

    :param by: name of the manager
    :raises DomainError: as `checking.check`
    """
    checking.check(draft)
    return PaperRevision.objects.create(paper=Paper.objects.create(), number=1, **_columns(draft, by=by, at=at))


@transaction.atomic
def rewrite(*, paper: UUID, draft: Draft, seen: str, by: str, at: datetime) -> PaperRevision:
    """Change a paper: its newest revision, or a new one where a plan has taken that. Without change nothing is written.

    :param seen: `stamp` of the revision that the form showed
    :raises DomainError: 404 ``not_found``; 409 ``changed_meanwhile``; as `checking.check`
    """
    row = _locked(paper)
    if stamp(row) != seen:
        words = _("这份试卷刚刚被%(who)s修改过，您的修改还没有保存。请在新窗口打开试卷核对后再保存。")
        raise DomainError("changed_meanwhile", words % {"who": row.saved_by}, status=409)
    checking.check(draft)
    if composing.draft_of(row) == draft:
        return row
    columns = _columns(draft, by=by, at=at)
    if row.used_at is not None:
        return PaperRevision.objects.create(paper=row.paper, number=row.number + 1, **columns)
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
    return row


@transaction.atomic
def copy(*, paper: UUID, by: str, at: datetime) -> PaperRevision:
    """Write a paper down a second time, to be changed.

    :raises DomainError: 404 ``not_found``
    """
    row = queries.paper(paper)
    names = ("mode", "content", "questions", "points", "minutes", "pass_score", "tries", "policy", "is_shuffled")
    title = str(_("%(title)s（副本）") % {"title": row.title[:76]})
    columns: dict[str, Any] = {name: getattr(row, name) for name in names}
    return PaperRevision.objects.create(paper=Paper.objects.create(), number=1, title=title, saved_by=by, saved_at=at, **columns)


@transaction.atomic
def retire(*, paper: UUID, retired: bool, at: datetime) -> PaperRevision:
    """Take a paper off what plans are offered, or put it back. Plans that hold it go on.

    :raises DomainError: 404 ``not_found``
    """
    row = _locked(paper)
    row.paper.retired_at = at if retired else None
    row.paper.save(update_fields=["retired_at"])
    return row


@transaction.atomic
def take(*, revision: UUID, at: datetime) -> PaperRevision:
    """Note that a plan takes a revision, which from now on never changes.

    :raises DomainError: 404 ``not_found``
    """
    row = PaperRevision.objects.select_for_update().filter(uuid=revision).first() or queries.revision(revision)
    if row.used_at is None:
        row.used_at = at
        row.save(update_fields=["used_at"])
    return row


def stamp(row: PaperRevision) -> str:
    """Return what tells a revision's present state from any other."""
    return f"{row.uuid}/{row.saved_at.isoformat()}"


def _locked(paper: UUID) -> PaperRevision:
    """Lock a paper with its newest revision."""
    Paper.objects.select_for_update().filter(uuid=paper).first()
    found = queries.paper(paper)
    return PaperRevision.objects.select_for_update(of=("self",)).select_related("paper").get(pk=found.pk)


def _columns(draft: Draft, *, by: str, at: datetime) -> dict[str, Any]:
    return {
        "title": " ".join(draft.title.split()),
        "mode": PaperRevision.Mode.DRAWN if draft.is_drawn else PaperRevision.Mode.FIXED,
        "content": draft.content(),
        "questions": draft.questions,
        "points": draft.points,
        "minutes": draft.minutes,
        "pass_score": draft.pass_score,
        "tries": draft.tries,
        "policy": draft.policy.as_json(),
        "is_shuffled": draft.is_shuffled,
        "saved_by": by,
        "saved_at": at,
    }
