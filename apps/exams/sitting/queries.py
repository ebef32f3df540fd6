"""Reads of sitting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.exams.marking.newest import corrected_points, result_now
from apps.exams.sitting import rules
from apps.exams.sitting.models import Attempt, AttemptStep
from apps.exams.sitting.shapes import AttemptView, ExamState, WrongAnswer
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError
from public.questions import api as questions
from tenants.database.compiled import Compiled


def attempt_view(row: Attempt, *, at: datetime, answers: dict[str, list[str]] | None = None) -> AttemptView:
    """Return the learner's view of a try; the key is not in it.

    :param answers: where they are known already
    """
    score, passed = result_now(row)
    return AttemptView(
        uuid=row.uuid,
        assignment_id=row.assignment_id,
        number=row.number,
        questions=[questions.hide(item) for item in row.paper],
        answers=answers_of(row) if answers is None else answers,
        pass_score=row.pass_score,
        started_at=row.started_at,
        due_at=row.due_at,
        left_s=rules.left_s(at, row.due_at),
        submitted_at=row.submitted_at,
        score=score,
        passed=passed,
        state=state_of(row),
        policy=plans.ExamPolicy.read(row.policy),
        leaves=row.leaves,
        submitted_by=row.submitted_by,
    )


def state_of(row: Attempt) -> str:
    """Return the state of a row that may have changed since it was read; the database says the same of what is saved."""
    if row.submitted_at is None:
        return Attempt.State.OPEN
    return Attempt.State.MARKING if row.score is None else Attempt.State.DONE


def answers_of(row: Attempt) -> dict[str, list[str]]:
    """Return question (text) -> response: what counted when it was handed in, or what counts now. Empty ones are left out."""
    return dict(row.answers) if row.submitted_at is not None else answers_and_numbers(row)[0]


def answers_and_numbers(row: Attempt) -> tuple[dict[str, list[str]], dict[int, int]]:
    """Return the answers of an open try that count now, and question -> number of the newest, also where that cleared it."""
    said = AttemptStep.objects.filter(attempt=row, kind=AttemptStep.Kind.ANSWERED).values_list("seq", "no", "response")
    before = [(0, int(no), response) for no, response in row.answers.items()]  # of tries that began before steps were kept
    told: list[tuple[int, int, list[str]]] = [*before, *said]  # type: ignore[list-item]
    return rules.newest(told), {no: seq for seq, no, _response in sorted(told, key=lambda one: one[0])}


def own_attempt(uuid: UUID, *, learner_id: int) -> Attempt:
    """Return one try of this learner.

    :raises DomainError: ``not_found`` (404), also for somebody else's
    """
    row = Attempt.objects.filter(uuid=uuid, learner_id=learner_id).first()
    if row is None:
        raise not_found()
    return row


@dataclass(frozen=True, slots=True)
class Running:
    """The open try of a duty, and the plan it is of."""

    row: Attempt
    plan_title: str


def _open_ones(assignment: UUID, learner_id: int, least_due: datetime) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(assignment__uuid=assignment, learner_id=learner_id, submitted_at__isnull=True)
    return rows.filter(due_at__gte=least_due).annotate(plan_title=F("assignment__plan__title"))


def _bare_tries(assignment: int) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(assignment=assignment).order_by("-number")
    return rows.only("number", "learner_id", "due_at", "submitted_at", "score")


_OPEN, _TRIES = Compiled(_open_ones), Compiled(_bare_tries)


def running(assignment: UUID, *, learner_id: int, at: datetime) -> Running | None:
    """Return the learner's open try at the exam of a duty, None where there is none or its time is over; in one query."""
    found: Any = _OPEN.first(assignment=assignment, learner_id=learner_id, least_due=at - rules.GRACE)
    return Running(found, found.plan_title) if found else None


def tries_of(assignment_id: int) -> list[Attempt]:
    """Return the tries of a duty, the newest first, without papers and answers: what a next one depends on."""
    return _TRIES.all(assignment=assignment_id)


def refuse_keys(learner_id: int, *, at: datetime) -> None:
    """Refuse to show keys to somebody who is sitting an exam: a second try may ask the same questions again.

    :raises DomainError: 409 ``exam_running``
    """
    rows = Attempt.objects.filter(learner_id=learner_id, submitted_at__isnull=True, due_at__gte=at - rules.GRACE)
    if rows.exists():
        raise DomainError("exam_running", gettext_lazy("您正在考试，交卷以后才能看答案和做练习。"), status=409)


def not_found() -> DomainError:
    """Return the refusal for a try that is not there for whoever asks."""
    return DomainError("not_found", gettext_lazy("没有找到这场考试，请从培训任务重新进入。"), status=404)


def exam_state(assignment: plans.AssignmentView, *, at: datetime) -> ExamState:
    """Return where the learner of an assignment stands with its exam.

    :raises DomainError: ``no_exam`` where the plan asks for none
    """
    return state_under(plans.exam_rule(assignment.id), assignment, at=at)


def state_under(rule: plans.ExamRule, assignment: plans.AssignmentView, *, at: datetime) -> ExamState:
    """Return the same, under a rule that is known."""
    rows = list(Attempt.objects.filter(assignment_id=assignment.id).order_by("-number"))
    sitting = next((row for row in rows if row.submitted_at is None), None)
    last = next((row for row in rows if row.submitted_at), None)
    left = max(0, rule.tries - len(rows))
    blocked, restudy = ("", False) if sitting else why_not(assignment, rule=rule, tries_left=left, last=last, at=at)
    return ExamState(
        questions=rule.questions,
        pass_score=rule.pass_score,
        minutes=rule.minutes,
        tries=rule.tries,
        tries_left=left,
        open_attempt=attempt_view(sitting, at=at) if sitting else None,
        last=attempt_view(last, at=at) if last else None,
        passed=assignment.exam_passed_at is not None,
        blocked=blocked,
        policy=rule.policy,
        restudy=restudy,
        marking=last is not None and last.score is None,
    )


def why_not(
    assignment: plans.AssignmentView, *, rule: plans.ExamRule, tries_left: int, last: Attempt | None, at: datetime
) -> tuple[str, bool]:
    """Say in words why a new try cannot start now, "" when it can, and whether more learning would open it.

    Hours and courses first (clause 三.5), and what the plan waits for; then what lies between a failed try and the next.
    """
    words = _closed(assignment, tries_left, last, at)
    if words:
        return words, False
    words = _to_learn(assignment)
    if words or last is None:
        return words, bool(words)
    return _between(assignment, rule.policy, last, at)


def _closed(assignment: plans.AssignmentView, tries_left: int, last: Attempt | None, at: datetime) -> str:
    if assignment.exam_passed_at is not None:
        return _("您已通过这场考试，不需要再考。")
    if assignment.plan_state != "RUNNING":
        return _("这个培训计划已结束，不能再考试。请联系本单位培训管理员。")
    if last is not None and last.score is None:
        return _("上一次考试正在等待阅卷，出成绩后再看要不要补考。")
    if tries_left <= 0:
        return _("考试次数已用完，请联系本单位培训管理员安排补考。")
    closed = plans.plan_lock(assignment, today=clock.shanghai_date(at))
    return "" if closed is None else str(closed.message)


def _to_learn(assignment: plans.AssignmentView) -> str:
    now = plans.standing(assignment)
    if not now.hours_ok:
        missing = -(-(assignment.required_ms - now.earned_ms) // 60_000)
        return _("学完规定学时后才能考试，还差 %(minutes)s 分钟。") % {"minutes": max(1, missing)}
    if not now.courses_ok:
        return _("学完全部课程后才能考试，还剩 %(n)s 门课程。") % {"n": now.courses - now.courses_done}
    return ""


def _between(assignment: plans.AssignmentView, policy: plans.ExamPolicy, last: Attempt, at: datetime) -> tuple[str, bool]:
    """What the policy asks for after a try that was not passed."""
    failed_at = last.submitted_at or last.due_at
    until = rules.cools_until(failed_at, policy.cool_hours, at=at)
    if until is not None:
        when = until.astimezone(clock.SHANGHAI)
        return _("上一次没有通过，%(when)s 以后可以再考。") % {"when": f"{when:%m-%d %H:%M}"}, False
    if policy.restudy_minutes:
        studied = plans.STUDY.get().studied_ms(learner_id=last.learner_id, assignment_id=assignment.id, since=failed_at)
        missing = rules.restudy_missing_min(studied, policy.restudy_minutes)
        if missing:
            return _("再考以前请先把课程重新学一学，还差 %(n)s 分钟。") % {"n": missing}, True
    return "", False


def wrong_answers(row: Attempt) -> list[WrongAnswer]:
    """Return the questions of a submitted try that did not earn everything, with key, explanation and legal basis; as corrected.

    Nothing where the policy shows the score alone, and nothing before a person has marked what a person must.

    :raises DomainError: ``not_submitted`` (409) while the try is open
    """
    if row.submitted_at is None:
        raise DomainError("not_submitted", gettext_lazy("交卷后才能查看答案。"), status=409)
    if row.score is None or plans.ExamPolicy.read(row.policy).reveal == "score":
        return []
    points: dict[int, int | None] = {**points_of(row), **corrected_points(row)}
    tells = rules.tells_points([questions.worth(item) for item in row.paper])
    return [
        WrongAnswer(
            no=item["no"],
            stem=item["stem"],
            kind=item["kind"],
            options=item["options"],
            chosen=row.answers.get(str(item["no"]), []),
            answer=item["answer"],
            explanation=item["explanation"],
            basis=item["basis"],
            points=got,
            worth=questions.worth(item),
            tells_points=tells,
            media=item.get("media", []),
            case=item.get("case"),
        )
        for item in row.paper
        if (got := points[item["no"]]) is not None and got < questions.worth(item)
    ]


def points_of(row: Attempt) -> dict[int, int]:
    """Return question -> points of a try that has its result; those of earlier days are marked again."""
    kept = {int(no): points for no, points in row.points.items()}
    return {no: points or 0 for no, points in rules.earned(row.paper, row.answers, kept).items()}


def media_of(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the pictures and films of a question, those of its case first."""
    return [*((item.get("case") or {}).get("media") or []), *(item.get("media") or [])]


def medium(row: Attempt, *, no: int, index: int) -> str:
    """Return the key of one picture or film of a paper, as `questions.media` knows it.

    :raises DomainError: ``not_found`` (404)
    """
    item: Mapping[str, Any] = next((item for item in row.paper if item["no"] == no), {})
    found = media_of(item)
    if not 0 <= index < len(found):
        raise DomainError("not_found", gettext_lazy("没有找到这份材料，请刷新页面。"), status=404)
    return str(found[index]["key"])
