"""What complainants do themselves once they have shown number and code: answer, withdraw, rate, have it looked at again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.complaints import access, diary, handling, numbers, promises, reporting, rules
from public.complaints.diary import Kind
from public.complaints.locking import RUNNING, State, held, words
from public.complaints.models import Complaint, Event
from tenants import limits

PER_NUMBER, PER_ADDRESS, REPLIES = "10/15 minutes", "60/hour", "20/day"


def open_case(*, number: str, code: str, ip: str) -> Complaint:
    """Return the complaint that a number and its code open; the refusal is the same for both.

    :raises DomainError: 422 ``wrong_code``
    :raises TooMany: 10 tries in 15 minutes for one number, 60 an hour from one address
    """
    number = numbers.clean_number(number)
    limits.spend(PER_ADDRESS, "complaint-code-ip", ip)
    limits.spend(PER_NUMBER, "complaint-code", number)
    row = Complaint.objects.filter(number=number).first()
    if not numbers.fits(number, code, row.code_index if row else "0" * 64) or row is None:
        raise DomainError("wrong_code", _("编号或查询码不正确，请核对后再试。查询码是提交时显示的 8 位数字。"), status=422)
    return row


@transaction.atomic
def reply(*, complaint: UUID, text: str, at: datetime) -> None:
    """Add words; where the desk had asked for them, its clock runs again.

    :raises DomainError: 404; 409 ``wrong_state``; 422 ``reason_missing``
    :raises TooMany: 20 a day
    """
    row = held(complaint, *RUNNING)
    text = words(text, field="text", message=_("请写下要补充的内容。"), least=2)
    limits.spend(REPLIES, "complaint-reply", row.number)
    handling.resume(row, at)
    diary.by_filer(row, Kind.REPLIED, at=at, text=text)


@transaction.atomic
def withdraw(*, complaint: UUID, at: datetime) -> None:
    """Take a complaint back. Content that was hidden for it stays hidden until the desk says what becomes of it, so it cannot be.

    :raises DomainError: 404; 409 ``wrong_state``, ``held``
    """
    row = held(complaint, *RUNNING)
    if row.held_at:
        raise DomainError("held", _("被举报的内容正在核实，不能撤回。有要说明的请写在补充说明里。"), status=409)
    row.state, row.paused_at, row.tell = State.WITHDRAWN, None, ""  # no message says any more by when it is decided
    row.save(update_fields=["state", "paused_at", "tell"])
    diary.by_filer(row, Kind.WITHDRAWN, at=at)
    reporting.report(row, at=at)
    access.end_all(row, at=at)


@transaction.atomic
def rate(*, complaint: UUID, stars: int, text: str, at: datetime) -> None:
    """Say how satisfied one is with a decision, once for each.

    :raises DomainError: 404; 409 ``wrong_state``, ``rated``; 422 ``stars_missing``
    """
    row = held(complaint, State.DECIDED)
    if row.stars is not None:
        raise DomainError("rated", _("您已评价过，谢谢。"), status=409)
    if not 1 <= stars <= 5:
        raise DomainError("stars_missing", _("请选择 1 到 5 分。"), status=422, field="stars")
    row.stars, row.stars_words = stars, text.strip()[:300]
    row.save(update_fields=["stars", "stars_words"])
    diary.by_filer(row, Kind.RATED, at=at, text=_("%(n)d 分（满分 5 分）") % {"n": stars})
    reporting.report(row, at=at)


def may_reopen(row: Complaint, at: datetime) -> bool:
    """Whether a decision can still be looked at again."""
    is_decided = row.state == State.DECIDED and row.decided_at is not None
    return is_decided and row.round < rules.MOST_ROUNDS and at <= (row.decided_at or at) + rules.REOPEN_WITHIN


@transaction.atomic
def reopen(*, complaint: UUID, reason: str, at: datetime) -> None:
    """Have a decision looked at again, by somebody else, in the times that are promised today.

    :raises DomainError: 404; 409 ``wrong_state``, ``too_late``; 422 ``reason_missing``
    """
    row = held(complaint, State.DECIDED)
    if not may_reopen(row, at):
        raise DomainError("too_late", _("已过 15 天或已重新办理两次。仍不满意可拨打 12350 向应急管理部门反映。"), status=409)
    reason = words(reason, field="reason", message=_("请写明对处理结果哪里不满意。"))
    promise = promises.promise(row.category, at)
    row.state, row.outcome, row.reason, row.decided_at = State.FILED, "", "", None
    row.round, row.stage, row.assignee_id, row.answered_at = row.round + 1, 0, None, None
    row.stars, row.stars_words = None, ""
    row.extension, row.extension_reason, row.extension_by, row.extension_decided_by = "", "", None, None
    row.promise_id, row.clock_from = promise.pk, at
    row.answer_due_at, row.due_at = rules.answer_due(promise, at), rules.settle_due(promise, at)
    row.save()
    diary.by_filer(row, Kind.REOPENED, at=at, text=reason)
    reporting.report(row, at=at)


def told_to(row: Complaint) -> list[Event]:
    """Return the steps that the complainant may read, the newest first."""
    return list(row.events.filter(is_shown=True).order_by("-at", "-pk"))
