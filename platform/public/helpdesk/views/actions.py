"""What can be done with a ticket at the desk: each with its form, when it is offered and what it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from public.helpdesk import canned, handling
from public.helpdesk import forms as asked
from public.helpdesk.diary import Desk
from public.helpdesk.locking import RUNNING, State
from public.helpdesk.queries import Detail

Handler = Callable[[UUID, Mapping[str, Any], Desk], object]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. ``main``: it stands open at the top; others are folded."""

    name: str
    title: Any
    icon: str
    submit: Any
    form: type[forms.Form]
    states: tuple[str, ...]
    handle: Handler
    main: bool = False
    more: Callable[[Detail], dict[str, Any]] = lambda _found: {}


@dataclass(frozen=True, slots=True)
class Offered:
    """An action with its form, bound where it was refused."""

    action: Action
    form: forms.Form


ACTIONS = (
    Action(
        "answer", _("答复"), "message-2", _("发出答复"), asked.AnswerForm, RUNNING,
        lambda uuid, got, desk: handling.answer(ticket=uuid, **got, desk=desk), main=True,
        more=lambda _found: {"canned": [(one.pk, one.title) for one in canned.ready()]},
    ),
    Action(
        "note", _("内部备注"), "note", _("保存备注"), asked.NoteForm, tuple(State.values),
        lambda uuid, got, desk: handling.note(ticket=uuid, **got, desk=desk),
    ),
    Action(
        "merge", _("合并重复求助"), "arrow-merge", _("合并"), asked.MergeForm, RUNNING,
        lambda uuid, got, desk: handling.merge(ticket=uuid, **got, desk=desk),
    ),
    Action(
        "urgency", _("改紧急程度"), "urgent", _("修改"), asked.UrgencyForm, (State.NEW, State.OPEN),
        lambda uuid, got, desk: handling.set_urgency(ticket=uuid, **got, desk=desk),
    ),
    Action(
        "assign", _("指派"), "user-share", _("指派"), asked.AssignForm, RUNNING,
        lambda uuid, got, desk: handling.assign(ticket=uuid, **got, desk=desk),
        more=lambda found: {"people": sorted(found.names.items())},
    ),
)  # fmt: skip
BY_NAME = {one.name: one for one in ACTIONS}


def form_of(action: Action, found: Detail, data: Any = None) -> forms.Form:
    """Return an action's form; its fields bear the action's name, for several stand on one page."""
    initial = {"urgency": found.line.row.urgency} if action.name == "urgency" else None
    return action.form(data, prefix=action.name, initial=initial, **action.more(found))


def offered(found: Detail, bound: forms.Form | None = None) -> list[Offered]:
    """Return what may be done with a ticket now.

    :param bound: a form that was refused; it takes the place of its fresh one, and is there even where a colleague was quicker: what
        was typed and why it was refused must not go
    """
    refused = bound.prefix if bound is not None else None
    chosen = [one for one in ACTIONS if one.name == refused or found.line.row.state in one.states]
    return [Offered(one, bound if bound is not None and bound.prefix == one.name else form_of(one, found)) for one in chosen]
