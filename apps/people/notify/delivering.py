"""Sending what is due. Nothing is held in the database while the other side is asked.

Order of a try: claim and commit, send, write down. A worker that dies before sending loses nothing; one that dies between sending and
writing down leaves the message to be sent once more, and at most once (``claiming.claim``).
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from apps.people import sealing
from apps.people.models import Delivery, Learner, Notice
from apps.people.notify import choosing, claiming, kinds, rules, words
from apps.people.notify.port import ring_after_commit
from apps.people.ports import MAILER, ROBOTS, NotSent, RobotKey
from infra.kit.errors import DomainError
from tenants import limits
from tenants.api import current_site
from tenants.errors import TooMany
from tenants.ports import SMS

log = logging.getLogger(__name__)
MOST = 50
_DOWN_IN_A_ROW = 3
"""Unanswered tries after which a run ends: the others wait for the schedule, and the worker is free for other work."""
ROBOT_RATE = "18/minute"
"""Both vendors take 20 messages a minute from one robot; beyond that DingTalk closes it for ten minutes."""
ROBOT_TOKEN, ROBOT_SECRET = "robot-token", "robot-secret"


class Postponed(Exception):
    """Not tried: a limit of ours is used up until a moment."""

    def __init__(self, code: str, until: datetime) -> None:
        super().__init__(code)
        self.code, self.until = code, until


def deliver(*, at: datetime, most: int = MOST) -> int:
    """Try what is due, at most ``most`` messages; returns how many were tried."""
    silent = 0
    for done in range(most):
        if silent >= _DOWN_IN_A_ROW or not (rows := claiming.claim(at=at)):
            return done
        silent = silent + 1 if _try(rows, at).endswith("_down") else 0
    return most


def _try(rows: list[Delivery], at: datetime) -> str:
    """Try one message; returns the code of what kept it back, or ""."""
    channel = rows[0].channel
    try:
        _send(rows, at)
    except NotSent as refusal:
        log.info("notice not sent: %s %s, try %d", channel, refusal.code, rows[0].tries)
        claiming.failed(rows, code=refusal.code, again=refusal.again, at=at, after_s=refusal.after_s)
        return refusal.code
    except Postponed as later:
        claiming.postponed(rows, code=later.code, until=later.until)
        return later.code
    claiming.sent(rows, at=at)
    return ""


def _send(rows: list[Delivery], at: datetime) -> None:
    """Send one message for all rows.

    :raises NotSent: it was not taken
    :raises Postponed: it may not be tried now
    """
    told = [row.notice for row in rows if kinds.known(row.notice.kind)]
    if not told:
        raise NotSent("stale", again=False)
    if rows[0].channel == Delivery.Channel.ROBOT:
        _post(rows[0], words.message(told, for_group=True), at)
        return
    message = words.message(told)
    if rows[0].channel == Delivery.Channel.SMS:
        _text(told[0], message.as_sms, at)
    else:
        mail = mail_of(told[0])
        MAILER.get().send(to=mail, subject=f"{message.title} - {current_site().name}", text=message.as_mail)


def _text(row: Notice, text: str, at: datetime) -> None:
    mobile = mobile_of(row)
    if not SMS.is_filled:
        raise NotSent("not_configured", again=False)
    if not claiming.may_spend(rules.sms_parts(text), at=at):
        raise Postponed("budget", claiming.tomorrow(at))
    try:
        SMS.get().send_text(mobile=mobile, text=text)
    except DomainError as error:
        raise NotSent("sms_down", again=True) from error


def _post(row: Delivery, message: words.Message, at: datetime) -> None:
    robot = row.robot
    if robot is None or not robot.is_on:
        raise NotSent("robot_off", again=False)
    try:
        limits.spend(ROBOT_RATE, "robot", current_site().schema_name, str(robot.pk))
    except TooMany as wait:
        raise Postponed("robot_busy", at + timedelta(seconds=int(wait.details["retry_after_s"]))) from wait
    except DomainError as error:
        raise NotSent("robot_down", again=True) from error
    secret = sealing.unseal(robot.secret_sealed, ROBOT_SECRET) if robot.secret_sealed else ""
    key = RobotKey(robot.vendor, sealing.unseal(robot.token_sealed, ROBOT_TOKEN), secret)
    ROBOTS.get().post(key, title=message.title, text=message.text, url=message.url)


def mobile_of(row: Notice) -> str:
    """Return the recipient's number as it is now.

    :raises NotSent: ``off_books``, ``no_address``
    """
    if row.learner is not None:
        return _mobile(row.learner)
    manager = row.manager
    assert manager is not None  # noqa: S101 - the database lets no notice without a recipient in
    if manager.left_at is not None:
        raise NotSent("off_books", again=False)
    learner = Learner.objects.filter(credential_id=manager.credential_id, status=Learner.Status.ACTIVE).first()
    if learner is not None:
        return _mobile(learner)
    sealed = choosing.choice_of(manager.credential_id).mobile_sealed
    if not sealed:
        raise NotSent("no_address", again=False)
    return sealing.unseal(sealed, choosing.MOBILE)


def _mobile(learner: Learner) -> str:
    if not learner.is_active:
        raise NotSent("off_books", again=False)
    return sealing.unseal(learner.mobile_sealed, sealing.MOBILE)


def mail_of(row: Notice) -> str:
    """Return the recipient's mail address as it is now.

    :raises NotSent: ``off_books``, ``no_address``
    """
    person = row.learner or row.manager
    assert person is not None  # noqa: S101 - as above
    if not (row.learner.is_active if row.learner else row.manager and row.manager.left_at is None):
        raise NotSent("off_books", again=False)
    sealed = choosing.choice_of(person.credential_id).mail_sealed if person.credential_id else b""
    if not sealed:
        raise NotSent("no_address", again=False)
    return sealing.unseal(sealed, choosing.MAIL)


def has_due(*, at: datetime) -> bool:
    """Return whether something waits for a worker in this enterprise: two small queries."""
    return claiming.due(at).exists() or Notice.objects.filter(planned_at=None).exists()


@transaction.atomic
def resend(*, delivery_ids: list[int], at: datetime) -> int:
    """Try given-up or failed deliveries again now, with all tries before them; sent ones stay sent. Returns how many."""
    rows = Delivery.objects.filter(pk__in=delivery_ids, state__in=[Delivery.State.GIVEN_UP, Delivery.State.FAILED])
    ring_after_commit()
    return rows.update(state=Delivery.State.WAITING, tries=0, lost=0, next_at=at, at=at, code="")
