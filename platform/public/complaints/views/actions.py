"""What can be done with a complaint at the desk: each with its form, when it is offered and what it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from public.appeals import api as appeals
from public.complaints import access, content, deciding, extending, handling, linking, promises
from public.complaints import forms as asked
from public.complaints.diary import Desk
from public.complaints.models import AccessGrant, Complaint
from public.complaints.queries import Detail
from public.operators import api as operators

Handler = Callable[[UUID, Mapping[str, Any], Desk], object]
State = Complaint.State
_BEING_DONE = {State.OPEN, State.WAITING}
_RUNNING = {State.FILED, State.OPEN, State.WAITING}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. ``main``: it stands open at the top; others are folded. ``confirm``: asked before it is sent."""

    name: str
    title: Any
    icon: str
    submit: Any
    form: type[forms.Form]
    offered: Callable[[Detail, operators.Me], bool]
    handle: Handler
    main: bool = False
    kind: str = "primary"
    confirm: Any = ""
    more: Callable[[Detail], dict[str, Any]] = lambda _found: {}


@dataclass(frozen=True, slots=True)
class Offered:
    """An action with its form, bound where it was refused."""

    action: Action
    form: forms.Form


def _state(*states: str) -> Callable[[Detail, operators.Me], bool]:
    return lambda found, _me: found.line.row.state in states


def _may_extend(found: Detail, _me: operators.Me) -> bool:
    row = found.line.row
    return row.state in _BEING_DONE and bool(row.promise.extend_days) and not row.extension


def _may_consent(found: Detail, me: operators.Me) -> bool:
    row = found.line.row
    return row.state in _BEING_DONE and row.extension == Complaint.Extension.ASKED and row.extension_by != me.credential_id


def _may_hide(found: Detail, _me: operators.Me) -> bool:
    row = found.line.row
    return row.state in _BEING_DONE and row.version_id is not None and row.held_at is None


def _may_link_appeal(found: Detail, _me: operators.Me) -> bool:
    row = found.line.row
    return row.state in _RUNNING and bool(row.schema_name) and not row.about and bool(appeals.open_cases(row.schema_name))


def _may_access(found: Detail, _me: operators.Me) -> bool:
    row = found.line.row
    now = clock.now()
    is_open = any(one.state == AccessGrant.State.ASKED or one.holds(now) for one in found.grants)
    return row.state in _BEING_DONE and bool(row.schema_name) and not is_open and access.names_somebody(row)


def _hiding(found: Detail) -> dict[str, Any]:
    holding = promises.holding(clock.shanghai_date(clock.now()))
    return {"hiding": {one.category for one in holding if one.hides_first}, "was_to_hide": found.line.row.promise.hides_first}


ACTIONS = (
    Action(
        "accept", _("受理"), "inbox", _("受理并答复"), asked.AcceptForm, _state(State.FILED),
        lambda uuid, got, desk: handling.accept(complaint=uuid, **got, desk=desk), main=True, more=_hiding,
    ),
    Action(
        "consent", _("延期申请"), "clock-check", _("提交决定"), asked.ConsentForm, _may_consent,
        lambda uuid, got, desk: extending.decide(complaint=uuid, grant=got["decision"] == "grant", desk=desk), main=True,
    ),
    Action(
        "go_on", _("继续处理"), "player-play", _("不再等待，继续处理"), asked.GoOnForm, _state(State.WAITING),
        lambda uuid, got, desk: handling.go_on(complaint=uuid, **got, desk=desk), kind="secondary",
    ),
    Action(
        "decide", _("办结"), "circle-check", _("办结"), asked.DecideForm, _state(State.OPEN, State.WAITING),
        lambda uuid, got, desk: deciding.decide(
            complaint=uuid, outcome=got["outcome"], reason=got["reason"], choice=got.get("content", ""), desk=desk
        ),
        main=True, confirm=_("办结后投诉人会收到结果，确定吗？"), more=lambda found: {"is_held": found.line.row.held_at is not None},
    ),
    Action(
        "ask", _("请投诉人补充"), "message-question", _("发给投诉人"), asked.AskForm, _state(State.OPEN),
        lambda uuid, got, desk: handling.ask(complaint=uuid, **got, desk=desk), kind="secondary",
    ),
    Action(
        "extend", _("申请延期"), "clock-plus", _("提交申请"), asked.ExtendForm, _may_extend,
        lambda uuid, got, desk: extending.ask(complaint=uuid, **got, desk=desk), kind="secondary",
    ),
    Action(
        "hide", _("隐藏课程"), "eye-off", _("立即隐藏"), asked.EmptyForm, _may_hide,
        lambda uuid, _got, desk: content.hide(complaint=uuid, desk=desk), kind="danger",
        confirm=_("正在学这门课的学员会立即停止学习，确定吗？"),
    ),
    Action(
        "course", _("关联课程"), "book", _("关联"), asked.CourseForm,
        lambda found, _me: found.line.row.state in _RUNNING and found.line.row.held_at is None,
        lambda uuid, got, desk: content.link_course(complaint=uuid, code=got["course"], desk=desk), kind="secondary",
    ),
    Action(
        "company", _("关联企业"), "building", _("关联"), asked.CompanyForm,
        lambda found, _me: found.line.row.state in _RUNNING and not found.line.row.schema_name,
        lambda uuid, got, desk: linking.link_enterprise(complaint=uuid, **got, desk=desk), kind="secondary",
    ),
    Action(
        "appeal", _("关联学时申诉"), "scale", _("关联"), asked.AppealForm, _may_link_appeal,
        lambda uuid, got, desk: linking.link_appeal(complaint=uuid, case=UUID(got["case"]), desk=desk), kind="secondary",
        more=lambda found: {"cases": appeals.open_cases(found.line.row.schema_name)},
    ),
    Action(
        "access", _("调阅学员记录"), "file-search", _("提交申请"), asked.AccessForm, _may_access,
        lambda uuid, got, desk: access.ask(complaint=uuid, **got, desk=desk), kind="secondary",
    ),
    Action(
        "assign", _("指派"), "user-share", _("指派"), asked.AssignForm, _state(*_RUNNING),
        lambda uuid, got, desk: handling.assign(complaint=uuid, **got, desk=desk), kind="secondary",
        more=lambda found: {"people": sorted(found.names.items())},
    ),
    Action(
        "note", _("内部备注"), "note", _("保存备注"), asked.NoteForm, lambda _found, _me: True,
        lambda uuid, got, desk: handling.note(complaint=uuid, **got, desk=desk), kind="secondary",
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in ACTIONS}


def form_of(action: Action, found: Detail, data: Any = None) -> forms.Form:
    """Return an action's form; its fields bear the action's name, for several stand on one page."""
    initial = {"category": found.line.row.category} if action.name == "accept" else {}
    return action.form(data, prefix=action.name, initial=initial, **action.more(found))


def offered(found: Detail, me: operators.Me, bound: forms.Form | None = None) -> list[Offered]:
    """Return what this operator may do with a complaint now.

    :param bound: a form that was refused; it takes the place of its fresh one, and is there even where a colleague was quicker: what
        was typed and why it was refused must not go
    """
    refused = bound.prefix if bound is not None else None
    chosen = [one for one in ACTIONS if one.name == refused or one.offered(found, me)]
    return [Offered(one, bound if bound is not None and bound.prefix == one.name else form_of(one, found)) for one in chosen]
