"""Reads of the manager's pages: the tries of a plan, and what happened in one of them step by step."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.exams.marking.newest import annotated
from apps.exams.sitting import queries, rules
from apps.exams.sitting.models import Attempt, AttemptStep
from apps.people import api as people
from infra.kit import clock

Kind = AttemptStep.Kind
DOUBTS = (Kind.CHECK_FAILED, Kind.CHECK_MISSED, Kind.CHECK_PENDING)
"""Steps that a manager should look at."""
SORTS: dict[str, tuple[Any, ...]] = {
    "name": ("learner__name", "number"),
    "-name": ("-learner__name", "number"),
    "score": (F("result_score").asc(nulls_first=True), "id"),
    "-score": (F("result_score").desc(nulls_last=True), "id"),
    "started": ("started_at", "id"),
    "-started": ("-started_at", "-id"),
    "leaves": ("leaves", "id"),
    "-leaves": ("-leaves", "-id"),
}
STATES = {
    "OPEN": Q(submitted_at__isnull=True),
    "MARKING": Q(submitted_at__isnull=False, score__isnull=True),
    "PASSED": Q(result_passed=True),
    "FAILED": Q(result_passed=False),
}


def attempts(plan_id: int, *, text: str = "", state: str = "", sort: str = "", within: people.Units = None) -> QuerySet[Any]:
    """Return the tries at a plan's exam, without their papers; ``is_doubtful``, ``is_moved`` (more than one device) beside each.

    :param state: ``OPEN``, ``MARKING``, ``PASSED``, ``FAILED``, ``DOUBT`` (a check failed, waits or was missed; or left too often) or ""
    """
    steps = AttemptStep.objects.filter(attempt=OuterRef("pk"))
    rows = annotated(Attempt.objects.filter(people.belongs(within, "learner"), assignment__plan=plan_id))
    rows = rows.defer("paper", "answers", "points").select_related("learner__unit")
    rows = rows.annotate(
        has_doubt=Exists(steps.filter(kind__in=DOUBTS)),
        is_moved=Exists(steps.filter(kind=Kind.TERMINAL)),
    )
    for word in text.split():
        rows = rows.filter(Q(learner__name__icontains=word) | Q(learner__unit__name__icontains=word))
    if state == "DOUBT":
        rows = rows.alias(limit=Coalesce(Cast(KT("policy__leave_limit"), IntegerField()), 0))
        rows = rows.filter(Q(has_doubt=True) | Q(limit__gt=0, leaves__gt=F("limit")))
    elif state in STATES:
        rows = rows.filter(STATES[state])
    found: QuerySet[Any] = rows.order_by(*SORTS.get(sort, SORTS["-started"]))
    return found


def is_doubtful(row: Attempt) -> bool:
    """Say whether a row of `attempts` wants a look."""
    limit = int(row.policy.get("leave_limit") or 0)
    return bool(row.has_doubt) or 0 < limit < row.leaves  # type: ignore[attr-defined]


def took(row: Attempt) -> timedelta | None:
    """Return how long a try lasted, None while it is open."""
    return None if row.submitted_at is None else row.submitted_at - row.started_at


def one(uuid: UUID, *, within: people.Units) -> Any:
    """Return one try with ``result_score`` and ``result_passed`` as they are now.

    :raises DomainError: ``not_found`` (404), also for somebody outside the units
    """
    rows = annotated(Attempt.objects.filter(people.belongs(within, "learner"), uuid=uuid))
    row = rows.select_related("assignment__plan").first()
    if row is None:
        raise queries.not_found()
    return row


def timeline(row: Attempt) -> list[dict[str, Any]]:
    """Return what happened in a try, oldest first, as the component ``timeline`` draws it; in one query."""
    devices: dict[str, int] = {}
    found = []
    for step in AttemptStep.objects.filter(attempt=row).order_by("id"):
        if step.terminal:
            devices.setdefault(step.terminal, len(devices) + 1)
        tone, icon = _LOOKS.get(step.kind, ("neutral", "point"))
        found.append({"at": step.at, "tone": tone, "icon": icon, "title": _title(step), "text": _text(step, devices), "url": ""})
    return found


_LOOKS: dict[str, tuple[str, str]] = {
    Kind.STARTED: ("info", "player-play"),
    Kind.OPENED: ("neutral", "file-text"),
    Kind.TERMINAL: ("attention", "devices"),
    Kind.ANSWERED: ("neutral", "pencil"),
    Kind.LEFT: ("attention", "door-exit"),
    Kind.RETURNED: ("neutral", "door-enter"),
    Kind.CHECK_ASKED: ("info", "user-scan"),
    Kind.CHECK_PASSED: ("proven", "user-check"),
    Kind.CHECK_FAILED: ("stop", "user-x"),
    Kind.CHECK_PENDING: ("attention", "hourglass"),
    Kind.CHECK_MISSED: ("stop", "user-question"),
    Kind.SUBMITTED: ("info", "send"),
    Kind.SETTLED: ("proven", "circle-check"),
}


def _title(step: AttemptStep) -> str:
    label = str(Kind(step.kind).label)
    if step.kind != Kind.ANSWERED:
        return label
    return _("第 %(no)s 题：%(what)s") % {"no": step.no, "what": "、".join(step.response or []) or _("清空")}


def _text(step: AttemptStep, devices: dict[str, int]) -> str:
    facts, words = step.facts, [f"{step.at.astimezone(clock.SHANGHAI):%H:%M:%S}"]
    if step.kind in {Kind.OPENED, Kind.TERMINAL}:
        words.append(_("第 %(n)s 次打开") % {"n": facts.get("page", 1)})
    if step.kind in {Kind.STARTED, Kind.OPENED, Kind.TERMINAL} and step.terminal:
        words.append(_("设备 %(n)s") % {"n": devices[step.terminal]})
    if step.kind == Kind.LEFT:
        words.append(ngettext("累计 %(n)s 次", "累计 %(n)s 次", facts.get("leaves", 0)) % {"n": facts.get("leaves", 0)})
    if "method" in facts:
        words.append({"face": _("人脸识别"), "code": _("短信验证码")}.get(facts["method"], ""))
    if facts.get("why") == "not_sent":
        words.append(_("短信没有发出，考试照常进行"))
    if step.kind == Kind.SUBMITTED:
        words.append(str(Attempt.By(facts["by"]).label))
        words.append(_("答了 %(n)s / %(of)s 题") % {"n": facts.get("answered", 0), "of": facts.get("of", 0)})
    if step.kind == Kind.SETTLED:
        words.append(_("%(n)s 分") % {"n": facts.get("score", 0)})
    if step.seq and rules.page_of(step.seq) and step.kind == Kind.ANSWERED and len(devices) > 1:
        words.append(_("设备 %(n)s") % {"n": devices[step.terminal]} if step.terminal else "")
    return " · ".join(word for word in words if word)
