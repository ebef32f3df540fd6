"""What hooks are told of: kinds of ledger entries, and what of an entry leaves the house.

No names and no numbers of persons leave: ids, with which the other system asks the interface for what its key may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

TRIAL = "TRIAL"
"""A delivery that a manager asked for, of nothing that happened."""


@dataclass(frozen=True, slots=True)
class Kind:
    """``event`` is the name that other systems see, ``fields`` what of the entry's body goes along."""

    event: str
    label: Any
    fields: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    "REGISTRATION": Kind("learner.registered", _("学员登记")),
    "STUDY_SESSION": Kind("study.recorded", _("学习记录")),
    "CLASS": Kind("class.recorded", _("线下课程")),
    "EXAM": Kind("exam.recorded", _("考试记录")),
    "CERTIFICATE": Kind("certificate.issued", _("培训证明发放"), ("number", "certificate")),
    "RENEWAL": Kind("certificate.renewed", _("培训证明续期"), ("number", "certificate")),
    "REVOCATION": Kind("certificate.revoked", _("培训证明撤销"), ("number", "certificate")),
    "SIGN_OFF": Kind("record.signed", _("学员签名确认")),
    "VOID": Kind("study.voided", _("学时作废")),
    "CORRECTION": Kind("record.corrected", _("档案更正")),
}
"""Kind of the ledger to what hooks are told."""


def label(kind: str) -> str:
    """Return what a kind is called, also one of a later version."""
    if kind == TRIAL:
        return str(_("测试推送"))
    return str(KINDS[kind].label) if kind in KINDS else kind


def event(kind: str) -> str:
    """Return the name that other systems see."""
    return "trial" if kind == TRIAL else KINDS[kind].event if kind in KINDS else kind.lower()


def told(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of an entry's body goes along."""
    known = KINDS.get(kind)
    return {name: body[name] for name in known.fields if isinstance(body.get(name), str)} if known else {}
