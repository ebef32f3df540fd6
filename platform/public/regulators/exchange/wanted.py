"""What a partner is to be, as operators fill it in, and whether that can work."""

import re
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from infra.kit.exchange.suites import PUBLIC_BYTES, Suite
from public.regulators.exchange.models import Partner
from public.regulators.models import FeedRecord

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")
SECRET_CHARS = 16


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


def check(wanted: Wanted) -> None:
    """Let a new partner pass.

    :raises DomainError: 422 ``bad_code``, ``bad_kinds``, ``bad_address``, ``bad_public_key``, ``bad_secret``
    """
    if not _CODE.fullmatch(wanted.code):
        raise bad("bad_code", "code", _("代码用 3–40 位大写字母、数字和连字符，例如 ZJ-AQPX。"))
    check_way(kinds=wanted.kinds, channel=wanted.channel, address=wanted.address)
    if wanted.suite != Suite.SHARED:
        check_public(wanted.their_public)
    if (wanted.suite == Suite.SHARED or wanted.channel == Partner.Channel.ZHEJIANG) and len(wanted.secret) < SECRET_CHARS:
        raise bad("bad_secret", "secret", _("请填写双方约定的密钥，至少 16 个字符。"))


def check_way(*, kinds: list[str], channel: str, address: str) -> None:
    """Let pass what can be sent and where to.

    :raises DomainError: 422 ``bad_kinds``, ``bad_address``
    """
    if not kinds or not set(kinds) <= set(FeedRecord.Kind.values):
        raise bad("bad_kinds", "kinds", _("请至少选择一种要报送的数据。"))
    if channel != Partner.Channel.PULL and not is_address(address, channel=channel):
        raise bad("bad_address", "address", _("地址要以 https:// 开头；文件投递用 s3://主机/桶/目录 或 file:///目录。"))


def check_public(key: bytes) -> None:
    """Let a public key pass.

    :raises DomainError: 422 ``bad_public_key``
    """
    if len(key) != PUBLIC_BYTES:
        raise bad("bad_public_key", "their_public", _("请粘贴对方的公钥：64 字节，十六进制或 Base64。"))


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


def bad(code: str, where: str, words: object) -> DomainError:
    """Return a refusal that stands beside a field."""
    return DomainError(code, words, status=422, field=where)
