"""The second signature below a training's record: that of whoever is in charge of training, after the learner's own.

It is an entry of the learner's chain and nothing else: who, under which record (fingerprint) and under which signature.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.records.locks import hold
from apps.records.models import Certificate, LedgerEntry
from apps.records.services import append_entry
from infra.kit.errors import DomainError

STATEMENT = "本人作为安全生产教育培训负责人，已审核以上培训记录，培训组织、学时和考核属实，同意归档。"
"""What is signed; always Chinese, as the record is. The ledger keeps the wording that was read."""
_SIGN_OFF = LedgerEntry.Kind.SIGN_OFF
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who signs: a reference such as ``manager:12``, name, role in words, and the own learner's uuid where there is one."""

    ref: str
    name: str
    role: str
    own: UUID | None = None


@transaction.atomic
def countersign(*, pairs: Sequence[tuple[UUID, UUID]], by: InCharge, ip: str, at: datetime) -> int:
    """Sign the records of finished trainings that their learners have signed; all or none. Returns how many are new.

    :param pairs: (learner, assignment) each; what was countersigned before stays as it was
    :raises DomainError: 422 ``too_many``; 403 ``own_record``; 409 ``not_finished``, ``not_signed`` for one of them
    """
    if len(pairs) > MOST_AT_ONCE:
        raise DomainError("too_many", _("一次最多签 %(n)d 份，请分几次。") % {"n": MOST_AT_ONCE}, status=422)
    return sum(_one(subject, assignment, by=by, ip=ip, at=at) for subject, assignment in sorted(pairs))


def _one(subject: UUID, assignment: UUID, *, by: InCharge, ip: str, at: datetime) -> bool:
    if by.own == subject:
        raise DomainError("own_record", _("不能以负责人身份签署自己的记录，请由另一位管理人员签署。"), status=403)
    hold(f"ledger:{subject}")
    paper = Certificate.objects.filter(issued_for=assignment, subject=subject).first()
    if paper is None:
        raise DomainError("not_finished", _("这项培训还没有完成，完成并由学员签名后再签署。"), status=409)
    signed = _signed(subject, assignment)
    own = next((row for row in signed if row.body.get("event") == "signed"), None)
    if own is None:
        raise DomainError("not_signed", _("学员还没有核对签名，请先请学员本人签名。"), status=409)
    if any(row.body.get("event") == "countersigned" for row in signed):
        return False
    body = {
        "event": "countersigned",
        "assignment": str(assignment),
        "training": paper.body["training"],
        "certificate": paper.number,
        "record": paper.listing["fingerprint"],
        "sign_off": own.body.get("sign_off", ""),
        "sign_off_n": own.n,
        "by": by.ref,
        "name": by.name,
        "role": by.role,
        "statement": STATEMENT,
        "ip": ip,
    }
    append_entry(kind=_SIGN_OFF, subject=subject, body=body, at=at)
    return True


def _signed(subject: UUID, assignment: UUID) -> list[LedgerEntry]:
    rows = LedgerEntry.objects.filter(subject=subject, kind=_SIGN_OFF, body__assignment=str(assignment))
    return list(rows.order_by("n"))


def countersigned(subjects: Iterable[UUID]) -> dict[str, tuple[str, datetime]]:
    """Return assignment (text) -> (name, moment) of the second signatures of these learners; one query."""
    rows = LedgerEntry.objects.filter(subject__in=list(subjects), kind=_SIGN_OFF, body__event="countersigned")
    return {str(body["assignment"]): (str(body["name"]), at) for body, at in rows.order_by("id").values_list("body", "at")}
