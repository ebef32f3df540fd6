"""Writes steps of a ticket, and what operators do into the platform's audit log (never into an enterprise's, and no words of a ticket)."""

from django.utils.translation import gettext_lazy as _

from public.helpdesk.models import Step
from public.operators.api import SYSTEM, Desk, Role, Story, log

__all__ = ["ASKER", "SYSTEM", "Desk", "Kind", "by_asker", "by_desk", "by_system", "log", "require_desk"]

Kind = Step.Kind
ASKER = "asker"
_STORY = Story(Step, case="ticket", room="help", outsider=ASKER, most=4000)
by_desk, by_asker, by_system = _STORY.by_desk, _STORY.by_outsider, _STORY.by_system


def require_desk(desk: Desk) -> None:
    """Refuse everybody but operations.

    :raises DomainError: 403 ``forbidden``
    """
    desk.require(Role.OPERATIONS, _("只有平台运营可以处理求助。"))
