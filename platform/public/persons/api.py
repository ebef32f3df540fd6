"""Front door: the study lease and the day's allowance of a natural person, over all enterprises.

Each function is a thin wrapper over one function of the database (`migrations/`), callable from within an
enterprise. ``person_key`` is the blind index of the resident ID (64 hex digits).
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError

__all__ = ["day_used", "debit_day", "give_back", "holds_lease", "lock_day", "release_lease", "take_lease"]


def take_lease(*, person_key: str, session: UUID, at: datetime) -> UUID | None:
    """Give the person's lease to ``session`` and return the session that lost it, of whichever enterprise (clause 二.3)."""
    former: UUID | None = _call("person_take_lease(%s, %s, %s)", person_key, session, at)
    return former


def holds_lease(*, person_key: str, session: UUID) -> bool:
    """Say whether ``session`` is the one study session that the person has open."""
    return bool(_call("person_holds_lease(%s, %s)", person_key, session))


def release_lease(*, person_key: str, session: UUID) -> None:
    """Give the lease back; nothing happens where another session took it meanwhile."""
    _call("person_release_lease(%s, %s)", person_key, session)


def day_used(*, person_key: str, day: date) -> int:
    """Return the milliseconds used of the person's day (a date in Asia/Shanghai) as of now; for showing, never for paying."""
    return int(_call("person_day_used(%s, %s)", person_key, day))


def lock_day(*, person_key: str, day: date) -> int:
    """Lock the person's day (a date in Asia/Shanghai) until the transaction ends; return the milliseconds used of it."""
    return int(_call("person_lock_day(%s, %s)", person_key, day))


def debit_day(*, person_key: str, day: date, ms: int, cap_ms: int) -> int:
    """Add ``ms`` to the person's locked day and return the new sum.

    :raises DomainError: ``day_used_up`` where the sum would pass ``cap_ms``, or the cap the law's 21,600,000 (clause 三.5);
        the transaction is lost
    """
    try:
        return int(_call("person_debit_day(%s, %s, %s, %s)", person_key, day, ms, cap_ms))
    except IntegrityError as error:
        raise DomainError("day_used_up", _("今天的学习时间已用完，请明天再学。"), status=409) from error


def give_back(*, person_key: str, day: date, ms: int) -> int:
    """Take ``ms`` off the person's day again, because pay was voided; return the new sum.

    :raises DomainError: ``not_debited`` where this enterprise has not debited that much of the day; the transaction is lost
    """
    try:
        return int(_call("person_give_back(%s, %s, %s)", person_key, day, ms))
    except IntegrityError as error:
        raise DomainError("not_debited", _("当天没有这么多可退回的学习时间。"), status=409) from error


def _call(expression: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT public.{expression}", values)
        row = cursor.fetchone()
    return row[0] if row else None
