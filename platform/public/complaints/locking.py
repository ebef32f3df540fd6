"""Takes one complaint for a change, or refuses in words."""

from functools import partial
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.texts import worded
from public.complaints.models import Complaint

State = Complaint.State
RUNNING = (State.FILED, State.OPEN, State.WAITING)
words = partial(worded, code="reason_missing")


def held(uuid: UUID, *states: str) -> Complaint:
    """Return the row, locked until the transaction ends, if it is in one of ``states`` (any, where none is named).

    :raises DomainError: 404 ``not_found``; 409 ``wrong_state``
    """
    row = Complaint.objects.select_for_update(of=("self",)).select_related("promise").filter(uuid=uuid).first()
    if row is None:
        raise not_found()
    if states and row.state not in states:
        words = _("投诉现在的状态（%(state)s）不能这样处理，可能刚刚有人处理过。请刷新页面。")
        raise DomainError("wrong_state", words % {"state": row.get_state_display()}, status=409, state=row.state)
    return row


def not_found() -> DomainError:
    """Return the refusal for a complaint that is not there."""
    return DomainError("not_found", _("没有找到这件投诉，请从列表重新进入。"), status=404)
