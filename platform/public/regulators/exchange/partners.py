"""Partners: opening one, its keys, pausing and closing. Every write is audited; only operations do them."""

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.exchange.suites import Keys, Suite, make_pair
from public.audit import api as audit
from public.operators.api import Me
from public.regulators.exchange.models import Partner
from public.regulators.exchange.wanted import Wanted, check
from public.regulators.models import FeedRecord
from public.regulators.ports import Line
from tenants import keys as data_keys

KEY, SECRET = "exchange key", "exchange secret"


def one(uuid: UUID) -> Partner:
    """Return a partner.

    :raises DomainError: 404 ``not_found``
    """
    row = Partner.objects.filter(uuid=uuid).first()
    if row is None:
        raise DomainError("not_found", _("没有找到这个对接系统，请从列表重新进入。"), status=404)
    return row


@transaction.atomic
def open_partner(*, wanted: Wanted, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Write a partner with keys of its own and let it have every record since ``since``.

    :raises DomainError: 422 ``bad_code``, ``bad_kinds``, ``bad_address``, ``bad_public_key``, ``bad_secret``; 409 ``code_taken``
    """
    check(wanted)
    suite = Suite(wanted.suite)
    public, private = (b"", b"") if suite is Suite.SHARED else make_pair(suite)
    row = Partner(
        code=wanted.code,
        name=wanted.name,
        division_prefix=wanted.division_prefix,
        kinds=sorted(set(wanted.kinds)),
        channel=wanted.channel,
        suite=suite.value,
        address=wanted.address,
        since=wanted.since,
        access_key=f"ax-{secrets.token_hex(8)}",
        own_public=public,
        own_private=data_keys.seal(private, purpose=KEY) if private else b"",
        their_public=wanted.their_public,
        secret=data_keys.seal(wanted.secret.encode(), purpose=SECRET) if wanted.secret else b"",
        parcel_size=wanted.parcel_size,
        fill_until=FeedRecord.objects.aggregate(top=Max("id"))["top"] or 0,
        next_at=at,
        made_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError("code_taken", _("这个代码已被使用，请换一个。"), status=409, field="code") from error
    note("exchange.partner_opened", row, me, at, ip, channel=row.channel, suite=row.suite, area=row.division_prefix)
    return row


def locked(uuid: UUID) -> Partner:
    """Return a partner that may still change, locked for this transaction.

    :raises DomainError: 404 ``not_found``; 409 ``closed``
    """
    row = Partner.objects.select_for_update().filter(uuid=uuid).first() or one(uuid)
    if row.state == Partner.State.CLOSED:
        raise closed()
    return row


def closed() -> DomainError:
    """Return the refusal of any change of a partner that was closed."""
    return DomainError("closed", _("这个对接系统已经停用，不能再改。需要时请新建一个。"), status=409)


@transaction.atomic
def set_state(*, uuid: UUID, state: str, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Pause, go on or close. While paused its numbers go on, so nothing is lost; a closed one gets none any more and stays closed.

    :raises DomainError: 404 ``not_found``; 409 ``closed``
    """
    row = locked(uuid)
    if row.state != state:
        row.state, row.next_at, row.failures = Partner.State(state), at, 0
        row.save(update_fields=["state", "next_at", "failures"])
        note("exchange.partner_state", row, me, at, ip, state=state)
    return row


@transaction.atomic
def call_now(*, uuid: UUID, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Let a partner that does not answer be called at once, not after its pause.

    :raises DomainError: 404 ``not_found``; 409 ``closed``
    """
    row = locked(uuid)
    row.next_at, row.failures = at, 0
    row.save(update_fields=["next_at", "failures"])
    note("exchange.called_now", row, me, at, ip)
    return row


def keys_of(row: Partner, *, at: datetime) -> Keys:
    """Return what we know of each other at a moment, opened; standing on the platform."""
    suite = Suite(row.suite)
    is_shared, both = suite is Suite.SHARED, row.former_until is not None and at < row.former_until
    former = data_keys.unseal(row.former_secret, purpose=SECRET) if both and is_shared and row.former_secret else b""
    return Keys(
        suite,
        own_private=data_keys.unseal(row.own_private, purpose=KEY) if row.own_private else b"",
        own_public=bytes(row.own_public),
        their_public=bytes(row.their_public),
        shared=secret_of(row).encode() if is_shared else b"",
        former_public=bytes(row.former_public) if both else b"",
        former_shared=former,
    )


def secret_of(row: Partner) -> str:
    """Return the sealed secret, "" where there is none."""
    return data_keys.unseal(row.secret, purpose=SECRET).decode() if row.secret else ""


def line_of(row: Partner, *, at: datetime) -> Line:
    """Return the way to a partner at a moment."""
    return Line(row.channel, row.address, row.access_key, keys_of(row, at=at), secret_of(row))


def by_access_key(key: str) -> Partner | None:
    """Return the partner who calls itself so and is not closed, or None."""
    return Partner.objects.filter(access_key=key).exclude(state=Partner.State.CLOSED).first()


def note(action: str, row: Partner, me: Me, at: datetime, ip: str | None, **more: Any) -> None:
    """Write what an operator did into the log; never a key."""
    actor = f"operator:{me.credential_id}"
    audit.record(action, actor=actor, target=f"partner:{row.uuid}", at=at, ip=ip, name=me.name, code=row.code, **more)


def first_day(at: datetime) -> date:
    """Return the day from which a new partner gets records unless somebody says otherwise: today."""
    return clock.shanghai_date(at)
