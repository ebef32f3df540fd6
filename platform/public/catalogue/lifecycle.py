"""The life of a version: draft, in review, published, held, retired, recalled. Rooms above add gates to it (see `gates`)."""

import calendar
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.catalogue.gates import Gap, gaps
from public.catalogue.models import Course, CourseVersion, Courseware, MediaAsset, Notice, PublishLog
from public.catalogue.notices import notify
from public.catalogue.queries import not_found
from public.catalogue.signals import version_recalled

State, Kind = CourseVersion.State, PublishLog.Kind
NOT_SHOWN = (State.RECALLED, State.HELD)
"""States in which nobody in an enterprise plays a version."""


def _locked(version_id: int, *states: str) -> CourseVersion:
    version = CourseVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise not_found(_("课程版本"))
    if version.state not in states:
        raise DomainError("wrong_state", _("课程当前状态不允许此操作，请刷新页面查看最新状态。"), status=409, state=version.state)
    return version


def _refuse_gaps(version: CourseVersion, at: datetime) -> None:
    missing = [{"code": gap.code, "text": str(gap.text), "courseware": gap.courseware_id} for gap in gaps(version.pk, at)]
    if missing:
        raise DomainError("incomplete", _("还不能继续，请先补齐下面列出的内容。"), status=409, missing=missing)


def media_gaps(version_id: int, at: datetime) -> list[Gap]:
    """Return the lessons without playable media. The catalogue's own gate."""
    lessons = list(Courseware.objects.filter(version_id=version_id).select_related("media").order_by("no"))
    if all(lesson.media is None for lesson in lessons):
        return [Gap("no_lesson", _("除测验外，至少要有一个课件"))]
    return [
        Gap("media", _("课件“%(title)s”没有可播放的媒体") % {"title": lesson.title}, lesson.pk)
        for lesson in lessons
        if lesson.media is not None and lesson.media.state != MediaAsset.State.READY
    ]


def months_later(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last one of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@transaction.atomic
def submit(*, version_id: int, by_id: int, at: datetime) -> None:
    """Freeze a draft and put it before the reviewers; a private course stays within the enterprise that wrote it.

    :raises DomainError: ``incomplete`` with every gap (``missing``: code, text, courseware); ``wrong_state``; ``not_found``
    """
    version = _locked(version_id, State.DRAFT)
    _refuse_gaps(version, at)
    version.state, version.submitted_at = State.IN_REVIEW, at
    version.visible_to = version.course.provider_schema if version.course.is_private else ""
    version.save(update_fields=["state", "submitted_at", "visible_to"])


@transaction.atomic
def return_to_draft(*, version_id: int) -> None:
    """Give a version in review back to its author.

    :raises DomainError: ``wrong_state``; ``not_found``
    """
    _move(_locked(version_id, State.IN_REVIEW), State.DRAFT)


@transaction.atomic
def publish(*, version_id: int, by_id: int, at: datetime) -> None:
    """Make a reviewed version the current one of its course; the former one retires. `public.review` checks the verdicts.

    The next review falls due after the version's own cycle.

    :raises DomainError: ``incomplete``; ``wrong_state``; ``not_found``
    """
    version = _locked(version_id, State.IN_REVIEW)
    _refuse_gaps(version, at)
    course = Course.objects.select_for_update().get(pk=version.course_id)
    former = _current(course)
    if former:
        _move(former, State.RETIRED)
    version.state, version.published_at = State.PUBLISHED, at
    version.review_due_on = months_later(clock.shanghai_date(at), version.review_cycle_months)
    version.save(update_fields=["state", "published_at", "review_due_on"])
    _log(Kind.PUBLISH, former=former, to=version, by_id=by_id, at=at)
    if former:
        text = f"课程“{version.title}”已更新为第 {version.number} 版，新的培训计划请选用新版。"
        notify(version_id=version.pk, kind=Notice.Kind.NEW_VERSION, text=text, at=at)


def _current(course: Course) -> CourseVersion | None:
    return CourseVersion.objects.select_for_update().filter(course=course, state=State.PUBLISHED).first()


def _move(version: CourseVersion, state: str) -> None:
    version.state = state
    version.save(update_fields=["state"])


def _log(
    kind: str, *, former: CourseVersion | None, to: CourseVersion | None, by_id: int, at: datetime, reason: str = ""
) -> None:
    version = to or former
    assert version is not None  # noqa: S101 - each step leaves one version or reaches one
    PublishLog.objects.create(
        kind=kind,
        course_id=version.course_id,
        from_version=former,
        to_version=to,
        by_id=by_id,
        reason=reason[:200],
        at=at,
    )


def former_of(version_id: int) -> int | None:
    """Return the version that this one replaced when it became current, if it can become current again; else None."""
    made = PublishLog.objects.filter(to_version_id=version_id, kind__in=[Kind.PUBLISH, Kind.UNDO]).order_by("-at", "-id").first()
    former = made.from_version_id if made else None
    return former if former and CourseVersion.objects.filter(pk=former, state=State.RETIRED).exists() else None


@transaction.atomic
def undo(*, version_id: int, by_id: int, reason: str, at: datetime) -> int:
    """Publish the version again that ``version_id`` replaced; also after a recall, whose version then stays recalled.

    :returns: the version that is current now
    :raises DomainError: ``reason_missing``; ``no_former``; ``incomplete`` where the old one's gates are not clean any more;
        ``wrong_state``; ``not_found``
    """
    words = worded(reason, "reason_missing", _("请写明原因，至少 4 个字。"), field="reason")
    version = _locked(version_id, State.PUBLISHED, State.RECALLED)
    course = Course.objects.select_for_update().get(pk=version.course_id)
    current = _current(course)
    former_id = former_of(version_id)
    if former_id is None or (current and current.pk != version_id):
        raise DomainError("no_former", _("没有可以恢复的上一版。请制作新版本后重新提交审核。"), status=409)
    former = _locked(former_id, State.RETIRED)
    _refuse_gaps(former, at)
    if version.state == State.PUBLISHED:
        _move(version, State.RETIRED)
    _move(former, State.PUBLISHED)
    _log(Kind.UNDO, former=version, to=former, by_id=by_id, at=at, reason=words)
    text = f"课程“{former.title}”已恢复为第 {former.number} 版。原因：{words}"
    notify(version_id=former.pk, kind=Notice.Kind.NEW_VERSION, text=text, at=at)
    return former.pk


@transaction.atomic
def retire(*, version_id: int, by_id: int, reason: str, at: datetime, news: str = Notice.Kind.RETIRED) -> None:
    """Take a published version away from new plans; learners who started it keep it, its enterprises are told.

    :param news: the kind of the notice, a value of `Notice.Kind`
    :raises DomainError: ``reason_missing``; ``wrong_state``; ``not_found``
    """
    words = worded(reason, "reason_missing", _("请写明原因，至少 4 个字。"), field="reason")
    version = _locked(version_id, State.PUBLISHED)
    _move(version, State.RETIRED)
    _log(Kind.RETIRE, former=version, to=None, by_id=by_id, at=at, reason=words)
    text = f"课程“{version.title}”已下架，不再用于新的培训计划，已开始的学习不受影响。原因：{words}"
    notify(version_id=version_id, kind=news, text=text, at=at)


@transaction.atomic
def recall(*, version_id: int, by_id: int, reason: str, at: datetime) -> None:
    """Take a version down at once, also from those who are learning it; tell its enterprises. After commit
    `signals.version_recalled` closes the open study sessions; keys are refused from the commit on.

    :raises DomainError: ``reason_missing``; ``wrong_state``; ``not_found``
    """
    words = worded(reason, "reason_missing", _("请写明原因，至少 4 个字。"), field="reason")
    version = _locked(version_id, State.PUBLISHED, State.RETIRED, State.HELD)
    _move(version, State.RECALLED)
    _log(Kind.RECALL, former=version, to=None, by_id=by_id, at=at, reason=words)
    text = f"课程“{version.title}”第 {version.number} 版已紧急召回，所有学习立即停止，已确认的学时保留。原因：{words}"
    notify(version_id=version_id, kind=Notice.Kind.RECALLED, text=text, at=at)
    transaction.on_commit(lambda: version_recalled.send(sender=CourseVersion, version_id=version_id))


@transaction.atomic
def hold(*, version_id: int, by_id: int, reason: str, at: datetime) -> None:
    """Hide a version while a report about it is looked into; tell its enterprises. Study stops as at a recall, hours stay.

    A retired one too: whoever has begun it learns from it still.

    :raises DomainError: ``reason_missing``; ``wrong_state``; ``not_found``
    """
    words = worded(reason, "reason_missing", _("请写明原因，至少 4 个字。"), field="reason")
    version = _locked(version_id, State.PUBLISHED, State.RETIRED)
    former, to = (version, None) if version.state == State.PUBLISHED else (None, version)
    _move(version, State.HELD)
    _log(Kind.HOLD, former=former, to=to, by_id=by_id, at=at, reason=words)
    text = f"课程“{version.title}”第 {version.number} 版暂停使用，核实后另行通知，已确认的学时保留。原因：{words}"
    notify(version_id=version_id, kind=Notice.Kind.HELD, text=text, at=at)
    transaction.on_commit(lambda: version_recalled.send(sender=CourseVersion, version_id=version_id))


@transaction.atomic
def release(*, version_id: int, by_id: int, reason: str, at: datetime) -> None:
    """Give a held version back as it was; where another one was published meanwhile, as a retired one.

    :raises DomainError: ``reason_missing``; ``wrong_state``; ``not_found``
    """
    words = worded(reason, "reason_missing", _("请写明原因，至少 4 个字。"), field="reason")
    version = _locked(version_id, State.HELD)
    course = Course.objects.select_for_update().get(pk=version.course_id)
    _move(version, State.RETIRED if _current(course) or _was_retired(version) else State.PUBLISHED)
    _log(Kind.RELEASE, former=None, to=version, by_id=by_id, at=at, reason=words)
    text = f"课程“{version.title}”第 {version.number} 版经核实恢复使用，可以继续学习。说明：{words}"
    notify(version_id=version_id, kind=Notice.Kind.RELEASED, text=text, at=at)


def _was_retired(version: CourseVersion) -> bool:
    """Whether a held version was not the current one any more when it was hidden: its hold reached it and took nothing away."""
    held = (
        PublishLog.objects.filter(Q(from_version=version) | Q(to_version=version), kind=Kind.HOLD).order_by("-at", "-id").first()
    )
    return held is not None and held.to_version_id == version.pk


def refuse_recalled(version_id: int) -> None:
    """Refuse to play a version that was taken down or is held. One query; for playlists, keys and new study sessions.

    :raises DomainError: 409 ``recalled`` or ``held``
    """
    rows = CourseVersion.objects.filter(pk=version_id, state__in=NOT_SHOWN)
    state = rows.values_list("state", flat=True).first()
    if state is not None:
        raise recalled() if state == State.RECALLED else held()


def held() -> DomainError:
    """Return the refusal of a version that is hidden while a report is looked into."""
    words = _("这门课程正在核实，暂停学习。已确认的学时保留，核实后会恢复，或由安全管理员安排新的课程。")
    return DomainError("held", words, status=409)


def recalled() -> DomainError:
    """Return the refusal of a version that was taken down."""
    words = _("这门课程已被召回，不能继续学习。已确认的学时保留，请等安全管理员安排新的课程。")
    return DomainError("recalled", words, status=409)


@transaction.atomic
def confirm_review(*, version_id: int, at: datetime) -> date:
    """Let a published version stay for another cycle and return the day of its next review.

    :raises DomainError: ``wrong_state``; ``not_found``
    """
    version = _locked(version_id, State.PUBLISHED)
    version.review_due_on = months_later(clock.shanghai_date(at), version.review_cycle_months)
    version.save(update_fields=["review_due_on"])
    return version.review_due_on


def due_for_review(*, until: date) -> list[tuple[int, date]]:
    """Return the published versions whose next review falls due by ``until``, with the day; earliest first."""
    rows = CourseVersion.objects.filter(state=State.PUBLISHED, review_due_on__lte=until).order_by("review_due_on", "pk")
    return [(pk, due) for pk, due in rows.values_list("pk", "review_due_on") if due is not None]
