"""Keys of other systems: made, revoked, and found by their secret."""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_address, ip_network
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.openapi.models import ApiKey
from apps.openapi.scopes import Scope
from infra.kit.errors import DomainError
from public.audit import api as audit

MARK = "axk"
"""How a key begins, so that scanners of sources and people recognise it."""
MOST, MOST_NETWORKS = 50, 20
LONGEST = timedelta(days=366)
RATES = (60, 300, 1200)
"""Requests a minute that a key may be given."""
SEEN_EVERY = timedelta(minutes=1)
SOON = timedelta(days=14)
"""So long before its end a key is told apart, and its makers are reminded."""


@dataclass(frozen=True, slots=True)
class KeyView:
    """Whose request it is. ``name`` is what a manager called the system."""

    id: int
    uuid: UUID
    name: str
    prefix: str
    scopes: frozenset[str]
    per_minute: int
    expires_at: datetime

    @property
    def actor(self) -> str:
        """The reference for the audit log."""
        return f"key:{self.prefix}"


@dataclass(frozen=True, slots=True)
class Order:
    """What a manager asks for; ``networks`` as typed, one an entry."""

    name: str
    scopes: Sequence[str]
    days: int
    per_minute: int = 300
    networks: Sequence[str] = ()


def digest(token: str) -> bytes:
    """Return what is kept of a key."""
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def make(*, order: Order, by: int, at: datetime, token: str = "") -> tuple[ApiKey, str]:
    """Make a key; returns its row and the secret, which is shown this once.

    :param by: id of the manager
    :param token: the demo's key, which everybody knows; empty for a random one
    :raises DomainError: ``key_name``, ``key_scopes``, ``key_days``, ``key_rate``, ``key_networks``; 409 ``too_many``
    """
    name = _checked(order)
    networks = checked_networks(order.networks)
    if alive(at=at).count() >= MOST:
        raise DomainError("too_many", _("最多有 %(n)d 个有效密钥，请先停用不用的。") % {"n": MOST}, status=HTTPStatus.CONFLICT)
    token = token or f"{MARK}_{secrets.token_hex(4)}_{secrets.token_urlsafe(32)}"
    prefix = token.split("_")[1]
    row = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        digest=digest(token),
        scopes=[str(scope) for scope in Scope if scope in order.scopes],
        networks=networks,
        per_minute=order.per_minute,
        by_id=by,
        made_at=at,
        expires_at=at + timedelta(days=order.days),
    )
    audit.record("openapi.key_made", actor=f"manager:{by}", target=f"key:{prefix}", at=at, scopes=row.scopes, days=order.days)
    return row, token


def _checked(order: Order) -> str:
    name = " ".join(order.name.split())[:60]
    if not name:
        raise DomainError("key_name", _("请写明给哪个系统用，例如 人事系统。"), field="name")
    if not order.scopes or not set(order.scopes) <= set(Scope):
        raise DomainError("key_scopes", _("请至少选择一项权限。"), field="scopes")
    if not 1 <= order.days <= LONGEST.days:
        raise DomainError("key_days", _("有效期请选 1 到 %(n)d 天。") % {"n": LONGEST.days}, field="days")
    if order.per_minute not in RATES:
        raise DomainError("key_rate", _("请从列表里选择每分钟次数。"), field="per_minute")
    return name


def checked_networks(typed: Iterable[str]) -> list[str]:
    """Return networks in their usual form, each once.

    :raises DomainError: ``key_networks``
    """
    found: list[str] = []
    for text in filter(None, (one.strip() for one in typed)):
        try:
            network = str(ip_network(text, strict=False))
        except ValueError as error:
            words = _("“%(text)s”不是 IP 地址或网段，例如 203.0.113.8 或 203.0.113.0/24。") % {"text": text[:50]}
            raise DomainError("key_networks", words, field="networks") from error
        if network not in found:
            found.append(network)
    if len(found) > MOST_NETWORKS:
        raise DomainError("key_networks", _("最多填写 %(n)d 个地址。") % {"n": MOST_NETWORKS}, field="networks")
    return found


@transaction.atomic
def revoke(*, key: UUID, by: int, at: datetime) -> ApiKey:
    """End a key at once. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``
    """
    row = ApiKey.objects.select_for_update().filter(uuid=key).first()
    if row is None:
        raise missing()
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by_id = at, by
        row.save(update_fields=["revoked_at", "revoked_by"])
        audit.record("openapi.key_revoked", actor=f"manager:{by}", target=f"key:{row.prefix}", at=at)
    return row


def find(token: str, *, ip: str, at: datetime) -> KeyView | None:
    """Return whose secret this is, and note at most once a minute that it was used; None for one that nobody was given.

    :raises DomainError: 401 ``key_expired``, ``key_revoked``; 403 ``key_network``
    """
    if not token.startswith(f"{MARK}_") or len(token) > 120:
        return None
    row = ApiKey.objects.filter(digest=digest(token)).first()
    if row is None:
        return None
    _refuse_ended(row, ip, at)
    if row.used_at is None or at - row.used_at >= SEEN_EVERY:
        stale = Q(used_at__isnull=True) | Q(used_at__lt=at - SEEN_EVERY + timedelta(seconds=1))
        ApiKey.objects.filter(stale, pk=row.pk).update(used_at=at)
    return KeyView(row.pk, row.uuid, row.name, row.prefix, frozenset(row.scopes), row.per_minute, row.expires_at)


def _refuse_ended(row: ApiKey, ip: str, at: datetime) -> None:
    if row.revoked_at is not None:
        raise DomainError("key_revoked", _("这个密钥已停用，请联系企业管理员换发。"), status=HTTPStatus.UNAUTHORIZED)
    if row.expires_at <= at:
        raise DomainError("key_expired", _("这个密钥已到期，请联系企业管理员换发。"), status=HTTPStatus.UNAUTHORIZED)
    if row.networks and not _is_from(ip, row.networks):
        words = _("这个密钥不能从当前地址使用，请在密钥设置里核对允许的地址。")
        raise DomainError("key_network", words, status=HTTPStatus.FORBIDDEN)


def _is_from(ip: str, networks: Iterable[str]) -> bool:
    """Say whether an address is in one of the networks; IPv4 that a socket for both tells as IPv6 is IPv4."""
    here = ip_address(ip)
    here = getattr(here, "ipv4_mapped", None) or here
    return any(here in ip_network(one) for one in networks)


def alive(*, at: datetime) -> QuerySet[ApiKey]:
    """Return the keys that are good now."""
    return ApiKey.objects.filter(revoked_at=None, expires_at__gt=at)


def listing(*, text: str = "", state: str = "", at: datetime) -> QuerySet[ApiKey]:
    """Return keys that fit, newest first, with who made them.

    :param state: ``ALIVE``, ``SOON`` (of them, those that end within 14 days), ``ENDED``; "" for all
    """
    rows = ApiKey.objects.select_related("by", "revoked_by").order_by("-made_at", "-pk")
    ended = Q(revoked_at__isnull=False) | Q(expires_at__lte=at)
    if state == "ALIVE":
        rows = rows.exclude(ended)
    elif state == "SOON":
        rows = rows.exclude(ended).filter(expires_at__lte=at + SOON)
    elif state == "ENDED":
        rows = rows.filter(ended)
    if text := text.strip():
        rows = rows.filter(Q(name__icontains=text) | Q(prefix__startswith=text.removeprefix(f"{MARK}_")[:8]))
    return rows


def key_of(key: UUID) -> ApiKey:
    """Return one key.

    :raises DomainError: 404 ``not_found``
    """
    row = ApiKey.objects.select_related("by", "revoked_by").filter(uuid=key).first()
    if row is None:
        raise missing()
    return row


def missing() -> DomainError:
    """Return the refusal for a key that is not there."""
    return DomainError("not_found", _("没有找到这个密钥，请从列表重新进入。"), status=HTTPStatus.NOT_FOUND)
