"""The rest after five wrong passwords: how long it lasts, and how a manager ends it. Counts live in Valkey, never in the row."""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.people import history
from apps.people.models import Change, Learner
from infra.kit.errors import DomainError
from tenants import limits
from tenants.api import require
from tenants.errors import TooMany

FAILURES = "5/15 minutes"
"""Wrong passwords for one login before it rests (GB/T 22239 8.1.4.1 b)."""
PER_ADDRESS = "100/15 minutes"
"""Tries from one address by password, directory and other systems together. Codes are tried as often as they are sent
(`tenants.codes.PER_WORKSHOP`): each bears five tries."""


class Locked(DomainError):
    """Five wrong passwords in a row: the password rests, the code does not. Unknown logins rest alike."""

    def __init__(self, seconds: int) -> None:
        words = _("密码连续输错 5 次，已暂停密码登录，还要 %(minutes)d 分钟。现在就要登录，请改用短信验证码。")
        super().__init__("locked", words % {"minutes": -(-seconds // 60)}, status=429, retry_after_s=seconds)


def spend_or_lock(who: str) -> None:
    """Count one try for a login.

    :param who: its blind index
    :raises Locked: it rests
    """
    try:
        limits.spend(FAILURES, "sign-in", require().schema, who, _round(who))
    except TooMany as error:
        raise Locked(error.details["retry_after_s"]) from error


def rests_s(who: str) -> int:
    """Return for how many seconds a login rests yet; 0 where a password may be tried."""
    return limits.waits(FAILURES, "sign-in", require().schema, who, _round(who))


def forget(who: str) -> None:
    """Begin a new count: who came in by another way, or was let in by a manager, has all tries again."""
    key = f"sign-in-round:{who}"
    cache.add(key, 0, 3600)
    cache.incr(key)


def lift(*, learner: Learner, by: int, at: datetime) -> bool:
    """End the rest of a learner's login; False where there is none. Written into the history.

    :param by: id of the manager
    """
    if learner.credential is None or not rests_s(learner.credential.login_key):
        return False
    with transaction.atomic():
        history.note(
            Change.Kind.LEARNER, learner.uuid, name=learner.name, action="unlocked",
            before={"sign_in": "locked"}, after={"sign_in": "open"}, by=by, at=at,
        )  # fmt: skip
    forget(learner.credential.login_key)
    return True


def _round(who: str) -> str:
    """Return the number of the present count of failures; signing in begins a new one."""
    return str(cache.get(f"sign-in-round:{who}", 0))
