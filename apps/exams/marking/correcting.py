"""Correcting results: one person proposes with a reason, a second one decides, and only then a new entry is made.

The first result and the certificates that came of it stay as they are (clause 四.2); what the correction means for the assignment
is told before anybody decides.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.exams.marking import applying, ringing, rules
from apps.exams.marking.models import ScoreAppeal, ScoreChange, ScoreProposal
from apps.exams.marking.results import Result, result_of
from apps.exams.models import Attempt
from apps.people import api as people
from apps.plans import api as plans
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.questions import api as questions

State, Kind = ScoreProposal.State, ScoreProposal.Kind


def said(reason: str) -> str:
    """Return a reason fit to be kept.

    :raises DomainError: ``reason``
    """
    text = " ".join(reason.split())
    if not rules.LEAST_REASON <= len(text) <= 500:
        words = _("请写明理由，%(least)d 到 500 个字，学员和检查人员会看到。")
        raise DomainError("reason", words % {"least": rules.LEAST_REASON}, field="reason")
    return text


def finished(attempt: UUID, *, lock: bool = False, within: people.Units = None) -> Attempt:
    """Return a try that has a result.

    :param within: units that the asker sees
    :raises DomainError: 404 ``not_found``; 409 ``no_result``
    """
    rows = Attempt.objects.select_for_update(of=("self",)) if lock else Attempt.objects.all()
    row = rows.filter(people.belongs(within, "learner"), uuid=attempt).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这份试卷，请从列表重新进入。"), status=404)
    if row.score is None:
        raise DomainError("no_result", _("这份试卷还没有成绩，判完卷后再改分。"), status=409)
    return row


def outcome(row: Attempt, now: Result, points: Mapping[int, int], left_out: Iterable[int] = ()) -> rules.Outcome:
    """Return what other points would do to a try.

    :param points: question number -> points wanted; others stay as they are
    :raises DomainError: ``points``: an unknown question, or more than it is worth
    """
    worth = {int(item["no"]): questions.worth(item) for item in row.paper}
    for no, value in points.items():
        if no not in worth or not 0 <= value <= worth[no]:
            words = _("第 %(no)d 题请给 0 到 %(most)d 分。") % {"no": no, "most": worth.get(no, 0)}
            raise DomainError("points", words, field=f"points-{no}")
    wanted = {**now.points, **points}
    out = sorted({*now.left_out, *left_out})
    score = rules.score_of(row.paper, wanted, out)
    changed = {no: (now.points.get(no, 0), wanted[no]) for no in points if wanted[no] != now.points.get(no, 0)}
    fresh = [no for no in out if no not in now.left_out]
    return rules.Outcome(row.pk, changed, fresh, (now.score, now.passed), (score, score >= row.pass_score))


@transaction.atomic
def propose(
    *, attempt: UUID, points: Mapping[int, int], reason: str, by: people.ManagerView, own: int | None, at: datetime,
    appeal: ScoreAppeal | None = None, within: people.Units = None,
) -> ScoreProposal:  # fmt: skip
    """Propose other points for some questions of one try.

    :param own: the proposer's own id as a learner
    :raises DomainError: 404 ``not_found``; 403 ``own_attempt``; 409 ``no_result``, ``already_proposed``, ``nothing_changes``;
        ``points``, ``reason``
    """
    text = said(reason)
    row = finished(attempt, lock=True, within=within)
    if own == row.learner_id:
        raise DomainError("own_attempt", _("不能改自己的成绩，请由另一位管理人员处理。"), status=403)
    if ScoreProposal.objects.filter(kind=Kind.POINTS, state=State.PROPOSED, changes__attempt=row).exists():
        words = _("这份试卷已有一条改分等待复核，请先处理那一条。")
        raise DomainError("already_proposed", words, status=409)
    found = outcome(row, result_of(row), points)
    if not found.points:
        raise DomainError("nothing_changes", _("分数和现在一样，不需要改分。"), status=409)
    effect = rules.Effect()
    effect.add(found, has_certificate=bool(plans.assignment_by_id(row.assignment_id).certificate_id))
    made = ScoreProposal.objects.create(
        kind=Kind.POINTS, reason=text, effect=effect.as_dict(), appeal=appeal, proposed_by_id=by.id, proposed_at=at
    )
    ScoreChange.objects.create(proposal=made, **fields_of(found))
    announce(made, by, at)
    return made


def fields_of(found: rules.Outcome) -> dict[str, object]:
    """Return an outcome as the fields of a `ScoreChange`."""
    (before, before_passed), (after, after_passed) = found.before, found.after
    return {
        "attempt_id": found.attempt_id,
        "points": {str(no): list(pair) for no, pair in found.points.items()},
        "left_out": found.left_out,
        "before_score": before,
        "before_passed": before_passed,
        "after_score": after,
        "after_passed": after_passed,
    }


def announce(made: ScoreProposal, by: people.ManagerView, at: datetime) -> None:
    """Tell those who may decide, and keep it in the audit log."""
    others = [one for one in people.managers_who(people.Permission.EXAMS_MARK) if one != by.id]
    context: dict[str, str | int] = {"by": by.name, "proposal": str(made.uuid), "tries": int(made.effect["tries"])}
    people.notify_all(kind="exam.score_proposed", manager_ids=others, context=context, at=at, about=f"score:{made.uuid}")
    audit.record("exams.score_proposed", actor=f"manager:{by.id}", target=f"score:{made.uuid}", at=at, reason=made.reason)


def decide(
    *, proposal: UUID, approve: bool, words: str = "", by: people.ManagerView, own: int | None, at: datetime
) -> ScoreProposal:
    """Approve or decline what somebody else proposed. Approved, the tries get their new entries: a few at once, many by a worker.

    :raises DomainError: 404 ``not_found``; 403 ``own_proposal``, ``own_attempt``; 409 ``already_decided``; ``reason`` to decline
    """
    made = _decided(proposal, approve=approve, words=words, by=by, own=own, at=at)
    if not approve:
        return made
    if made.changes.count() <= ringing.AT_ONCE:
        applying.carry_out(made.pk, at=at)
    else:
        ringing.ring(made.pk)
    return ScoreProposal.objects.get(pk=made.pk)


@transaction.atomic
def _decided(
    proposal: UUID, *, approve: bool, words: str, by: people.ManagerView, own: int | None, at: datetime
) -> ScoreProposal:
    row = _locked(proposal)
    if row.proposed_by_id == by.id:
        text = _("提出人不能批准自己提出的改分，请由另一位管理人员复核。没有其他人时，请先在“管理人员”里邀请一位。")
        raise DomainError("own_proposal", text, status=403)
    if own is not None and row.changes.filter(attempt__learner=own).exists():
        raise DomainError("own_attempt", _("这条改分涉及您自己的成绩，请由另一位管理人员复核。"), status=403)
    row.words = said(words) if not approve else " ".join(words.split())[:500]
    row.state, row.decided_by_id, row.decided_at = (State.APPROVED if approve else State.DECLINED), by.id, at
    row.save(update_fields=["state", "decided_by", "decided_at", "words"])
    done = "approved" if approve else "declined"
    audit.record(f"exams.score_{done}", actor=f"manager:{by.id}", target=f"score:{row.uuid}", at=at, reason=row.words)
    if not approve and row.appeal_id:
        applying.tell_declined(row, at=at)
    return row


@transaction.atomic
def withdraw(*, proposal: UUID, by: people.ManagerView, at: datetime) -> ScoreProposal:
    """Take back one's own proposal before somebody decides.

    :raises DomainError: 404 ``not_found``; 403 ``not_own``; 409 ``already_decided``, ``from_appeal``
    """
    row = _locked(proposal)
    if row.proposed_by_id != by.id:
        raise DomainError("not_own", _("只能撤回自己提出的改分。"), status=403)
    if row.appeal_id:
        words = _("这条改分是对学员申诉的答复，不能撤回，请由另一位管理人员复核。")
        raise DomainError("from_appeal", words, status=409)
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    return row


def _locked(proposal: UUID) -> ScoreProposal:
    row = ScoreProposal.objects.select_for_update(of=("self",)).filter(uuid=proposal).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条改分，请从列表重新进入。"), status=404)
    if row.state != State.PROPOSED:
        raise DomainError("already_decided", _("这条改分已经处理过了，请刷新页面查看结果。"), status=409)
    return row
