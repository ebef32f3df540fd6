"""The desk's steps: answer, ask back, note, assign, change the urgency, merge. Runs on the platform."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.helpdesk import diary, numbers, promises, rules, telling
from public.helpdesk.diary import Desk, Kind, require_desk
from public.helpdesk.locking import RUNNING, State, held, words
from public.helpdesk.models import Canned, Ticket, Urgency
from public.operators import api as operators

OPEN, WAIT, SOLVE = "open", "wait", "solve"
"""What comes after an answer: the desk goes on, the asker is asked for more, it is solved."""


@transaction.atomic
def answer(*, ticket: UUID, text: str, then: str, canned: int | None = None, desk: Desk) -> None:
    """Answer. The first answer ends the first promise; asking back stops the clock; solved asks for satisfaction.

    Askers of merged tickets read the same answer, but not what the asker of this one is asked back.

    :param canned: the ready answer that it began with, counted
    :raises DomainError: 403 ``forbidden``; 404; 409 ``wrong_state``; 422 ``text_missing``, ``unknown_step``
    """
    require_desk(desk)
    row = held(ticket, *RUNNING)
    text = words(text, field="text", message=_("请写下答复，提问人会看到。"), least=4)
    if then not in {OPEN, WAIT, SOLVE}:
        raise DomainError("unknown_step", _("请选择答复之后怎么办。"), status=422, field="then")
    if canned is not None:
        Canned.objects.filter(pk=canned).update(used=F("used") + 1)
    resume(row, desk.at)
    row.answered_at, row.assignee_id = row.answered_at or desk.at, row.assignee_id or desk.me.credential_id
    row.state, row.paused_at = (State.WAITING, desk.at) if then == WAIT else (State.OPEN, None)
    row.save(update_fields=["answered_at", "assignee_id", "state", "paused_at"])
    diary.by_desk(row, Kind.ASKED if then == WAIT else Kind.REPLIED, desk, text=text, shown=True)
    telling.leave(row, telling.ASKED if then == WAIT else telling.SOLVED if then == SOLVE else telling.ANSWERED)
    if then != WAIT:
        _answer_merged(row, text, desk, is_solved=then == SOLVE)
    if then == SOLVE:
        close(row, by=desk.actor, at=desk.at)
        diary.by_desk(row, Kind.SOLVED, desk, shown=True)


def _answer_merged(row: Ticket, text: str, desk: Desk, *, is_solved: bool) -> None:
    for other in Ticket.objects.select_for_update().filter(merged_into=row, state=State.MERGED):
        other.answered_at = other.answered_at or desk.at
        other.save(update_fields=["answered_at"])
        diary.by_desk(other, Kind.REPLIED, desk, text=text, shown=True)
        telling.leave(other, telling.SOLVED if is_solved else telling.ANSWERED)
        if is_solved:
            close(other, by=desk.actor, at=desk.at)
            diary.by_desk(other, Kind.SOLVED, desk, shown=True)


def close(row: Ticket, *, by: str, at: datetime) -> None:
    """Let a held ticket be solved. Part of the caller's transaction; those that were merged into it and are still open open again."""
    resume(row, at)  # the time of a pause is not ours, also where nobody answered
    row.state, row.solved_at, row.solved_by = State.SOLVED, at, by
    row.save(update_fields=["state", "solved_at", "solved_by"])
    if not by.startswith("operator"):
        _let_go(row, at)


def _let_go(row: Ticket, at: datetime) -> None:
    for other in Ticket.objects.select_for_update().filter(merged_into=row, state=State.MERGED):
        other.state, other.merged_into = State.OPEN if other.answered_at else State.NEW, None
        other.save(update_fields=["state", "merged_into"])
        diary.by_system(other, Kind.NOTE, at=at, text=_("并入的那件由提问人自己结束，这件继续处理"))


@transaction.atomic
def note(*, ticket: UUID, text: str, desk: Desk) -> None:
    """Write something down for colleagues only; also after the end.

    :raises DomainError: 403; 404; 422 ``text_missing``
    """
    require_desk(desk)
    row = held(ticket)
    diary.by_desk(row, Kind.NOTE, desk, text=words(text, field="text", message=_("请写下备注内容。"), least=1))


@transaction.atomic
def assign(*, ticket: UUID, to: int, desk: Desk) -> None:
    """Give a ticket to a colleague of operations.

    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``unknown_person``
    """
    require_desk(desk)
    row = held(ticket, *RUNNING)
    person = next((one for one in operators.colleagues(operators.Role.OPERATIONS) if one.credential_id == to), None)
    if person is None:
        raise DomainError("unknown_person", _("请选择一位在岗的平台运营。"), status=422, field="to")
    row.assignee_id = to
    row.save(update_fields=["assignee_id"])
    diary.by_desk(row, Kind.ASSIGNED, desk, text=person.name)


@transaction.atomic
def set_urgency(*, ticket: UUID, urgency: str, why: str, desk: Desk) -> None:
    """Change how urgent it is; its hours are those promised on the day it was asked, counted from the same beginning.

    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``unknown_urgency``, ``text_missing``
    """
    require_desk(desk)
    row = held(ticket, State.NEW, State.OPEN)
    if urgency not in Urgency.values or urgency == row.urgency:
        raise DomainError("unknown_urgency", _("请选择另一个紧急程度。"), status=422, field="urgency")
    why = words(why, field="why", message=_("请写明为什么改。"))
    promise = promises.promise(urgency, row.filed_at)
    row.urgency, row.promise_id = urgency, promise.id
    row.answer_due_at, row.due_at = rules.answer_due(promise, row.clock_from), rules.settle_due(promise, row.clock_from)
    row.stage = min(row.stage, rules.stage(rules.share(start=row.clock_from, due=row.due_at, at=desk.at)))
    row.save(update_fields=["urgency", "promise", "answer_due_at", "due_at", "stage"])
    diary.by_desk(row, Kind.URGENCY, desk, text=f"{Urgency(urgency).label} · {why}")


@transaction.atomic
def merge(*, ticket: UUID, into: str, desk: Desk) -> None:
    """Let another ticket be answered for this one too; each asker goes on seeing only the own question and the answers.

    :param into: number of the other one, which is still worked on
    :raises DomainError: 403; 404; 409 ``wrong_state``; 422 ``unknown_ticket``, ``same_ticket``
    """
    require_desk(desk)
    number = numbers.clean_number(into)
    known = Ticket.objects.filter(number=number).values_list("uuid", flat=True).first()
    if known is None:
        raise DomainError("unknown_ticket", _("没有这个编号的求助，请核对。编号以 HD 开头。"), status=422, field="into")
    if known == ticket:
        raise DomainError("same_ticket", _("不能并入自己，请填另一件的编号。"), status=422, field="into")
    first, second = sorted((ticket, known))  # two that merge crosswise lock in the same order
    both = {uuid: held(uuid, *RUNNING) for uuid in (first, second)}
    row, target = both[ticket], both[known]
    resume(row, desk.at)
    row.state, row.merged_into = State.MERGED, target
    row.save(update_fields=["state", "merged_into"])
    Ticket.objects.filter(merged_into=row).update(merged_into=target)
    diary.by_desk(row, Kind.MERGED, desk, text=_("并入 %(number)s") % {"number": target.number})
    diary.by_desk(target, Kind.MERGED, desk, text=_("%(number)s 并入本件") % {"number": row.number})
    diary.by_system(row, Kind.ASSIGNED, at=desk.at, text=_("有人反映了同样的问题，合并处理，答复会发给您。"), shown=True)


def resume(row: Ticket, at: datetime) -> None:
    """Let the clock of a held, waiting row run again; both of its ends move by the pause. A row that does not wait stays as it is."""
    if row.paused_at is None:
        return
    row.clock_from, row.due_at = rules.resumed(start=row.clock_from, due=row.due_at, paused=row.paused_at, at=at)
    row.state, row.paused_at = State.OPEN, None
    row.save(update_fields=["clock_from", "due_at", "state", "paused_at"])
