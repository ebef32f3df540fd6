"""Telling people: one row in the caller's transaction, everything else after it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from django.db import transaction

from apps.people.notify.kinds import kind_of
from apps.people.notify.models import Notice
from tenants.api import require
from tenants.ringing import ring

_AT_ONCE = 1000


def notify(
    *,
    kind: str,
    learner_id: int | None = None,
    manager_id: int | None = None,
    context: Mapping[str, str | int],
    at: datetime,
    about: str,
) -> None:
    """Tell one person something, once: the row is written in the caller's transaction, sending begins after its commit.

    :param kind: registered by :func:`apps.people.notify.kinds.register_notice`
    :param learner_id: who is told; exactly one of the two
    :param context: values for the template; never an ID or mobile number, a code or a key
    :param about: what it is about and which turn, e.g. ``plan:<uuid>/due-7``; telling the same person of the same kind about it again does nothing
    :raises LookupError: nobody registered the kind
    :raises ValueError: no recipient or two, or ``about`` is empty or over 120 characters
    """
    if (learner_id is None) == (manager_id is None):
        raise ValueError("a notice has one recipient: a learner or a manager")
    learners, managers = ([one] if one is not None else [] for one in (learner_id, manager_id))
    notify_all(kind=kind, learner_ids=learners, manager_ids=managers, context=context, at=at, about=about)


def notify_all(
    *,
    kind: str,
    learner_ids: Iterable[int] = (),
    manager_ids: Iterable[int] = (),
    context: Mapping[str, str | int],
    at: datetime,
    about: str,
) -> None:
    """Tell many people the same, in one statement for a thousand; see :func:`notify`."""
    kind_of(kind)
    if not 1 <= len(about) <= 120:
        raise ValueError(f"about has 1 to 120 characters: {about[:120]!r}")
    said = {"kind": kind, "context": dict(context), "at": at, "about": about}
    rows = [Notice(learner_id=one, **said) for one in learner_ids] + [Notice(manager_id=one, **said) for one in manager_ids]
    if rows:
        Notice.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)
        ring_after_commit()


def ring_after_commit() -> None:
    """Wake a worker when the transaction is done, once for all notices of it."""
    schema = require().schema
    waiting = [entry[1] for entry in transaction.get_connection().run_on_commit]
    if not any(isinstance(one, partial) and one.func is _ring and one.args == (schema,) for one in waiting):
        transaction.on_commit(partial(_ring, schema))


def _ring(schema: str) -> None:
    """Send the doorbell. Without a broker the notice is not lost: the schedule looks for waiting ones every minute."""
    from apps.people.tasks import send_notices

    ring(send_notices, schema=schema)
