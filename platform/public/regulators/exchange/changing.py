"""What operators may change of a partner later: its way, what it gets, and the keys of both sides, without a moment in which nothing passes.

Code, area, algorithms and first day stay: another authority or another agreement is another partner.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.exchange.suites import Suite, make_pair
from public.operators.api import Me
from public.regulators.exchange.models import Delivery, Parcel, Partner
from public.regulators.exchange.partners import KEY, SECRET, locked, note
from public.regulators.exchange.wanted import SECRET_CHARS, bad, check_public, check_way
from public.regulators.models import FeedRecord
from tenants import keys as data_keys

LONGEST_OVERLAP = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Change:
    """What a partner is to be from now on."""

    name: str
    kinds: list[str]
    channel: str
    address: str
    parcel_size: int


@dataclass(frozen=True, slots=True)
class TheirKeys:
    """New keys of the other side, empty where they stay. ``overlap``: how long the old ones still count, none where they leaked."""

    their_public: bytes = b""
    secret: str = field(default="", repr=False)
    overlap: timedelta = timedelta(0)


@transaction.atomic
def change_partner(*, uuid: UUID, change: Change, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Write a partner's new way and kinds. A kind it takes from now on it gets since its first day; a new channel gets what was under way again.

    :raises DomainError: 404 ``not_found``; 409 ``closed``; 422 ``bad_kinds``, ``bad_address``, ``bad_secret``
    """
    row = locked(uuid)
    check_way(kinds=change.kinds, channel=change.channel, address=change.address)
    if change.channel == Partner.Channel.ZHEJIANG and not row.secret:
        raise bad("bad_secret", "channel", _("浙江网关需要“标识:密钥”。请先在“更换密钥”里填写，再改报送方式。"))
    before, kinds = {"channel": row.channel, "address": row.address, "kinds": row.kinds}, sorted(set(change.kinds))
    if row.channel != change.channel:
        _take_back(row, at)
    if set(kinds) - set(row.kinds):  # those it has are not given again
        row.filled_to, row.fill_until = 0, FeedRecord.objects.aggregate(top=Max("id"))["top"] or 0
    row.name, row.kinds, row.channel, row.address = change.name, kinds, change.channel, change.address
    row.parcel_size, row.next_at, row.failures = change.parcel_size, at, 0
    row.save()
    after = {"channel": row.channel, "address": row.address, "kinds": row.kinds}
    note("exchange.partner_changed", row, me, at, ip, before=before, after=after)
    return row


def _take_back(row: Partner, at: datetime) -> None:
    """What one channel left unanswered goes out by the other; a receipt that still comes by the old one counts all the same."""
    Delivery.objects.filter(partner=row, state=Delivery.State.SENT).update(state=Delivery.State.WAITING, parcel=None)
    Parcel.objects.filter(partner=row, state=Parcel.State.OPEN).update(state=Parcel.State.DONE, done_at=at, problem="")


@transaction.atomic
def replace_their_keys(*, uuid: UUID, keys: TheirKeys, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Write new keys of the other side. Sealed and sent is for the new ones at once; signatures of the old ones count until the overlap ends.

    :raises DomainError: 404 ``not_found``; 409 ``closed``; 422 ``nothing_new``, ``bad_public_key``, ``bad_secret``, ``bad_overlap``
    """
    row = locked(uuid)
    _check(row, keys)
    row.former_public, row.former_secret, row.former_until = b"", b"", None
    if keys.overlap:
        row.former_until = at + keys.overlap
        row.former_public = row.their_public if keys.their_public else b""
        row.former_secret = row.secret if keys.secret and row.suite == Suite.SHARED else b""
    if keys.their_public:
        row.their_public = keys.their_public
    if keys.secret:
        row.secret = data_keys.seal(keys.secret.encode(), purpose=SECRET)
    row.next_at, row.failures = at, 0
    row.save()
    what = [name for name in ("their_public", "secret") if getattr(keys, name)]
    note("exchange.keys_replaced", row, me, at, ip, what=what, overlap_h=int(keys.overlap.total_seconds() // 3600))
    return row


def _check(row: Partner, keys: TheirKeys) -> None:
    is_shared = row.suite == Suite.SHARED
    if not keys.secret and (is_shared or not keys.their_public):
        where = "secret" if is_shared else "their_public"
        raise bad("nothing_new", where, _("请填写新的密钥。没有变化时不用更换。"))
    if keys.their_public and not is_shared:
        check_public(keys.their_public)
        if keys.their_public == bytes(row.their_public):
            raise bad("nothing_new", "their_public", _("这就是现在的公钥，请粘贴新的。"))
    if keys.secret and len(keys.secret) < SECRET_CHARS:
        raise bad("bad_secret", "secret", _("请填写双方约定的密钥，至少 16 个字符。"))
    if not timedelta(0) <= keys.overlap <= LONGEST_OVERLAP:
        raise bad("bad_overlap", "overlap", _("旧密钥最多再用 7 天。"))


@transaction.atomic
def prepare_own_keys(*, uuid: UUID, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Make the pair that is to take over; nothing is signed with it until :func:`take_own_keys_up`. Repeating makes another.

    :raises DomainError: 404 ``not_found``; 409 ``closed``, ``no_pair``
    """
    row = locked(uuid)
    if row.suite == Suite.SHARED:
        raise DomainError("no_pair", _("共享密钥没有公钥。请与对方约定新的密钥，在本页填写。"), status=409)
    row.next_public, private = make_pair(Suite(row.suite))
    row.next_private = data_keys.seal(private, purpose=KEY)
    row.save(update_fields=["next_public", "next_private"])
    note("exchange.own_keys_prepared", row, me, at, ip)
    return row


@transaction.atomic
def take_own_keys_up(*, uuid: UUID, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Sign with the prepared pair from now on: the partner has it. The old one is forgotten.

    :raises DomainError: 404 ``not_found``; 409 ``closed``, ``not_prepared``
    """
    row = locked(uuid)
    if not row.next_private:
        raise DomainError("not_prepared", _("还没有新的公钥。请先生成，交给对方登记后再启用。"), status=409)
    row.own_public, row.own_private = row.next_public, row.next_private
    row.next_public, row.next_private = b"", b""
    row.next_at, row.failures = at, 0
    row.save()
    note("exchange.own_keys_taken_up", row, me, at, ip)
    return row
