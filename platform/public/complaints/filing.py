"""Filing: by anybody on a site, by operations on the phone, by the system for what was not answered in time. Runs on the platform."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.complaints import diary, numbers, promises, reporting, rules, sealing
from public.complaints.diary import Desk, Kind, require_desk
from public.complaints.models import Category, Complaint
from public.complaints.shapes import Draft, Receipt
from tenants import limits

PER_PERSON, PER_ADDRESS = "10/hour", "20/hour"
"""A whole workshop may sit behind one address; who is signed in is counted alone."""
_TRIES = 5
LEAST_TEXT = 10
"""Signs that what happened takes at least."""


def file(*, draft: Draft, at: datetime, ip: str) -> Receipt:
    """Take a complaint from a page.

    :raises DomainError: 422 ``text_missing``, ``unknown_category``
    :raises TooMany: 10 an hour of one learner, 20 of strangers from one address
    """
    _check(draft)
    if draft.subject is not None:
        limits.spend(PER_PERSON, "complaint-person", str(draft.subject))
    else:
        limits.spend(PER_ADDRESS, "complaint", ip)
    return _write(draft, Complaint.Channel.WEB, at)


@transaction.atomic
def enter(*, draft: Draft, desk: Desk) -> Receipt:
    """Write down a complaint that somebody makes on the phone; number and code are read out to them.

    :raises DomainError: 403 ``forbidden``; 422 as in :func:`file`
    """
    require_desk(desk)
    _check(draft)
    receipt = _write(draft, Complaint.Channel.PHONE, desk.at)
    diary.by_desk(Complaint.objects.get(pk=receipt.pk), Kind.NOTE, desk, text=_("电话登记"))
    return receipt


@transaction.atomic
def take_overdue_request(*, request: UUID, schema_name: str, at: datetime) -> UUID | None:
    """Open a complaint for a request about personal data that an enterprise has not answered in time; told twice, once.

    The request itself stays in the enterprise: the case says that it exists and nothing of its content.

    :returns: the complaint's uuid; None where there is one already
    """
    about = f"privacy-request:{request}"
    if Complaint.objects.filter(about=about).exists():
        return None
    draft = Draft(
        category=Category.PRIVACY,
        title=_("个人信息请求超期未答复"),
        text=_("企业没有在期限内答复一件个人信息请求，由系统转入。请督促企业答复；请求内容只在企业内部，平台看不到。"),
        schema_name=schema_name,
        filer=Complaint.Filer.SYSTEM,
    )
    return _write(draft, Complaint.Channel.SYSTEM, at, about=about).uuid


def too_short() -> DomainError:
    """Return the refusal for a text of which nobody learns what happened."""
    return DomainError("text_missing", _("请写清经过，至少 %(n)d 个字。") % {"n": LEAST_TEXT}, status=422, field="text")


def _check(draft: Draft) -> None:
    if draft.category not in Category.values:
        raise DomainError("unknown_category", _("请选择投诉类别。"), status=422, field="category")
    if not draft.title.strip():
        raise DomainError("text_missing", _("请用一句话写明是什么事。"), status=422, field="title")
    if len(draft.text.strip()) < LEAST_TEXT:
        raise too_short()


@transaction.atomic
def _write(draft: Draft, channel: str, at: datetime, *, about: str = "") -> Receipt:
    promise = promises.promise(draft.category, at)
    uuid, code = uuid4(), numbers.new_code()
    values = {
        "uuid": uuid, "schema_name": draft.schema_name, "channel": channel, "filer": draft.filer, "subject": draft.subject,
        "contact_sealed": sealing.sealed(uuid, draft.contact), "category": draft.category, "promise_id": promise.pk, "title": draft.title.strip()[:80],
        "text": draft.text.strip()[:4000], "about": about, "version_id": draft.version_id, "filed_at": at, "clock_from": at,
        "answer_due_at": rules.answer_due(promise, at), "due_at": rules.settle_due(promise, at),
    }  # fmt: skip
    row = _numbered(values, code, at)
    diary.by_filer(row, Kind.FILED, at=at)
    reporting.report(row, at=at)
    return Receipt(row.pk, uuid, row.number, code, row.answer_due_at, row.due_at)


def _numbered(values: dict[str, object], code: str, at: datetime) -> Complaint:
    """Write the row under a number that nobody has; two of a million on one day would meet once in weeks."""
    for _try in range(_TRIES):
        number = numbers.new_number(at)
        try:
            with transaction.atomic():
                return Complaint.objects.create(**values, number=number, code_index=numbers.index(number, code))
        except IntegrityError:
            if not Complaint.objects.filter(number=number).exists():
                raise
    raise DomainError("try_again", _("系统繁忙，请稍后再试。"), status=503)
