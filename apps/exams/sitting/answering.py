"""What an open paper says: it was opened, a question was answered, the page was left. Said twice it stands once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.exams.sitting import keys, queries, rules
from apps.exams.sitting.models import Attempt, AttemptStep
from apps.exams.sitting.services import By, Kind, hand_in, locked, log
from apps.exams.sitting.shapes import OpenedPage, Saved
from apps.exams.sitting.statements import keep_answer, open_paper
from apps.plans import api as plans
from infra.kit.errors import DomainError
from public.questions import api as questions
from tenants.database.compiled import Compiled

_READ = ("submitted_at", "started_at", "due_at", "pages", "check_due_at", "proven_at")
_MOST_QUESTIONS = 1000


def _facts(attempt: UUID, learner: int, place: int) -> QuerySet[Attempt]:
    """Return what an answer is judged by: the try without its paper, and one ``item`` of that. The page asks no login, so it is asked
    here whether the learner is still on the books, with data that may be used.
    """
    rows = Attempt.objects.filter(uuid=attempt, learner_id=learner, learner__status="ACTIVE", learner__restricted_at=None)
    return rows.only(*_READ).annotate(item=F(f"paper__{place}"))


_FACTS = Compiled(_facts)


def open_page(
    *, attempt_uuid: UUID, learner_id: int, terminal: str, at: datetime, row: Attempt | None = None
) -> OpenedPage | None:
    """Open the paper of an open try in a browser: from now on this page counts. None where the try is over.

    On another device than before the change is logged, and who must prove to be there does so again.

    :param row: the try, where it was just read
    :raises DomainError: ``not_found`` (404)
    """
    row = queries.own_attempt(attempt_uuid, learner_id=learner_id) if row is None else row
    asks = plans.ExamPolicy.read(row.policy).face != "none"
    opened = open_paper(attempt_id=row.pk, terminal=terminal, asks=asks, at=at, least_due=at - rules.GRACE)
    if opened is None:
        return None
    row.leaves = opened.leaves
    answers, seqs = queries.answers_and_numbers(row)
    return OpenedPage(
        attempt=queries.attempt_view(row, at=at, answers=answers),
        page=opened.pages,
        base=rules.page_base(opened.pages) + 1,
        key=keys.make(keys.Key(row.uuid, learner_id, terminal)),
        check=_check(opened.check_due_at, opened.proven_at, at),
        seqs=seqs,
    )


def answer(
    *, attempt_uuid: UUID, learner_id: int, no: int, response: list[str], seq: int, at: datetime, terminal: str = ""
) -> Saved:
    """Keep the response to one question, in two round trips; an empty one clears it. The highest number of a question counts.

    :param no: number of the question on the paper, from 1
    :param seq: the page's own number of what it says, from its ``base`` up; sent again unchanged it changes nothing
    :raises DomainError: ``not_found`` (404, also once the learner is off the books), ``unknown_question``, ``bad_choice``, ``bad_seq``, ``submitted`` (409), ``time_up``
        (409), ``identity_first`` (409): who is there must be proved first
    """
    place = no - 1 if 0 < no <= _MOST_QUESTIONS else _MOST_QUESTIONS
    row: Any = _FACTS.first(attempt=attempt_uuid, learner=learner_id, place=place)
    if row is None:
        raise queries.not_found()
    _refuse_late(row, at)
    kept = _fitting(row, response, seq, at)
    least_due = at - rules.GRACE
    said: dict[str, Any] = {"no": no, "response": kept, "seq": seq}
    if not keep_answer(attempt_id=row.pk, terminal=terminal, at=at, least_due=least_due, **said):
        _said_before(row.pk, **said)
    return _saved(row, seq, at)


def _refuse_late(row: Any, at: datetime) -> None:
    if row.submitted_at is not None:
        raise _submitted()
    if rules.is_over(at, row.due_at):
        raise DomainError("time_up", _("考试时间已到，已保存的答案会自动交卷。"), status=409)
    if rules.must_prove(check_due_at=row.check_due_at, proven_at=row.proven_at, at=at):
        raise DomainError("identity_first", _("请先完成身份核验，然后继续答题。"), status=409)


def _submitted() -> DomainError:
    return DomainError("submitted", _("这份试卷已经交卷，答案不能再改。"), status=409)


def _fitting(row: Any, response: list[str], seq: int, at: datetime) -> list[str]:
    if row.item is None:
        raise DomainError("unknown_question", _("试卷里没有这道题，请刷新页面。"))
    kept = questions.clean(row.item, response)
    if kept is None:
        raise DomainError("bad_choice", _("这个回答不适合这道题，请刷新页面后重新作答。"))
    _refuse_number(seq, row.pages, row.started_at, at)
    return kept


def _refuse_number(seq: int, pages: int, started_at: datetime, at: datetime) -> None:
    if not rules.may_say(seq, pages=pages, open_s=(at - started_at).total_seconds()):
        raise DomainError("bad_seq", _("页面已过期，请刷新后继续答题。"), status=422)


def _said_before(attempt_id: int, *, no: int, response: list[str], seq: int) -> None:
    """Let a repeated answer pass; refuse one that came too late, or another one under a number that was used.

    :raises DomainError: 409 ``submitted``; 422 ``bad_seq``
    """
    kept = AttemptStep.objects.filter(attempt=attempt_id, seq=seq).values_list("no", "response").first()
    if kept is None:
        raise _submitted()
    if kept != (no, response):
        raise DomainError("bad_seq", _("页面已过期，请刷新后继续答题。"), status=422)


def _saved(row: Any, seq: int, at: datetime) -> Saved:
    return Saved(
        seq=seq,
        at=at,
        left_s=rules.left_s(at, row.due_at),
        elsewhere=rules.page_of(seq) < row.pages,
        check=_check(row.check_due_at, row.proven_at, at),
    )


def _check(due_at: datetime | None, proven_at: datetime | None, at: datetime) -> dict[str, Any] | None:
    """What the page is told of a check that is due: the first one covers the questions, later ones leave a minute and a half."""
    if due_at is None or at < due_at:
        return None
    left = rules.CHECK_WITHIN - (at - due_at) if proven_at else rules.CHECK_WITHIN * 0
    return {"why": "random" if proven_at else "start", "left_s": max(0, int(left.total_seconds()))}


@transaction.atomic
def note_leaving(*, attempt_uuid: UUID, learner_id: int, is_back: bool, seq: int, terminal: str, at: datetime) -> Saved:
    """Log that the page was left, or is seen again; too many leavings hand the try in where the policy says so.

    :param seq: as for `answer`
    :raises DomainError: ``not_found`` (404), 422 ``bad_seq``
    """
    row = locked(attempt_uuid, learner_id)
    _refuse_number(seq, row.pages, row.started_at, at)
    is_open = row.submitted_at is None and not rules.is_over(at, row.due_at)
    if is_open and not AttemptStep.objects.filter(attempt=row, seq=seq).exists():
        _note(row, is_back=is_back, seq=seq, terminal=terminal, at=at)
    return Saved(
        seq=seq,
        at=at,
        left_s=rules.left_s(at, row.due_at),
        elsewhere=rules.page_of(seq) < row.pages,
        check=_check(row.check_due_at, row.proven_at, at),
        leaves=row.leaves,
        over=row.submitted_at is not None,
    )


def _note(row: Attempt, *, is_back: bool, seq: int, terminal: str, at: datetime) -> None:
    if is_back:
        log(row, Kind.RETURNED, at=at, terminal=terminal, seq=seq)
        return
    row.leaves += 1
    row.save(update_fields=["leaves"])
    log(row, Kind.LEFT, at=at, terminal=terminal, seq=seq, facts={"leaves": row.leaves})
    policy = plans.ExamPolicy.read(row.policy)
    if rules.leaves_too_often(row.leaves, limit=policy.leave_limit, action=policy.leave_action):
        hand_in(row, by=By.LEAVES, at=at)
