"""Front door of the review: for demo data, audits and journeys; people use the desk's pages."""

from public.review.checklists import every_check
from public.review.models import Angle
from public.review.queries.board import findings
from public.review.queries.signatures import Signature, signatures
from public.review.queries.work import assignees
from public.review.services.findings import Pin, answer, pin, reopen, resolve
from public.review.services.judging import decide
from public.review.services.laws import mark_changed
from public.review.services.publishing import publish, recall, retire, undo
from public.review.services.rereviews import conclude, open_due
from public.review.services.submitting import submit
from public.review.services.tasks import assign, claim, set_policy
from public.review.signing import verify
from public.review.workdays import after as after_working_days

ANGLES = tuple(Angle.values)

__all__ = [
    "ANGLES",
    "Pin",
    "Signature",
    "after_working_days",
    "answer",
    "assign",
    "assignees",
    "claim",
    "conclude",
    "decide",
    "every_check",
    "findings",
    "mark_changed",
    "open_due",
    "pin",
    "publish",
    "recall",
    "reopen",
    "resolve",
    "retire",
    "set_policy",
    "signatures",
    "submit",
    "undo",
    "verify",
]
