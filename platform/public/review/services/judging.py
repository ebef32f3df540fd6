"""Four signed verdicts. Nobody judges their own work, and nobody two angles when the policy says so (clause 三.1)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.catalogue import api as catalogue
from public.operators.api import Me
from public.review import checklists, signing
from public.review.models import Angle, Decision, Finding, ReviewTask
from public.review.services import log, tasks


@transaction.atomic
def decide(*, version_id: int, angle: str, verdict: str, note: str, checks: Mapping[str, Any], me: Me, at: datetime) -> Decision:
    """Sign one verdict on one angle; ``RETURN`` gives the version back to its author at once and withdraws the other tasks.

    :param angle: a value of `Angle`
    :param verdict: a value of `Decision.Verdict`
    :param checks: an answer (`checklists.ANSWERS`) to every item of the angle's list; a "no" forbids a pass
    :raises DomainError: ``own_work``, ``one_angle_each``, ``not_assigned``; ``already_decided``, ``wrong_state``; ``check_missing``,
        ``check_no``, ``must_open`` (a finding that must be mended is not resolved); ``note_missing``; ``not_found``
    """
    angle, verdict = Angle(angle).value, Decision.Verdict(verdict).value
    found = catalogue.standing(version_id, hold=True)
    if found.author_id == me.credential_id:
        raise DomainError("own_work", _("不能审核自己编写的课程，请由其他审核员处理。"), status=403)
    if not found.in_review:
        raise DomainError("wrong_state", _("课程当前不在审核中，请刷新页面查看最新状态。"), status=409)
    task = tasks.held_task(version_id, angle, me, author_id=found.author_id)
    row = _signed(task, verdict=verdict, note=note, checks=checks, me=me, at=at)
    task.state, task.decision, task.done_at, task.assignee_id = ReviewTask.State.DONE, row, at, me.credential_id
    task.save(update_fields=["state", "decision", "done_at", "assignee_id"])
    if verdict == Decision.Verdict.RETURN:
        ReviewTask.objects.filter(submission=task.submission, state__in=tasks.OPEN).update(state=ReviewTask.State.WITHDRAWN)
        catalogue.return_to_draft(version_id=version_id)
    log.write("course.judged", version_id, me, at, angle=angle, verdict=verdict, digest=row.digest)
    return row


def _signed(task: ReviewTask, *, verdict: str, note: str, checks: Mapping[str, Any], me: Me, at: datetime) -> Decision:
    checklist = checklists.of(task.angle)
    answers = checklist.clean(checks)
    said = note.strip()
    if verdict == Decision.Verdict.PASS:
        _refuse_pass(task, answers)
    else:
        worded(said, "note_missing", _("退回时请写明需要修改的内容，至少 4 个字。"), field="note")
    row = Decision(
        version_id=task.version_id,
        submission=task.submission,
        angle=task.angle,
        verdict=verdict,
        note=said,
        checklist=checklist.name,
        checks=answers,
        reviewer_id=me.credential_id,
        reviewer_name=me.name,
        at=at,
    )
    signing.sign(row)
    row.save(force_insert=True)
    return row


def _refuse_pass(task: ReviewTask, answers: Mapping[str, str]) -> None:
    checklists.refuse_noes(answers)
    rows = Finding.objects.filter(version_id=task.version_id, angle=task.angle, severity=Finding.Severity.MUST)
    left = rows.exclude(state=Finding.State.RESOLVED).count()
    if left:
        words = _("本方面还有 %(n)s 条“必须修改”的意见没有确认解决，不能通过。") % {"n": left}
        raise DomainError("must_open", words, status=422, field="verdict")
