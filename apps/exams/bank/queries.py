"""Reads of the enterprise's own banks."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams.bank.models import Bank, Question, QuestionVersion
from infra.kit.errors import DomainError
from public.questions import api as questions


def pool(topics: Sequence[str] | None = None) -> list[questions.Entry]:
    """Return what papers may be drawn from: the newest versions of questions that are not archived, by code; one query.

    :param topics: only these; all where none is named
    """
    rows = _in_use().order_by("code")
    if topics:
        rows = rows.filter(topic__in=list(topics))
    names = ("uuid", "version", "topic", "points", "difficulty", "kind", "items")
    return [
        questions.Entry(questions.Ref(questions.OWN, key, version), topic, tuple(points), difficulty, kind, count)
        for key, version, topic, points, difficulty, kind, count in rows.values_list(*names)
    ]


def items(refs: Iterable[questions.Ref]) -> dict[questions.Ref, questions.Item]:
    """Return questions in exactly these versions, former and archived ones too; refs to other banks or to nothing are left out.

    A case comes whole, with ``parts``; ``lay_out`` takes it apart. One query.
    """
    wanted = {ref for ref in refs if ref.bank == questions.OWN}
    if not wanted:
        return {}
    rows = QuestionVersion.objects.select_related("question").filter(question__uuid__in={ref.question for ref in wanted})
    found = ((questions.Ref(questions.OWN, row.question.uuid, row.number), row) for row in rows)
    return {ref: item(row) for ref, row in found if ref in wanted}


def item(row: QuestionVersion) -> questions.Item:
    """Return a version as an item, with its place: for the server only. ``row.question`` must be at hand."""
    place = {"bank": questions.OWN, "question": str(row.question.uuid), "version": row.number, "code": row.question.code}
    return {"points": [], "media": [], "options": [], "case": None, **row.content, **place}


def topics() -> list[str]:
    """Return the topics of questions in use, by name."""
    return list(_in_use().order_by("topic").values_list("topic", flat=True).distinct())


def bank(uuid: UUID) -> Bank:
    """Return one bank, archived or not.

    :raises DomainError: 404 ``not_found``
    """
    row = Bank.objects.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个题库，请从题库列表重新进入。"), status=404)
    return row


def question(uuid: UUID) -> Question:
    """Return one question with its bank, archived or not.

    :raises DomainError: 404 ``not_found``
    """
    row = Question.objects.select_related("bank").filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这道题，请从题库重新进入。"), status=404)
    return row


def newest(row: Question) -> QuestionVersion:
    """Return what a question says now."""
    return row.versions.select_related("by").get(number=row.version)


def _in_use() -> QuerySet[Question]:
    return Question.objects.filter(Q(archived_at=None, bank__archived_at=None))
