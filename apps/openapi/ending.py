"""An enterprise that comes back years after its closing: whoever held its keys then may be anybody, so none of them works again."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from apps.openapi import keys
from apps.openapi.hooks import addressing
from apps.openapi.models import Hook
from public.audit import api as audit
from public.lifecycle import api as lifecycle
from public.lifecycle.api import Returning
from tenants.api import Enterprise, enterprise_scope, site_of


@receiver(lifecycle.reopening, dispatch_uid="end keys and hooks of an enterprise that comes back")
def end_all(*, enterprise: Enterprise, at: datetime, **news: Any) -> None:
    """End every key and switch off every hook, in the transaction that opens the enterprise again."""
    with enterprise_scope(site_of(enterprise)):
        ended = keys.alive(at=at).update(expires_at=at)
        hooks = list(Hook.objects.select_for_update().filter(is_on=True).order_by("pk"))
        for row in hooks:
            row.is_on, row.off_reason = False, "reopened"
            row.save(update_fields=["is_on", "off_reason"])
            addressing.give_up(row, code="hook_off")
        if ended or hooks:
            target = f"enterprise:{enterprise.uuid}"
            audit.record("openapi.ended", actor="system", target=target, at=at, keys=ended, hooks=len(hooks))


def returning(row: Enterprise) -> list[Returning]:
    """Return that nothing of this room comes back; hooks stay written down, switched off."""
    with enterprise_scope(site_of(row)):
        hooks = Hook.objects.count()
    return [
        Returning(False, _("接口密钥"), str(_("全部失效，须重新生成"))),
        *([Returning(False, _("推送地址"), str(_("%(n)d 个，全部停用，须重新启用") % {"n": hooks}))] if hooks else []),
    ]


def register() -> None:
    """Let the platform ask; called once at start."""
    lifecycle.add_returning(returning)
