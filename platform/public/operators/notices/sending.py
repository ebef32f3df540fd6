"""The outbox of mail to operators: what was told within a transaction leaves with the schedule. A server that is down loses nothing."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from public.operators.models import Operator
from public.operators.notices import addresses
from public.operators.notices.models import OperatorNotice
from public.operators.notices.telling import Words, spoken
from tenants.errors import Unavailable
from tenants.ports import MAIL

log = logging.getLogger("anxue.operators")
Mail = OperatorNotice.Mail
_A_ROUND = 200


def send_waiting(*, at: datetime) -> int:
    """Send what waits, at most 200 a round; returns how many went out. Where the server is silent all of it waits for the next round.

    :raises ExceptionGroup: where some failed for another reason, after all the others went out; the next round tries them again
    """
    sent, failed = 0, list[Exception]()
    for pk in list(OperatorNotice.objects.filter(mail=Mail.WAITING).order_by("id").values_list("pk", flat=True)[:_A_ROUND]):
        try:
            sent += _send(pk, at)
        except Unavailable:
            log.warning("mail to operators waits: the server does not answer")
            break
        except Exception as error:
            log.error("the mail of notice %s failed (%s)", pk, type(error).__name__)
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} mails to operators failed, {sent} went out", failed)
    return sent


@transaction.atomic
def _send(pk: int, at: datetime) -> int:
    """Send one; the lock lets no second round send it at the same time, and what was settled is never tried again."""
    row = OperatorNotice.objects.select_for_update(skip_locked=True).filter(pk=pk, mail=Mail.WAITING).first()
    if row is None:
        return 0
    row.mail = _outcome(row)
    row.mailed_at = at if row.mail == Mail.SENT else None
    row.save(update_fields=["mail", "mailed_at"])
    return int(row.mail == Mail.SENT)


def _outcome(row: OperatorNotice) -> str:
    """Hand one mail over and say what became of it.

    :raises Unavailable: the server does not answer
    """
    is_there = Operator.objects.filter(credential_id=row.credential_id, credential__is_active=True).exists()
    kind = spoken(row)
    if not is_there or not kind.is_due(row.facts):
        return Mail.MOOT
    to = addresses.address_of(row.credential_id)
    if not to:
        return Mail.NO_ADDRESS
    with override("zh-hans"):
        words = kind.words(row.facts)
        went = MAIL.get().send(to=to, subject=_("安学平台：%(title)s") % {"title": words.title}, text=_letter(words))
    return Mail.SENT if went else Mail.FAILED


def _letter(words: Words) -> str:
    """No link: whoever gets a false one of these shall not be led to a false desk."""
    step = _("请登录安学平台工作台，打开“%(step)s”。") % {"step": words.step}
    return f"{words.text}\n\n{step}\n"
