"""Who has proved what on which terminal, and whether a lesson may open there (clauses 二.1, 二.3)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from apps.people.identity import rules
from apps.people.identity.models import Identity, Method, Proof
from apps.people.identity.noticing import face_notice
from apps.people.identity.shapes import IdentityView, Need
from infra.kit.errors import DomainError

PAGE = "/learn/identity"
_WORDS = {
    "consent": _("开始学习前，请先选择怎样确认是您本人。"),
    "enrol": _("您选择了人脸识别，还没有登记人脸。请先登记，约 1 分钟。"),
    "proof": _("请先确认是您本人，然后开始学习。"),
}


def identity_of(learner_id: int, *, at: datetime, terminal: str = "") -> IdentityView:
    """Return how a learner proves who is there, and what is missing; a proof counts only for the terminal it was given on."""
    row = Identity.objects.filter(learner_id=learner_id).first() or Identity(learner_id=learner_id)
    return IdentityView(
        method=row.method or None,  # type: ignore[arg-type]  # one of Method
        is_enrolled=row.is_enrolled,
        needs=_needs(row, terminal, at),
        locked_until=row.locked_until if row.locked_until and row.locked_until > at else None,
        notice_version=row.notice_version,
        chosen_at=row.chosen_at,
        enrolled_at=row.enrolled_at,
    )


def require_identity(*, learner_id: int, terminal: str, at: datetime, back: str = "/learn") -> None:
    """Let a lesson open where the learner has proved on this terminal within 12 hours who is there.

    :param back: own path to return to from the page that ``url`` leads to
    :raises DomainError: 403 ``identity_required`` with ``url`` and ``needs``: ``consent``, ``enrol`` or ``proof``
    """
    needs = identity_of(learner_id, at=at, terminal=terminal).needs
    if needs:
        url = f"{PAGE}?{urlencode({'next': back})}"
        raise DomainError("identity_required", _WORDS[needs], status=403, url=url, needs=needs)


def note_proof(
    *, learner_id: int, terminal: str, method: str, at: datetime, check: UUID | None = None, instead: bool = False
) -> None:
    """Remember a proof; signing in by text-message code is one by ``code``.

    :param instead: the code was entered in place of the face, because that would not work just now
    """
    if terminal:
        Proof.objects.create(
            learner_id=learner_id, terminal=terminal, method=Method(method), at=at, check_uuid=check, instead=instead
        )


def has_shown_phone(*, learner_id: int, terminal: str, at: datetime) -> bool:
    """Say whether the learner has shown the phone on this terminal within 12 hours."""
    return bool(terminal) and _fresh(learner_id, terminal, at).filter(method=Method.CODE).exists()


def _needs(row: Identity, terminal: str, at: datetime) -> Need | None:
    if not row.method:
        return "consent"
    if row.method == Method.FACE and row.notice_version != face_notice(at).version:
        return "consent"  # separate consent is to what was told (PIPL art. 14)
    if row.method == Method.FACE and not row.is_enrolled:
        return "enrol"
    found = _fresh(row.learner_id, terminal, at).filter(Q(method=row.method) | Q(instead=True))
    return None if terminal and found.exists() else "proof"


def _fresh(learner_id: int, terminal: str, at: datetime) -> QuerySet[Proof]:
    return Proof.objects.filter(learner_id=learner_id, terminal=terminal, at__gt=at - rules.PROOF_LASTS, at__lte=at)
