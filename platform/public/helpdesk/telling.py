"""Telling askers: left on the row within the transaction, sent by the schedule; a vendor that is down loses nothing.

Who asked on an enterprise's site gets a notice there; strangers who left a mobile number a text message. Neither holds words of the case.
"""

import logging

from django.db import transaction

from infra.kit import clock
from public.helpdesk import sealing
from public.helpdesk.models import Ticket
from public.helpdesk.ports import PEOPLE
from tenants.api import enterprise_scope, site_by_schema
from tenants.errors import Unavailable
from tenants.ports import SMS

log = logging.getLogger("anxue.helpdesk")
ANSWERED, ASKED, SOLVED = "ANSWERED", "ASKED", "SOLVED"
_A_ROUND = 200
_SAID = {ANSWERED: "有了答复", ASKED: "需要您补充说明", SOLVED: "已解决，请查看并评价"}
"""Chinese always: the vendor's templates are."""


def leave(row: Ticket, what: str) -> None:
    """Leave a message for the next round; part of the caller's transaction. Nothing for whoever can be reached by neither way."""
    if row.asker or row.contact_sealed is not None:
        row.tell = what
        row.save(update_fields=["tell"])


def send_waiting() -> int:
    """Send what was left, at most 200 a round; returns how many went out. A message may go out twice, never not at all.

    :raises ExceptionGroup: where some failed, after all the others went out; the next round tries them again
    """
    sent, is_silent, failed = 0, False, list[Exception]()
    for pk in list(Ticket.objects.exclude(tell="").order_by("filed_at").values_list("pk", flat=True)[:_A_ROUND]):
        try:
            sent += _send(pk, is_silent=is_silent)
        except Unavailable:
            log.warning("text messages to askers wait: the vendor does not answer")
            is_silent = True
        except Exception as error:
            log.error("a message to the asker of row %s failed (%s)", pk, type(error).__name__)
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} messages to askers failed, {sent} went out", failed)
    return sent


@transaction.atomic
def _send(pk: int, *, is_silent: bool) -> int:
    row = Ticket.objects.select_for_update(skip_locked=True).filter(pk=pk).exclude(tell="").first()
    if row is None or (is_silent and not row.asker):
        return 0
    went = _notify(row) if row.asker else _text(row)
    row.tell = ""
    row.save(update_fields=["tell"])
    return int(went)


def _notify(row: Ticket) -> bool:
    site = site_by_schema(row.schema_name)
    if site is None:
        return False
    turn = row.steps.filter(is_shown=True).count()
    with enterprise_scope(site):
        PEOPLE.get().tell(asker=row.asker, ticket=row.uuid, number=row.number, what=row.tell, turn=turn, at=clock.now())
    return True


def _text(row: Ticket) -> bool:
    mobile = sealing.contact_of(row).mobile
    if not mobile:
        return False
    SMS.get().send_text(mobile=mobile, text=f"您的提问{row.number}{_SAID[row.tell]}。请在安学平台“帮助”页面凭编号和查询码查看。")
    return True
