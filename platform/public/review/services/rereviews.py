"""Published versions judged again: after their cycle, or when a law they name has changed (clause 三.1 及时更新)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.catalogue import api as catalogue
from public.operators.api import Me, Role, colleagues
from public.review import checklists, signing
from public.review.models import LawArticle, ReReview
from public.review.queries.policy import policy
from public.review.services import log, tasks

Reason, State, Outcome = ReReview.Reason, ReReview.State, ReReview.Outcome


def open_due(*, at: datetime) -> list[int]:
    """Open a re-review for each published version whose cycle ends within the policy's days; return the new ones' versions."""
    until = clock.shanghai_date(at) + timedelta(days=policy().rereview_lead_days)
    found = catalogue.due_for_review(until=until)
    known = set(ReReview.objects.filter(state=State.OPEN).values_list("version_id", flat=True))
    return [
        version for version, due in found if version not in known and open_one(version, reason=Reason.PERIODIC, due_on=due, at=at)
    ]


@transaction.atomic
def open_one(version_id: int, *, reason: str, due_on: date, at: datetime, article: LawArticle | None = None) -> bool:
    """Open a re-review, or make an open one more urgent; return whether a new one was opened."""
    standing = catalogue.standing(version_id, hold=True)
    row = ReReview.objects.select_for_update().filter(version_id=version_id, state=State.OPEN).first()
    if row is None:
        person = _least_busy(standing.author_id)
        ReReview.objects.create(
            version_id=version_id, reason=reason, article=article, assignee_id=person, opened_at=at, due_on=due_on
        )
        return True
    if reason == Reason.LAW:
        row.reason, row.article, row.due_on = Reason.LAW, article, min(row.due_on, due_on)
        row.save(update_fields=["reason", "article", "due_on"])
    return False


def _least_busy(author_id: int) -> int | None:
    held = tasks.loads()
    fit = [one.credential_id for one in colleagues(Role.REVIEWER) if one.credential_id != author_id]
    return min(fit, key=lambda person: (held[person], person), default=None)


@transaction.atomic
def conclude(*, rereview_id: int, outcome: str, note: str, checks: Mapping[str, Any], me: Me, at: datetime) -> ReReview:
    """Sign the outcome of a re-review. ``CONFIRM`` sets the next due date; the others say why.

    ``CHANGE`` asks the author for a new version, ``RETIRE`` asks operations to take this one down: both stay visible to them.

    :raises DomainError: ``own_work``; ``already_decided``; ``not_assigned``; ``check_missing``; ``check_no`` for a confirmation;
        ``note_missing``; ``wrong_state`` where the version is not published any more; ``not_found``
    """
    outcome = Outcome(outcome).value
    row = _open(rereview_id, me)
    checklist = checklists.of(checklists.REREVIEW)
    answers = checklist.clean(checks)
    said = note.strip()
    if outcome != Outcome.CONFIRM:
        worded(said, "note_missing", _("请写明需要修改的内容或下架的原因，至少 4 个字。"), field="note")
    elif checklists.NO in answers.values():
        message = _("检查清单中有“否”，不能确认继续有效。请选择其他结论，或在核实后更正答案。")
        raise DomainError("check_no", message, status=422, field="outcome")
    row.state, row.outcome, row.note = State.DONE, outcome, said
    row.checklist, row.checks, row.content = checklist.name, answers, catalogue.content(row.version_id)
    row.reviewer_id, row.reviewer_name, row.at, row.assignee_id = me.credential_id, me.name, at, me.credential_id
    signing.sign(row)
    row.save()
    if outcome == Outcome.CONFIRM:
        catalogue.confirm_review(version_id=row.version_id, at=at)
    _tell(row, at)
    log.write("course.rereviewed", row.version_id, me, at, outcome=outcome, digest=row.digest)
    return row


_NEWS = {
    Outcome.CONFIRM: "内容继续有效，可以放心使用。",
    Outcome.CHANGE: "内容需要修订，平台将发布新版，届时另行通知；现在仍可使用。",
    Outcome.RETIRE: "建议停用这门课程，下架时另行通知；新计划请另选课程。",
}


def _tell(row: ReReview, at: datetime) -> None:
    """Tell the enterprises what came of the law's change that they were told of; a periodic re-review is no news to them."""
    if row.reason != Reason.LAW or row.article is None:
        return
    text = f"课程引用的{row.article.name}有变化，平台已完成复审：{_NEWS[Outcome(row.outcome)]}"
    catalogue.notify(version_id=row.version_id, kind="REVIEWED", text=text, at=at)


def _open(rereview_id: int, me: Me) -> ReReview:
    found = ReReview.objects.filter(pk=rereview_id).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这项复审。请刷新页面。"), status=404)
    standing = catalogue.standing(found.version_id, hold=True)
    if standing.author_id == me.credential_id:
        raise DomainError("own_work", _("不能审核自己编写的课程，请由其他审核员处理。"), status=403)
    row = ReReview.objects.select_for_update().get(pk=rereview_id)
    if row.state != State.OPEN:
        raise DomainError("already_decided", _("这项复审刚刚已有结论，请刷新页面查看。"), status=409)
    if row.assignee_id not in {None, me.credential_id}:
        raise DomainError("not_assigned", _("这项复审已分给其他审核员。如需由您审核，请联系运营改派。"), status=403)
    return row


@transaction.atomic
def assign(*, rereview_id: int, reviewer_id: int | None, reason: str, me: Me, at: datetime) -> None:
    """Give a re-review to a reviewer, or to nobody; taking it from somebody needs a reason.

    :raises DomainError: ``no_reviewer``; ``reason_missing``; ``own_work``; ``already_decided``; ``not_found``
    """
    found = ReReview.objects.filter(pk=rereview_id).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这项复审。请刷新页面。"), status=404)
    standing = catalogue.standing(found.version_id, hold=True)
    row = ReReview.objects.select_for_update().get(pk=rereview_id)
    if row.state != State.OPEN:
        raise DomainError("already_decided", _("这项审核已经结束，不能改派。请刷新页面。"), status=409)
    said = tasks.reason_to_move(row.assignee_id, reviewer_id, reason)
    if reviewer_id is not None:
        tasks.refuse_stranger(reviewer_id)
        if reviewer_id == standing.author_id:
            raise DomainError("own_work", _("不能审核自己编写的课程，请由其他审核员处理。"), status=403)
    former, row.assignee_id = row.assignee_id, reviewer_id
    row.save(update_fields=["assignee_id"])
    log.write("review.assigned", row.version_id, me, at, former=former, to=reviewer_id, reason=said)
