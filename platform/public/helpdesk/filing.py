"""Handing a question over to a person: from a page, or written down at the desk while somebody speaks on the phone. Runs on the platform."""

from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.helpdesk import diary, gaps, numbers, promises, roster, rules, sealing
from public.helpdesk.diary import Desk, Kind, require_desk
from public.helpdesk.models import Ticket, Urgency
from public.helpdesk.shapes import Draft, Receipt
from tenants import limits

PER_PERSON, PER_ADDRESS = "10/hour", "20/hour"
"""A whole workshop may sit behind one address; who is signed in is counted alone."""
_TRIES = 5


def file(*, draft: Draft, at: datetime, ip: str) -> Receipt:
    """Take a question from a page; whoever is on duty gets it.

    :raises DomainError: 422 ``text_missing``, ``unknown_urgency``
    :raises TooMany: 10 an hour of one person, 20 of strangers from one address
    """
    _check(draft)
    if draft.asker:
        limits.spend(PER_PERSON, "help-person", draft.schema_name, draft.asker)
    else:
        limits.spend(PER_ADDRESS, "help", ip)
    return _write(draft, at)


@transaction.atomic
def enter(*, draft: Draft, desk: Desk) -> Receipt:
    """Write down what somebody asks on the phone; number and code are read out to them.

    :raises DomainError: 403 ``forbidden``; 422 as in :func:`file`
    """
    require_desk(desk)
    _check(draft)
    receipt = _write(draft, desk.at, is_phoned=True)
    diary.by_desk(Ticket.objects.get(pk=receipt.pk), Kind.NOTE, desk, text=_("电话登记"))
    return receipt


def _check(draft: Draft) -> None:
    if draft.urgency not in Urgency.values:
        raise DomainError("unknown_urgency", _("请选择对您的影响。"), status=422, field="urgency")
    if len(draft.title.strip()) < 2:
        raise DomainError("text_missing", _("请用一句话写明要问什么。"), status=422, field="title")
    if len(draft.text.strip()) < 5:
        raise DomainError("text_missing", _("请写清做了什么、看到什么，至少 5 个字。"), status=422, field="text")


@transaction.atomic
def _write(draft: Draft, at: datetime, *, is_phoned: bool = False) -> Receipt:
    promise, uuid, code = promises.promise(draft.urgency, at), uuid4(), numbers.new_code()
    duty = roster.on_duty(at)
    values = {
        "uuid": uuid, "schema_name": draft.schema_name, "filer": draft.filer, "asker": draft.asker, "is_phoned": is_phoned,
        "contact_sealed": sealing.sealed(uuid, draft.contact), "urgency": draft.urgency, "promise_id": promise.id,
        "title": draft.title.strip()[:80], "text": draft.text.strip()[:4000], "page": draft.page[:60], "filed_at": at, "clock_from": at,
        "assignee_id": duty.credential_id if duty else None,
        "answer_due_at": rules.answer_due(promise, at), "due_at": rules.settle_due(promise, at),
    }  # fmt: skip
    row = _numbered(values, code, at)
    diary.by_asker(row, Kind.FILED, at=at)
    gaps.note_handed(draft.title)
    return Receipt(row.pk, uuid, row.number, "" if draft.asker else code, row.answer_due_at, row.due_at)


def _numbered(values: dict[str, object], code: str, at: datetime) -> Ticket:
    """Write the row under a number that nobody has; two of a million on one day would meet once in weeks."""
    for _try in range(_TRIES):
        number = numbers.new_number(at)
        try:
            with transaction.atomic():
                return Ticket.objects.create(**values, number=number, code_index=numbers.index(number, code))
        except IntegrityError:
            if not Ticket.objects.filter(number=number).exists():
                raise
    raise DomainError("try_again", _("系统繁忙，请稍后再试。"), status=503)
