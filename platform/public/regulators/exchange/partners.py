"""Partners: opening one, its keys, pausing and closing. Every write is audited; only operations do them."""

import re
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.exchange.suites import PUBLIC_BYTES, Keys, Suite, make_pair
from public.audit import api as audit
from public.operators.api import Me
from public.regulators.exchange.models import Partner
from public.regulators.models import FeedRecord
from public.regulators.ports import Line
from tenants import keys as data_keys

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")
_KEY, _SECRET = "exchange key", "exchange secret"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a partner is to be, as operators fill it in."""

    name: str
    code: str
    division_prefix: str
    kinds: list[str]
    channel: str
    suite: str
    since: date
    address: str = ""
    their_public: bytes = b""
    secret: str = field(default="", repr=False)
    parcel_size: int = 200


def one(uuid: object) -> Partner:
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
    _check(wanted)
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
        own_private=data_keys.seal(private, purpose=_KEY) if private else b"",
        their_public=wanted.their_public,
        secret=data_keys.seal(wanted.secret.encode(), purpose=_SECRET) if wanted.secret else b"",
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
    _note("exchange.partner_opened", row, me, at, ip, channel=row.channel, suite=row.suite, area=row.division_prefix)
    return row


def _check(wanted: Wanted) -> None:
    if not _CODE.fullmatch(wanted.code):
        raise _bad("bad_code", "code", _("代码用 3–40 位大写字母、数字和连字符，例如 ZJ-AQPX。"))
    if not wanted.kinds or not set(wanted.kinds) <= set(FeedRecord.Kind.values):
        raise _bad("bad_kinds", "kinds", _("请至少选择一种要报送的数据。"))
    if wanted.channel != Partner.Channel.PULL and not is_address(wanted.address, channel=wanted.channel):
        raise _bad("bad_address", "address", _("地址要以 https:// 开头；文件投递用 s3://主机/桶/目录 或 file:///目录。"))
    shared = wanted.suite == Suite.SHARED
    if not shared and len(wanted.their_public) != PUBLIC_BYTES:
        raise _bad("bad_public_key", "their_public", _("请粘贴对方的公钥：64 字节，十六进制或 Base64。"))
    if (shared or wanted.channel == Partner.Channel.ZHEJIANG) and len(wanted.secret) < 16:
        raise _bad("bad_secret", "secret", _("请填写双方约定的密钥，至少 16 个字符。"))


def is_address(address: str, *, channel: str) -> bool:
    """Say whether an address may stand there; whether it may be called is the carrier's to judge when it is resolved."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    if parts.username or parts.password or parts.query or parts.fragment or port == 0:
        return False
    if channel == Partner.Channel.FILES:
        return (parts.scheme == "s3" and bool(parts.hostname and parts.path.strip("/"))) or (
            parts.scheme == "file" and not parts.netloc and len(parts.path) > 1
        )
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname == "127.0.0.1"))


def _bad(code: str, where: str, words: object) -> DomainError:
    return DomainError(code, words, status=422, field=where)


@transaction.atomic
def set_state(*, uuid: object, state: str, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Pause, go on or close. While paused its numbers go on, so nothing is lost; a closed one gets none any more and stays closed.

    :raises DomainError: 404 ``not_found``; 409 ``closed``
    """
    row = Partner.objects.select_for_update().filter(uuid=uuid).first() or one(uuid)
    if row.state == Partner.State.CLOSED:
        raise DomainError("closed", _("这个对接系统已经停用，不能再改。需要时请新建一个。"), status=409)
    if row.state != state:
        row.state, row.next_at, row.failures = Partner.State(state), at, 0
        row.save(update_fields=["state", "next_at", "failures"])
        _note("exchange.partner_state", row, me, at, ip, state=state)
    return row


@transaction.atomic
def call_now(*, uuid: object, me: Me, at: datetime, ip: str | None = None) -> Partner:
    """Let a partner that does not answer be called at once, not after its pause.

    :raises DomainError: 404 ``not_found``
    """
    row = Partner.objects.select_for_update().filter(uuid=uuid).first() or one(uuid)
    row.next_at, row.failures = at, 0
    row.save(update_fields=["next_at", "failures"])
    _note("exchange.called_now", row, me, at, ip)
    return row


def keys_of(row: Partner) -> Keys:
    """Return what we know of each other, opened; standing on the platform."""
    private = data_keys.unseal(row.own_private, purpose=_KEY) if row.own_private else b""
    shared = secret_of(row).encode() if row.suite == Suite.SHARED else b""
    return Keys(Suite(row.suite), private, bytes(row.own_public), bytes(row.their_public), shared)


def secret_of(row: Partner) -> str:
    """Return the sealed secret, "" where there is none."""
    return data_keys.unseal(row.secret, purpose=_SECRET).decode() if row.secret else ""


def line_of(row: Partner) -> Line:
    """Return the way to a partner."""
    return Line(row.channel, row.address, row.access_key, keys_of(row), secret_of(row))


def by_access_key(key: str) -> Partner | None:
    """Return the partner who calls itself so and is not closed, or None."""
    return Partner.objects.filter(access_key=key).exclude(state=Partner.State.CLOSED).first()


def _note(action: str, row: Partner, me: Me, at: datetime, ip: str | None, **more: str) -> None:
    actor = f"operator:{me.credential_id}"
    audit.record(action, actor=actor, target=f"partner:{row.uuid}", at=at, ip=ip, name=me.name, code=row.code, **more)


def first_day(at: datetime) -> date:
    """Return the day from which a new partner gets records unless somebody says otherwise: today."""
    return clock.shanghai_date(at)
