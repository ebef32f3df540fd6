"""Reads: what everybody may read of a course, and what waits at the desk."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.answers import finding
from public.answers.models import Proposal, Shared
from public.answers.shapes import ProposalView, SharedAnswer
from public.catalogue import api as catalogue
from public.operators import api as operators
from tenants.api import Enterprise

SORTS = {"due": ("due_at", "id"), "-due": ("-due_at", "-id"), "at": ("at", "id"), "-at": ("-at", "-id")}


def shared(course_codes: Iterable[str], *, text: str = "", share: float = 0.5, most: int = 20) -> list[SharedAnswer]:
    """Return what is published about some courses: best matches first, or the newest.

    :param share: part of the words of ``text`` that must be there
    """
    rows = Shared.objects.filter(course_code__in=list(course_codes), withdrawn_at=None)
    if text.strip():
        tokens = finding.asked(text)
        rows = rows.filter(tokens__overlap=tokens).annotate(fit=finding.common("tokens", tokens))
        rows = rows.filter(fit__gte=finding.enough(tokens, share=share)).order_by("-fit", "-published_at", "-id")
    else:
        rows = rows.order_by("-published_at", "-id")
    return [shared_view(row) for row in rows[:most]]


def count_shared(course_codes: Iterable[str]) -> int:
    """Return how many answers are published about some courses."""
    return Shared.objects.filter(course_code__in=list(course_codes), withdrawn_at=None).count()


def shared_view(row: Shared) -> SharedAnswer:
    """Return the view of a row."""
    place = (row.course_code, row.course_title, row.lesson_title, row.at_ms, row.page)
    return SharedAnswer(row.uuid, *place, row.question, row.answer, row.published_at)


def proposal(uuid: UUID) -> ProposalView | None:
    """Return how a proposal stands, as far as the current place may see it."""
    row = Proposal.objects.filter(uuid=uuid).first()
    return proposal_view(row) if row else None


def proposal_view(row: Proposal) -> ProposalView:
    """Return the view of a row."""
    return ProposalView(row.uuid, row.kind, row.state, row.answer, row.reason, row.due_at, row.decided_at)


def for_desk(me: operators.Me) -> QuerySet[Proposal]:
    """Return what somebody at the desk may see: operations everything, an author questions about the own courses."""
    if me.role == operators.Role.OPERATIONS:
        return Proposal.objects.all()
    own = [one.version_id for one in catalogue.standings(author_id=me.credential_id)]
    return Proposal.objects.filter(kind=Proposal.Kind.ASK, version_id__in=own)


def one(uuid: UUID, me: operators.Me, *, lock: bool = False) -> Proposal:
    """Return a row that this person may see.

    :raises DomainError: 404 ``not_found``
    """
    rows = for_desk(me).select_related("shared")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条内容，请从列表重新进入。"), status=404)
    return row


def listing(me: operators.Me, *, text: str = "", state: str = "", kind: str = "", sort: str = "") -> QuerySet[Proposal]:
    """Return what fits: waiting ones by time left, others newest first.

    :param text: part of a course's title, of question or answer
    :param state: a value of ``Proposal.State``, ``ALL``, or "" for waiting ones
    """
    rows = for_desk(me)
    for word in text.split()[:5]:
        rows = rows.filter(Q(course_title__icontains=word) | Q(question__icontains=word) | Q(answer__icontains=word))
    if kind in Proposal.Kind.values:
        rows = rows.filter(kind=kind)
    if state in Proposal.State.values:
        rows = rows.filter(state=state)
    elif state != "ALL":
        rows = rows.filter(state=Proposal.State.OPEN)
    return rows.order_by(*SORTS.get(sort, ("due_at", "id") if state in {"", "OPEN"} else ("-at", "-id")))


def enterprise_name(row: Proposal) -> str:
    """Return who brought it, for the audit of operations; authors, who may be strangers to us, answer without knowing whom."""
    return Enterprise.objects.filter(schema_name=row.schema_name).values_list("name", flat=True).first() or ""
