"""Who asks the open interface: a key with the scope that the operation names. Sessions and cookies count for nothing here."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from apps.openapi import keys
from apps.openapi.keys import KeyView
from apps.openapi.scopes import Scope, label
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants import limits
from tenants.addresses import client_ip
from tenants.api import require
from tenants.errors import TooMany, Unavailable

WRONG_PER_IP, REFUSALS_NOTED = "60/hour", "30/minute"


class KeyAuth(HttpBearer):
    """``Authorization: Bearer axk_…``; the key must have ``scope``, None asks for any good key."""

    openapi_description = "A key of the enterprise, made in its console under 接口与推送."

    def __init__(self, scope: Scope | None = None) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> KeyView | None:
        """Return whose key it is, or None (401).

        :raises DomainError: 401 ``key_expired``, ``key_revoked``; 403 ``key_network``, ``scope_missing``; 429 ``too_many``
        """
        ip = client_ip(request)
        try:
            found = keys.find(token, ip=ip, at=clock.now())
        except DomainError as refusal:
            _note_refusal(request, f"key:{token.split('_')[1]}", refusal.code, ip)
            raise
        if found is None:
            limits.spend(WRONG_PER_IP, "openapi-ip", ip)
            return None
        limits.spend(f"{found.per_minute}/minute", "openapi", require().schema, found.prefix)
        if self.scope is not None and self.scope not in found.scopes:
            _note_refusal(request, found.actor, "scope_missing", ip)
            words = _("这个密钥没有“%(scope)s”权限，请在密钥设置里换发一个。") % {"scope": label(self.scope)}
            raise DomainError("scope_missing", words, status=403, scope=str(self.scope))
        return found


def _note_refusal(request: HttpRequest, who: str, why: str, ip: str) -> None:
    """Write down that a key of the enterprise was turned away (GB/T 22239 8.1.4.3 a); one that knocks at every door fills no log."""
    try:
        limits.spend(REFUSALS_NOTED, "openapi-refused", require().schema, who)
    except (TooMany, Unavailable):
        return
    match = request.resolver_match
    target = f"page:{match.view_name if match else ''}"
    audit.record("access.refused", actor=who, target=target, at=clock.now(), ip=ip, result=audit.Result.REFUSED,
                 why=why, method=request.method or "")  # fmt: skip


def asking(request: HttpRequest) -> KeyView:
    """Return the key of a request that a guard has let in."""
    found: KeyView = request.auth  # type: ignore[attr-defined]
    return found
