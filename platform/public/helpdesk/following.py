"""What askers do with their own question: add words, say that it is solved or is not, rate. Runs on the platform."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.helpdesk import diary, handling, numbers, promises, roster, rules
from public.helpdesk.diary import ASKER, Kind
from public.helpdesk.locking import RUNNING, State, held, words
from public.helpdesk.models import Ticket
from tenants import limits

PER_NUMBER, PER_ADDRESS, REPLIES = "10/15 minutes", "60/hour", "30/day"


def open_ticket(*, number: str, code: str, ip: str) -> Ticket:
    """Return the ticket that a number and its code open; the refusal is the same for both. Of who is signed in there is no code.

    :raises DomainError: 422 ``wrong_code``
    :raises TooMany: 10 tries in 15 minutes for one number, 60 an hour from one address
    """
    number = numbers.clean_number(number)
    limits.spend(PER_ADDRESS, "help-code-ip", ip)
    limits.spend(PER_NUMBER, "help-code", number)
    row = Ticket.objects.filter(number=number, asker="").first()
    if not numbers.fits(number, code, row.code_index if row else "0" * 64) or row is None:
        raise DomainError("wrong_code", _("编号或查询码不正确，请核对后再试。查询码是提问时显示的 8 位数字。"), status=422)
    return row


@transaction.atomic
def reply(*, ticket: UUID, text: str, at: datetime) -> None:
    """Add words; where the desk had asked for them, its clock runs again. Of a merged one the desk is told beside the other.

    :raises DomainError: 404; 409 ``wrong_state``; 422 ``text_missing``
    :raises TooMany: 30 a day
    """
    row = held(ticket, *RUNNING, State.MERGED)
    text = words(text, field="text", message=_("请写下要补充的内容。"))
    limits.spend(REPLIES, "help-reply", row.number)
    handling.resume(row, at)
    diary.by_asker(row, Kind.SAID, at=at, text=text)
    if row.merged_into is not None:
        diary.by_system(row.merged_into, Kind.NOTE, at=at, text=_("并入的 %(number)s 有补充说明") % {"number": row.number})


@transaction.atomic
def settle(*, ticket: UUID, at: datetime) -> None:
    """Say that it is solved already.

    :raises DomainError: 404; 409 ``wrong_state``
    """
    row = held(ticket, *RUNNING, State.MERGED)
    handling.close(row, by=ASKER, at=at)
    diary.by_asker(row, Kind.SOLVED, at=at)


@transaction.atomic
def rate(*, ticket: UUID, stars: int, text: str, at: datetime) -> None:
    """Say how satisfied one is, once for each time that it was solved.

    :raises DomainError: 404; 409 ``wrong_state``, ``rated``; 422 ``stars_missing``
    """
    row = held(ticket, State.SOLVED)
    if row.stars is not None:
        raise DomainError("rated", _("您已评价过，谢谢。"), status=409)
    if not 1 <= stars <= 5:
        raise DomainError("stars_missing", _("请选择 1 到 5 分。"), status=422, field="stars")
    row.stars, row.stars_words = stars, text.strip()[:300]
    row.save(update_fields=["stars", "stars_words"])
    diary.by_asker(row, Kind.RATED, at=at, text=_("%(n)d 分（满分 5 分）") % {"n": stars})


def may_reopen(row: Ticket, at: datetime) -> bool:
    """Whether it can still be taken up again."""
    return row.state == State.SOLVED and row.solved_at is not None and at <= row.solved_at + rules.REOPEN_WITHIN


@transaction.atomic
def reopen(*, ticket: UUID, text: str, at: datetime) -> None:
    """Say that it is not solved: it goes to whoever is on duty, in the hours that are promised today, and to nobody else's ticket.

    :raises DomainError: 404; 409 ``wrong_state``, ``too_late``; 422 ``text_missing``
    """
    row = held(ticket, State.SOLVED)
    if not may_reopen(row, at):
        raise DomainError("too_late", _("解决已超过 7 天，请重新提问；编号可以写在问题里。"), status=409)
    text = words(text, field="text", message=_("请写明哪里还没解决。"))
    promise, duty = promises.promise(row.urgency, at), roster.on_duty(at)
    row.state, row.solved_at, row.solved_by, row.merged_into = State.NEW, None, "", None
    row.round, row.stage, row.answered_at, row.stars, row.stars_words = row.round + 1, 0, None, None, ""
    row.assignee_id = duty.credential_id if duty else row.assignee_id
    row.promise_id, row.clock_from = promise.id, at
    row.answer_due_at, row.due_at = rules.answer_due(promise, at), rules.settle_due(promise, at)
    row.save()
    diary.by_asker(row, Kind.REOPENED, at=at, text=text)
