"""Operators and people of an enterprise, as the services take them; papers in the store."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.people import api as people
from apps.people.models import Manager, Notice
from public.lifecycle import verifying, visiting
from public.lifecycle.models import Visit
from public.lifecycle.rules import LOOKS
from public.lifecycle.words import By, Desk
from public.operators.api import Me
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON
from tests.public.desk import operator
from tests.public.rights.ground import scan

PNG = bytes.fromhex("89504e470d0a1a0a")


def owner(site: Any) -> Any:
    """The enterprise's 安全员, made if there is none; returns the credential."""
    with enterprise_scope(site):
        found = Manager.objects.select_related("credential").filter(role="OWNER").first()
        return (
            found.credential if found else people.open_owner(name="安全员", mobile="13900000001", password="Ke-kao-2026", at=NOON)
        )


def by(site: Any, at: datetime = NOON) -> By:
    """The owner as who acts."""
    owner(site)
    with enterprise_scope(site):
        manager = Manager.objects.filter(role="OWNER").first()
        assert manager is not None
        return By(f"manager:{manager.pk}", manager.name, at, "10.0.0.1")


def desk(login: str = "first", at: datetime = NOON, role: str = "OPERATIONS", ident: int = 0) -> Desk:
    """An operator at the desk; the same login is the same person."""
    from tenants.accounts.models import Credential

    with platform_scope():
        if not ident:
            found = Credential.objects.by_login(login)
            ident = found.pk if found else operator(role, login=login)
    return Desk(Me(ident, f"运营{login}", role), at, "10.0.0.9")


def hand_in(site: Any, *, at: datetime = NOON, **changes: Any) -> UUID:
    """Hand a licence in; returns the verification's uuid."""
    said: dict[str, Any] = {"name": site.name, "uscc": site.uscc, "licence_until": None, "words": ""}
    with platform_scope():
        said["papers"] = changes.pop("papers", None) or [("LICENCE", scan(1, provider_schema=site.schema_name))]
        return verifying.submit(enterprise_id=site.id, said_=verifying.HandIn(**{**said, **changes}), by=by(site, at))


def both_pass(uuid: UUID, at: datetime = NOON) -> None:
    """Two operators look, one after the other."""
    for login in ("first", "second"):
        with platform_scope():
            verifying.passes(verification=uuid, looks=LOOKS, note_="", desk=desk(login, at))


def visit(site: Any, *, at: datetime = NOON, minutes: int = 60, allow: bool | None = True, login: str = "first") -> Visit:
    """Ask for a visit, and let the owner answer; ``allow`` None: not yet."""
    with platform_scope():
        uuid = visiting.ask(enterprise_id=site.id, reason="排查导入失败的原因", minutes=minutes, desk=desk(login, at))
        if allow is not None:
            visiting.decide(enterprise_id=site.id, visit=uuid, allow=allow, by=by(site, at + timedelta(minutes=1)))
        return Visit.objects.select_related("enterprise").get(uuid=uuid)


def told(site: Any) -> list[str]:
    """The kinds of what the owner was told, newest first."""
    owner(site)
    with enterprise_scope(site):
        rows = Notice.objects.filter(manager__role="OWNER").order_by("-pk")
        return list(rows.values_list("kind", flat=True))
