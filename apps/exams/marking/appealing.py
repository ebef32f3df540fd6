"""Appeals against a result: filed by the learner in time, answered once with a reason, in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.marking import correcting, periods, rules, telling
from apps.exams.marking.models import MarkTask, ScoreAppeal
from apps.exams.marking.results import Result, result_of
from apps.exams.models import Attempt
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.review import api as review

State = ScoreAppeal.State


@dataclass(frozen=True, slots=True)
class Window:
    """Until when a result may be appealed, and how many working days the answer may take."""

    until: datetime
    decide_days: int

    def is_open(self, at: datetime) -> bool:
        """Whether it is not too late."""
        return at <= self.until


def window(result: Result) -> Window:
    """Return how long a result may be appealed, by the rule of the day on which it was told; one query."""
    rule = periods.on(clock.shanghai_date(result.told_at))
    return Window(result.told_at + timedelta(days=rule.appeal_days), rule.decide_days)


@transaction.atomic
def file(*, attempt: UUID, no: int | None, words: str, learner: people.LearnerView, at: datetime) -> ScoreAppeal:
    """Appeal against one question of an own result, or against the whole.

    :param no: number of the question; None for the whole
    :raises DomainError: 404 ``not_found`` (also for somebody else's); 409 ``no_result``, ``too_late``, ``appealed``; ``no``, ``words``
    """
    row = Attempt.objects.filter(uuid=attempt, learner_id=learner.id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这场考试，请从培训任务重新进入。"), status=404)
    if row.score is None:
        raise DomainError("no_result", _("还没有成绩，出成绩后才能申诉。"), status=409)
    found = window(result_of(row))
    if not found.is_open(at):
        raise DomainError("too_late", _("已超过申诉期限。如有疑问，请联系本单位培训管理员。"), status=409)
    if no is not None and no not in {item["no"] for item in row.paper}:
        raise DomainError("no", _("试卷里没有这道题，请重新选择。"), field="no")
    text = words.strip()
    if not rules.LEAST_REASON <= len(text) <= 1000:
        message = _("请写明理由，%(least)d 到 1000 个字，例如哪个法条或操作规程说的不同。")
        raise DomainError("words", message % {"least": rules.LEAST_REASON}, field="words")
    due_at = review.working_days_after(at, found.decide_days)
    try:
        with transaction.atomic():
            made = ScoreAppeal.objects.create(attempt=row, learner_id=learner.id, no=no, words=text, at=at, due_at=due_at)
    except IntegrityError as error:
        message = _("您已经就这一项申诉过，请看处理结果。")
        raise DomainError("appealed", message, status=409) from error
    telling.tell_filed(made, at=at)
    audit.record("exams.appeal_filed", actor=f"learner:{learner.id}", target=f"score-appeal:{made.uuid}", at=at)
    return made


@transaction.atomic
def uphold(*, appeal: UUID, reason: str, by: people.ManagerView, own: int | None, at: datetime) -> ScoreAppeal:
    """Answer that the result stands, with the reason that the learner reads.

    :raises DomainError: 404 ``not_found``; 403 ``is_party``, ``own_mark``; 409 ``already_decided``; ``reason``
    """
    text = correcting.said(reason)
    row = _to_decide(appeal, own)
    marked = MarkTask.objects.filter(attempt=row.attempt, marked_by=by.id)
    if (marked.filter(no=row.no) if row.no else marked).exists():
        words = _("这份作答是您判的，请由另一位管理人员答复。")
        raise DomainError("own_mark", words, status=403)
    return _answer(row, State.UPHELD, text, by, at)


@transaction.atomic
def grant(
    *, appeal: UUID, points: Mapping[int, int], reason: str, by: people.ManagerView, own: int | None, at: datetime
) -> ScoreAppeal:
    """Answer that the learner is right, and propose other points; a second person still has to approve them.

    :raises DomainError: as :func:`uphold` and `correcting.propose`
    """
    row = _to_decide(appeal, own)
    correcting.propose(attempt=row.attempt.uuid, points=points, reason=reason, by=by, own=own, at=at, appeal=row)
    return _answer(row, State.GRANTED, correcting.said(reason), by, at)


def _to_decide(appeal: UUID, own: int | None) -> ScoreAppeal:
    row = ScoreAppeal.objects.select_for_update(of=("self",)).select_related("attempt").filter(uuid=appeal).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这件申诉，请从列表重新进入。"), status=404)
    if own == row.learner_id:
        raise DomainError("is_party", _("这是您本人的申诉，请由另一位管理人员处理。"), status=403)
    if row.state != State.WAITING:
        raise DomainError("already_decided", _("这件申诉已经处理过了，请刷新页面查看结果。"), status=409)
    return row


def _answer(row: ScoreAppeal, state: str, reason: str, by: people.ManagerView, at: datetime) -> ScoreAppeal:
    row.state, row.reason, row.decided_by_id, row.decided_at = state, reason, by.id, at
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    telling.tell_answered(row, at=at)
    audit.record(
        f"exams.appeal_{state.lower()}", actor=f"manager:{by.id}", target=f"score-appeal:{row.uuid}", at=at, reason=reason
    )
    return row
