"""Messages to complainants who left a mobile number or a mail address: left on the row within the transaction, sent by the schedule.

A vendor that is down loses nothing; a newer message takes the place of one that has not gone out. No message holds words of the case.
"""

import logging

from django.db import transaction

from infra.kit import clock
from public.complaints import sealing
from public.complaints.models import Complaint
from tenants.errors import Unavailable
from tenants.ports import MAIL, SMS

log = logging.getLogger("anxue.complaints")
ACCEPTED, ASKED, EXTENDED, DECIDED = "ACCEPTED", "ASKED", "EXTENDED", "DECIDED"
_A_ROUND = 200
_PHONE, _MAIL = "phone", "mail"


class _Silent(Exception):
    """A vendor does not answer; ``args[0]`` says which way."""


def leave(row: Complaint, what: str) -> None:
    """Leave a message for the next round; part of the caller's transaction. Nothing for whoever left no contact."""
    if row.contact_sealed is not None:
        row.tell = what
        row.save(update_fields=["tell"])


def send_waiting() -> int:
    """Send what was left, at most 200 a round; returns how many went out. A message may go out twice, never not at all.

    Where one way is down, what goes by it waits, and what goes by the other goes on.

    :raises ExceptionGroup: where some failed for another reason, after all the others went out; the next round tries them again
    """
    sent, down, failed = 0, set[str](), list[Exception]()
    for pk in list(Complaint.objects.exclude(tell="").order_by("filed_at").values_list("pk", flat=True)[:_A_ROUND]):
        try:
            sent += _send(pk, down)
        except _Silent as silent:
            log.warning("messages to complainants wait: %s does not answer", silent)
            down.add(str(silent))
        except Exception as error:
            log.error("a message to the complainant of row %s failed (%s)", pk, type(error).__name__)
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} messages to complainants failed, {sent} went out", failed)
    return sent


@transaction.atomic
def _send(pk: int, down: set[str]) -> int:
    row = Complaint.objects.select_for_update(skip_locked=True).filter(pk=pk).exclude(tell="").first()
    if row is None:
        return 0
    contact = sealing.contact_of(row)
    way = _PHONE if contact.mobile else _MAIL if contact.mail else ""
    if way in down:
        return 0
    try:
        went = _hand_over(way, contact.mobile, contact.mail, row)
    except Unavailable as error:
        raise _Silent(way) from error
    row.tell = ""
    row.save(update_fields=["tell"])
    return int(went)


def _hand_over(way: str, mobile: str, mail: str, row: Complaint) -> bool:
    if way == _PHONE:
        SMS.get().send_text(mobile=mobile, text=_text(row))
        return True
    return way == _MAIL and MAIL.get().send(to=mail, subject=f"投诉 {row.number}", text=_text(row))


def _text(row: Complaint) -> str:
    """Chinese always: the vendor's templates are."""
    due = f"{row.due_at.astimezone(clock.SHANGHAI):%m月%d日%H:%M}"
    said = {
        ACCEPTED: f"已受理，将在{due}前办结。",
        ASKED: "需要您补充说明，补充前办理时限暂停。",
        EXTENDED: f"办理时限已延长到{due}。",
        DECIDED: "已办结，请查看结果并评价。",
    }
    return f"您的投诉{row.number}{said[row.tell]}请在监督投诉页面凭编号和查询码查看。"
