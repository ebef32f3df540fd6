"""Who reviews what: opening, giving, claiming; and the policy."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.catalogue import api as catalogue
from public.operators.api import Me, Role, colleagues
from public.review import workdays
from public.review.models import Angle, Decision, ReReview, ReviewPolicy, ReviewTask, Submission
from public.review.queries.policy import policy
from public.review.services import log

OPEN = (ReviewTask.State.OPEN, ReviewTask.State.CLAIMED)


def loads() -> Counter[int]:
    """Return how much open work each reviewer has."""
    held: Counter[int] = Counter()
    for rows in (ReviewTask.objects.filter(state__in=OPEN), ReReview.objects.filter(state=ReReview.State.OPEN)):
        counted = rows.exclude(assignee_id=None).order_by().values_list("assignee_id").annotate(n=Count("pk"))
        held.update({person: n for person, n in counted if person is not None})
    return held


def open_tasks(submission: Submission, *, author_id: int, at: datetime) -> None:
    """Open one task per angle, each for whoever had the angle before, else for the one with least to do, else for nobody."""
    due = workdays.after(at, policy().sla_working_days)
    held, given = loads(), dict[str, int]()
    for angle in Angle.values:
        person = _best(submission.version_id, angle, author_id=author_id, held=held, given=given)
        if person is not None:
            given[angle] = person
            held[person] += 1
        ReviewTask.objects.create(
            submission=submission, version_id=submission.version_id, angle=angle, assignee_id=person, due_at=due, created_at=at
        )


def _best(version_id: int, angle: str, *, author_id: int, held: Counter[int], given: dict[str, int]) -> int | None:
    fit = [me.credential_id for me in colleagues(Role.REVIEWER) if me.credential_id != author_id]
    decided = Decision.objects.filter(version_id=version_id).order_by("-at", "-id").values_list("angle", "reviewer_id")
    if policy().one_angle_each:
        elsewhere = set(given.values()) | {who for other, who in decided if other != angle}
        fit = [person for person in fit if person not in elsewhere]
    before = next((who for other, who in decided if other == angle), None)
    return before if before in fit else min(fit, key=lambda person: (held[person], person), default=None)


def refuse_unfit(version_id: int, angle: str, reviewer_id: int, *, author_id: int) -> None:
    """Refuse whoever may not judge this angle of this version.

    :raises DomainError: ``own_work``; ``one_angle_each`` under the policy
    """
    if reviewer_id == author_id:
        raise DomainError("own_work", _("不能审核自己编写的课程，请由其他审核员处理。"), status=403)
    if not policy().one_angle_each:
        return
    other = Decision.objects.filter(version_id=version_id, reviewer_id=reviewer_id).exclude(angle=angle).first()
    if other is not None:
        message = _("同一位审核员只能审核一门课程的一个方面，您已审核“%(angle)s”。请联系运营改派。")
        raise DomainError("one_angle_each", message % {"angle": other.get_angle_display()}, status=403)


def current_task(version_id: int, angle: str) -> ReviewTask:
    """Return the task of an angle in the newest submission, held for the transaction.

    :raises DomainError: ``wrong_state`` where nothing was submitted
    """
    rows = ReviewTask.objects.select_for_update(of=("self",)).filter(version_id=version_id, angle=angle)
    found = rows.select_related("submission").order_by("-submission__number").first()
    if found is None:
        raise DomainError("wrong_state", _("课程当前不在审核中，请刷新页面查看最新状态。"), status=409)
    return found


def held_task(version_id: int, angle: str, me: Me, *, author_id: int) -> ReviewTask:
    """Return the open task that ``me`` may work on: their own, or one that nobody has.

    :raises DomainError: ``own_work``, ``one_angle_each``; ``already_decided``; ``not_assigned``; ``wrong_state``
    """
    refuse_unfit(version_id, angle, me.credential_id, author_id=author_id)
    task = current_task(version_id, angle)
    if task.state not in OPEN:
        raise DomainError("already_decided", _("这个方面刚刚已有结论，请刷新页面查看。"), status=409)
    if task.assignee_id not in {None, me.credential_id}:
        raise DomainError("not_assigned", _("这个方面已分给其他审核员。如需由您审核，请联系运营改派。"), status=403)
    return task


@transaction.atomic
def claim(*, task_id: int, me: Me, at: datetime) -> ReviewTask:
    """Take a task into work: one's own, or one that nobody has.

    :raises DomainError: as :func:`held_task`; ``not_found``
    """
    found = _task(task_id)
    standing = catalogue.standing(found.version_id, hold=True)
    task = held_task(found.version_id, found.angle, me, author_id=standing.author_id)
    task.state, task.assignee_id = ReviewTask.State.CLAIMED, me.credential_id
    task.save(update_fields=["state", "assignee_id"])
    log.write("review.claimed", task.version_id, me, at, angle=task.angle)
    return task


@transaction.atomic
def assign(*, task_id: int, reviewer_id: int | None, reason: str, me: Me, at: datetime) -> ReviewTask:
    """Give a task to a reviewer, or to nobody (None); taking it from somebody needs a reason.

    :raises DomainError: ``no_reviewer``; ``reason_missing``; ``already_decided``; ``own_work``, ``one_angle_each``; ``not_found``
    """
    found = _task(task_id)
    standing = catalogue.standing(found.version_id, hold=True)
    task = ReviewTask.objects.select_for_update().get(pk=task_id)
    if task.state not in OPEN:
        raise DomainError("already_decided", _("这项审核已经结束，不能改派。请刷新页面。"), status=409)
    said = reason_to_move(task.assignee_id, reviewer_id, reason)
    if reviewer_id is not None:
        refuse_stranger(reviewer_id)
        refuse_unfit(task.version_id, task.angle, reviewer_id, author_id=standing.author_id)
        _refuse_second_angle(task, reviewer_id)
    former, task.assignee_id, task.state = task.assignee_id, reviewer_id, ReviewTask.State.OPEN
    task.save(update_fields=["assignee_id", "state"])
    log.write("review.assigned", task.version_id, me, at, angle=task.angle, former=former, to=reviewer_id, reason=said)
    return task


def _task(task_id: int) -> ReviewTask:
    found = ReviewTask.objects.filter(pk=task_id).first()
    if found is None:
        raise DomainError("not_found", _("没有找到这项审核。请刷新页面。"), status=404)
    return found


def reason_to_move(former: int | None, to: int | None, reason: str) -> str:
    """Return the trimmed reason for giving work to somebody else; only taking it from somebody needs one.

    :raises DomainError: ``reason_missing``
    """
    if former is None or former == to:
        return reason.strip()
    return worded(reason, "reason_missing", _("改派时请写明原因，至少 4 个字。"), field="reason")


def refuse_stranger(reviewer_id: int) -> None:
    """Refuse whoever is no reviewer.

    :raises DomainError: ``no_reviewer``
    """
    if reviewer_id not in {one.credential_id for one in colleagues(Role.REVIEWER)}:
        raise DomainError("no_reviewer", _("只能分给在岗的审核员。"), status=422, field="reviewer")


def _refuse_second_angle(task: ReviewTask, reviewer_id: int) -> None:
    others = ReviewTask.objects.filter(submission=task.submission, assignee_id=reviewer_id).exclude(pk=task.pk)
    if policy().one_angle_each and others.exclude(state=ReviewTask.State.WITHDRAWN).exists():
        message = _("该审核员已负责这门课程的另一个方面，请选择其他审核员。")
        raise DomainError("one_angle_each", message, status=409, field="reviewer")


@transaction.atomic
def set_policy(*, reason: str, me: Me, at: datetime, **changes: Any) -> None:
    """Set the rules of the review from now on; open tasks keep their due dates.

    :param changes: fields of `ReviewPolicy`; the others stay as they are
    :raises DomainError: ``reason_missing``; ``unchanged``
    """
    said = worded(reason, "reason_missing", _("请写明调整规则的原因，至少 4 个字。"), field="reason")
    now = policy()
    fields = ("sla_working_days", "one_angle_each", "rereview_lead_days", "law_working_days")
    values = {name: changes.get(name, getattr(now, name)) for name in fields}
    if all(values[name] == getattr(now, name) for name in fields):
        raise DomainError("unchanged", _("规则没有变化。"), status=409)
    ReviewPolicy.objects.create(**values, by_id=me.credential_id, by_name=me.name, reason=said, at=at)
    log.note("review.policy", "review-policy", me, at, reason=said, **values)
