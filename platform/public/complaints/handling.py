"""The desk's daily steps: accept with a first answer, assign, note, ask the complainant and go on. Runs on the platform."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infra.kit.errors import DomainError
from public.complaints import content, diary, promises, reporting, rules, telling
from public.complaints.diary import Desk, Kind, require_desk
from public.complaints.locking import RUNNING, State, held, words
from public.complaints.models import Category, Complaint
from public.operators import api as operators

_ANSWER = gettext_lazy("请写明受理答复，投诉人会看到。")


@transaction.atomic
def accept(*, complaint: UUID, reply: str, category: str, kept_because: str = "", desk: Desk) -> None:
    """Give the first answer and begin. Another category takes its own times, counted from the same beginning.

    Content that is to be hidden first is hidden now, or it is written down why not (domain facts §6: hidden before it is judged).

    :param kept_because: why reported content stays visible; needed where the promise hides first and no course is held, and where the
        new category has no such promise
    :raises DomainError: 403 ``forbidden``; 404; 409 ``wrong_state``, ``same_person``; 422 ``reason_missing``, ``unknown_category``
    """
    require_desk(desk)
    row = held(complaint, State.FILED)
    require_other_person(row, desk)
    if category not in Category.values:
        raise DomainError("unknown_category", _("请选择投诉类别。"), status=422, field="category")
    reply = words(reply, field="reply", message=_ANSWER)
    promise, was_to_hide = promises.promise(category, row.clock_from), row.promise.hides_first
    if category != row.category:
        said = f"{row.get_category_display()} → {Category(category).label}"
        diary.by_desk(row, Kind.NOTE, desk, text=_("改类别：%(said)s") % {"said": said})
        row.category, row.promise_id, row.due_at = category, promise.pk, rules.settle_due(promise, row.clock_from)
        percent = rules.share(in_days=promise.in_days, start=row.clock_from, due=row.due_at, at=desk.at)
        row.stage = rules.stage(percent)  # more time is left now, and the desk is told anew of what comes
    row.state, row.answered_at, row.assignee_id = State.OPEN, desk.at, row.assignee_id or desk.me.credential_id
    row.save(update_fields=["category", "promise", "due_at", "stage", "state", "answered_at", "assignee_id"])
    diary.by_desk(row, Kind.ACCEPTED, desk, text=reply, shown=True)
    reporting.report(row, at=desk.at)
    if promise.hides_first:
        content.hide_first(row, kept_because=kept_because, desk=desk)
    elif was_to_hide:
        content.keep(row, because=kept_because, desk=desk)
    telling.leave(row, telling.ACCEPTED)


def require_other_person(row: Complaint, desk: Desk) -> None:
    """Refuse who decided it before: what was reopened is accepted and decided by somebody else.

    :raises DomainError: 409 ``same_person``
    """
    if row.round > 1 and row.decided_by == desk.me.credential_id:
        told = _("这件投诉由您办结后被要求重新办理，请由其他同事受理和办结。")
        raise DomainError("same_person", told, status=409)


@transaction.atomic
def assign(*, complaint: UUID, to: int, desk: Desk) -> None:
    """Give a complaint to a colleague of operations.

    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``unknown_person``
    """
    require_desk(desk)
    row = held(complaint, *RUNNING)
    person = next((one for one in operators.colleagues(operators.Role.OPERATIONS) if one.credential_id == to), None)
    if person is None:
        raise DomainError("unknown_person", _("请选择一位在岗的平台运营。"), status=422, field="to")
    row.assignee_id = to
    row.save(update_fields=["assignee_id"])
    diary.by_desk(row, Kind.ASSIGNED, desk, text=person.name)


@transaction.atomic
def note(*, complaint: UUID, text: str, desk: Desk) -> None:
    """Write something down for colleagues only; also after the end.

    :raises DomainError: 403; 404; 422 ``reason_missing``
    """
    require_desk(desk)
    row = held(complaint)
    diary.by_desk(row, Kind.NOTE, desk, text=words(text, field="text", message=_("请写下备注内容。"), least=1))


@transaction.atomic
def ask(*, complaint: UUID, question: str, desk: Desk) -> None:
    """Ask the complainant for more; the clock stands still until the answer, or until the desk goes on without one.

    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``reason_missing``
    """
    require_desk(desk)
    row = held(complaint, State.OPEN)
    question = words(question, field="question", message=_("请写明需要补充什么，投诉人会看到。"))
    row.state, row.paused_at = State.WAITING, desk.at
    row.save(update_fields=["state", "paused_at"])
    diary.by_desk(row, Kind.ASKED, desk, text=question, shown=True)
    telling.leave(row, telling.ASKED)


@transaction.atomic
def go_on(*, complaint: UUID, why: str, desk: Desk) -> None:
    """Go on without an answer of the complainant.

    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``reason_missing``
    """
    require_desk(desk)
    row = held(complaint, State.WAITING)
    why = words(why, field="why", message=_("请写明为什么不再等待补充。"))
    resume(row, desk.at)
    diary.by_desk(row, Kind.RESUMED, desk, text=why, shown=True)


def resume(row: Complaint, at: datetime) -> None:
    """Let the clock of a held, waiting row run again; both of its ends move by the pause. A row that does not wait stays as it is."""
    if row.paused_at is None:
        return
    row.clock_from, row.due_at = rules.resumed(
        in_days=row.promise.settle_days is not None, start=row.clock_from, due=row.due_at, paused=row.paused_at, at=at
    )
    row.state, row.paused_at = State.OPEN, None
    row.save(update_fields=["clock_from", "due_at", "state", "paused_at"])
