"""Findings: pinned by reviewers, answered by the author, resolved or opened again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.catalogue import api as catalogue
from public.operators.api import Me
from public.questions import api as questions
from public.review.models import Angle, Finding, FindingEntry, Submission
from public.review.services import log, tasks

State, Place, Kind = Finding.State, Finding.Place, FindingEntry.Kind
_ENDS = {Kind.ANSWER: State.ANSWERED, Kind.RESOLVE: State.RESOLVED, Kind.REOPEN: State.OPEN}


@dataclass(frozen=True, slots=True)
class Pin:
    """Where a finding sits. ``lesson_no`` with ``at_ms`` (ms of the film) or ``page`` (from 1), or ``question`` (code)."""

    place: str
    lesson_no: int | None = None
    at_ms: int | None = None
    page: int | None = None
    question: str = ""


@transaction.atomic
def pin(*, version_id: int, angle: str, where: Pin, severity: str, text: str, me: Me, at: datetime) -> int:
    """Write a finding to an angle that one reviews; return its id.

    :param severity: a value of `Finding.Severity`
    :raises DomainError: ``no_lesson``, ``beyond_end``, ``no_question``, ``bad_page`` for a place that is not there;
        ``text_missing``; ``wrong_state``; as `tasks.held_task`
    """
    found = catalogue.standing(version_id, hold=True)
    if not found.in_review:
        raise DomainError("wrong_state", _("课程当前不在审核中，请刷新页面查看最新状态。"), status=409)
    task = tasks.held_task(version_id, Angle(angle).value, me, author_id=found.author_id)
    said = worded(text, "text_missing", _("请写明问题，至少 4 个字。"), field="text")
    row = Finding.objects.create(
        version_id=version_id,
        submission=task.submission,
        angle=task.angle,
        severity=Finding.Severity(severity),
        text=said,
        by_id=me.credential_id,
        by_name=me.name,
        at=at,
        **_place(task.submission, where),
    )
    log.write("review.found", version_id, me, at, finding=row.pk, angle=task.angle, severity=severity)
    return row.pk


def _place(submission: Submission, where: Pin) -> dict[str, Any]:
    place = Place(where.place)
    if place == Place.WHOLE:
        return {"place": place}
    if place == Place.QUESTION:
        return {"place": place, "question": _question(where.question)}
    lesson = next((x for x in submission.content["lessons"] if x["no"] == where.lesson_no), None)
    if lesson is None:
        raise DomainError("no_lesson", _("请选择意见所在的课件。"), status=422, field="lesson")
    named = {"place": place, "lesson_no": lesson["no"], "lesson_title": lesson["title"], "media": lesson["media"]}
    if place == Place.PAGE:
        if not where.page or where.page < 1:
            raise DomainError("bad_page", _("请填写页码，从 1 开始。"), status=422, field="page")
        return {**named, "page": where.page}
    if where.at_ms is None or where.at_ms > lesson["duration_ms"]:
        raise DomainError("beyond_end", _("这个时间超过了课件的时长，请核对后重填。"), status=422, field="at")
    return {**named, "at_ms": where.at_ms}


def _question(code: str) -> str:
    found = code.strip()
    if not found or not questions.is_question(found):
        raise DomainError("no_question", _("题库中没有这个编号的试题，请核对编号。"), status=422, field="question")
    return found


@transaction.atomic
def answer(*, finding_id: int, text: str, me: Me, at: datetime) -> Finding:
    """Say how a finding was mended, or why not; the author only.

    :raises DomainError: ``not_author``; ``text_missing``; ``wrong_state`` for a resolved one; ``not_found``
    """
    row = _held(finding_id)
    if catalogue.standing(row.version_id).author_id != me.credential_id:
        raise DomainError("not_author", _("只有课程作者能答复审核意见。"), status=403)
    _refuse_state(row, State.OPEN, State.ANSWERED)
    said = worded(text, "text_missing", _("请写明如何修改，至少 4 个字。"), field="text")
    return _enter(row, Kind.ANSWER, said, me, at=at)


@transaction.atomic
def resolve(*, finding_id: int, text: str = "", me: Me, at: datetime) -> Finding:
    """Say that a finding is settled; whoever reviews its angle now.

    :raises DomainError: ``wrong_state``; as `tasks.held_task`; ``not_found``
    """
    row = _held(finding_id)
    _refuse_others(row, me)
    _refuse_state(row, State.OPEN, State.ANSWERED)
    return _enter(row, Kind.RESOLVE, text.strip(), me, at=at)


@transaction.atomic
def reopen(*, finding_id: int, text: str, me: Me, at: datetime) -> Finding:
    """Say that an answer does not do, and why; whoever reviews its angle now.

    :raises DomainError: ``text_missing``; ``wrong_state``; as `tasks.held_task`; ``not_found``
    """
    row = _held(finding_id)
    _refuse_others(row, me)
    _refuse_state(row, State.ANSWERED, State.RESOLVED)
    said = worded(text, "text_missing", _("请写明还需要修改什么，至少 4 个字。"), field="text")
    return _enter(row, Kind.REOPEN, said, me, at=at)


def _held(finding_id: int) -> Finding:
    row = Finding.objects.filter(pk=finding_id).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这条意见。请刷新页面。"), status=404)
    catalogue.standing(row.version_id, hold=True)
    return Finding.objects.select_for_update().get(pk=finding_id)


def _refuse_others(row: Finding, me: Me) -> None:
    tasks.held_task(row.version_id, row.angle, me, author_id=catalogue.standing(row.version_id).author_id)


def _refuse_state(row: Finding, *states: str) -> None:
    if row.state not in states:
        raise DomainError("wrong_state", _("这条意见的状态已经变化，请刷新页面。"), status=409)


def _enter(row: Finding, kind: FindingEntry.Kind, text: str, me: Me, *, at: datetime) -> Finding:
    FindingEntry.objects.create(finding=row, kind=kind, text=text[:500], by_id=me.credential_id, by_name=me.name, at=at)
    row.state = _ENDS[kind]
    row.save(update_fields=["state"])
    log.write(f"review.finding_{kind.lower()}", row.version_id, me, at, finding=row.pk)
    return row
