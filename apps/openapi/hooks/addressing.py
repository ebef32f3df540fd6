"""Hooks as managers set them up: where to, which kinds, secrets, on and off. None is ever deleted, for its log must stay (clause 五.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.openapi.hooks import rules, signing
from apps.openapi.hooks.kinds import KINDS, TRIAL
from apps.openapi.hooks.ports import CARRIER
from apps.openapi.hooks.ringing import ring_after_commit
from apps.openapi.models import Hook, HookDelivery
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.hooks import api as listeners
from tenants import keys

MOST = 10
PURPOSE = "hook-secret"
_WORDS = {
    "scheme": _("请填写以 https:// 开头的完整地址。"),
    "port": _("这个端口不能使用，请改用 443 或 1024 以上的端口。"),
    "address": _("这个地址在内部网络里，平台不能访问。请填写外部可以访问的地址。"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What a manager asks for. ``kinds``: kinds of the ledger."""

    name: str
    url: str
    kinds: Sequence[str]


def hook_of(hook: UUID) -> Hook:
    """Return one hook with who made it.

    :raises DomainError: 404 ``not_found``
    """
    row = Hook.objects.select_related("by").filter(uuid=hook).first()
    if row is None:
        raise _missing()
    return row


def hooks() -> QuerySet[Hook]:
    """Return all hooks, those that are on in front, by name."""
    return Hook.objects.select_related("by").order_by("-is_on", "name", "pk")


@transaction.atomic
def add(*, order: Order, by: int, at: datetime) -> tuple[Hook, str]:
    """Add a hook, switched on; returns it and its secret, which is shown this once.

    :raises DomainError: ``hook_name``, ``hook_url``, ``hook_kinds``; 409 ``too_many``
    """
    name, url, kinds = _checked(order)
    _refuse_many()
    secret = signing.new_secret()
    row = Hook.objects.create(
        name=name, url=url, kinds=kinds, secret_sealed=keys.seal(secret.encode(), purpose=PURPOSE), by_id=by, made_at=at
    )
    listeners.listen(at=at)
    _note("openapi.hook_added", row, by, at, after=_told(row))
    return row, secret


@transaction.atomic
def change(*, hook: UUID, order: Order, by: int, at: datetime) -> Hook:
    """Change name, address and kinds.

    :raises DomainError: 404 ``not_found``; ``hook_name``, ``hook_url``, ``hook_kinds``
    """
    row = _locked(hook)
    former, before = row.url, _told(row)
    row.name, row.url, row.kinds = _checked(order)
    if row.url != former:  # what the former address did not take says nothing of this one
        row.failing_since = None
    row.save(update_fields=["name", "url", "kinds", "failing_since"])
    _note("openapi.hook_changed", row, by, at, before=before, after=_told(row))
    return row


@transaction.atomic
def switch(*, hook: UUID, on: bool, by: int, at: datetime) -> Hook:
    """Switch a hook on or off. What happens while it is off is not told later; what still waits is given up. Repeating changes nothing.

    :raises DomainError: 404 ``not_found``; 409 ``too_many``
    """
    row = _locked(hook)
    if row.is_on == on:
        return row
    if on:
        _refuse_many()
    row.is_on, row.off_reason, row.failing_since = on, "" if on else "by_hand", None
    row.save(update_fields=["is_on", "off_reason", "failing_since"])
    if not on:
        give_up(row, code="hook_off")
    _note("openapi.hook_switched", row, by, at, on=on)
    return row


@transaction.atomic
def renew_secret(*, hook: UUID, by: int, at: datetime) -> tuple[Hook, str]:
    """Give a hook a new secret, which is shown this once; the former one signs beside it for a day.

    :raises DomainError: 404 ``not_found``
    """
    row, secret = _locked(hook), signing.new_secret()
    row.former_sealed, row.former_until = row.secret_sealed, at + rules.OVERLAP
    row.secret_sealed = keys.seal(secret.encode(), purpose=PURPOSE)
    row.save(update_fields=["former_sealed", "former_until", "secret_sealed"])
    _note("openapi.hook_secret_renewed", row, by, at)
    return row, secret


@transaction.atomic
def trial(*, hook: UUID, by: int, at: datetime) -> HookDelivery:
    """Send a trial message, at once.

    :raises DomainError: 404 ``not_found``; 409 ``hook_off``
    """
    row = _locked(hook)
    if not row.is_on:
        raise DomainError("hook_off", _("这个推送地址已停用，请先启用。"), status=HTTPStatus.CONFLICT)
    made = HookDelivery.objects.create(hook=row, kind=TRIAL, happened_at=at, next_at=at, at=at)
    _note("openapi.hook_tried", row, by, at)
    ring_after_commit()
    return made


def secrets_of(row: Hook, *, at: datetime) -> list[str]:
    """Return the secrets that sign now, the newest first."""
    sealed = [bytes(row.secret_sealed)]
    if row.former_sealed and row.former_until and at < row.former_until:
        sealed.append(bytes(row.former_sealed))
    return [keys.unseal(one, purpose=PURPOSE).decode() for one in sealed]


def give_up(row: Hook, *, code: str) -> int:
    """Give up what still waits for a hook; returns how much."""
    waiting = HookDelivery.objects.filter(hook=row, state__in=[HookDelivery.State.WAITING, HookDelivery.State.FAILED])
    return waiting.update(state=HookDelivery.State.GIVEN_UP, code=code)


def _checked(order: Order) -> tuple[str, str, list[str]]:
    name = " ".join(order.name.split())[:60]
    if not name:
        raise DomainError("hook_name", _("请写明推送给哪个系统，例如 人事系统。"), field="name")
    url = order.url.strip()
    why = "scheme" if not 1 <= len(url) <= 300 else CARRIER.get().refuses(url)
    if why:
        raise DomainError("hook_url", _WORDS[why], field="url")
    kinds = [kind for kind in KINDS if kind in order.kinds]
    if not kinds:
        raise DomainError("hook_kinds", _("请至少选择一类消息。"), field="kinds")
    return name, url, kinds


def _refuse_many() -> None:
    if Hook.objects.filter(is_on=True).count() >= MOST:
        words = _("最多同时启用 %(n)d 个推送地址，请先停用不用的。") % {"n": MOST}
        raise DomainError("too_many", words, status=HTTPStatus.CONFLICT)


def _locked(hook: UUID) -> Hook:
    row = Hook.objects.select_for_update().filter(uuid=hook).first()
    if row is None:
        raise _missing()
    return row


def _missing() -> DomainError:
    return DomainError("not_found", _("没有找到这个推送地址，请从列表重新进入。"), status=HTTPStatus.NOT_FOUND)


def _told(row: Hook) -> dict[str, Any]:
    """What the log says of a hook: where to and what; never the rest of the address, in which the other side may have put a secret."""
    return {"host": urlsplit(row.url).netloc, "kinds": list(row.kinds)}


def _note(action: str, row: Hook, by: int, at: datetime, **facts: Any) -> None:
    audit.record(action, actor=f"manager:{by}", target=f"hook:{row.uuid}", at=at, **facts)
