"""Opening and suspending an enterprise: the writes, without forms and messages (those are `tenants.onboarding`)."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from tenants import pool, sites, state, subdomains
from tenants.models import Domain, Enterprise
from tenants.scope import platform_scope

enterprise_opened = Signal()
"""Sent within the opening transaction, standing on the platform. Arguments: ``enterprise`` (row), ``at``."""

enterprise_changed = Signal()
"""Sent within the transaction that changes the name, code, state or division of one, standing on the platform. Argument: ``enterprise`` (row)."""


@dataclass(frozen=True, slots=True)
class Application:
    """What a new enterprise says of itself; already checked for shape."""

    name: str
    uscc: str
    subdomain: str
    industry_code: str
    hazard: str
    division_code: str


@lru_cache(maxsize=1)
def _fingerprint() -> str:
    return state.wanted_fingerprint()


def open_enterprise(application: Application, *, at: datetime) -> sites.Site:
    """Claim a warm schema and write the enterprise with its first domain, all or nothing.

    :raises BadSubdomain: the subdomain cannot be taken
    :raises DomainError: ``uscc_taken``, the company is signed up already
    :raises PoolEmpty: no warm schema is left
    """
    with platform_scope():
        subdomain = subdomains.check(application.subdomain)
        if Enterprise.objects.filter(uscc=application.uscc, destroyed_at=None).exists():
            raise _taken()
        try:
            with transaction.atomic():
                enterprise = _write(application, subdomain, at)
        except IntegrityError as error:  # somebody was faster between the check and the write
            raise _taken() if "uscc" in str(error) else _raced(subdomain) from error
        sites.announce_change()
        return sites.site_of(enterprise)


def _write(application: Application, subdomain: str, at: datetime) -> Enterprise:
    schema = f"e_{secrets.token_hex(6)}"
    enterprise: Enterprise = Enterprise.objects.create(
        schema_name=schema,
        name=application.name,
        uscc=application.uscc,
        subdomain=subdomain,
        subdomain_skeleton=subdomains.skeleton(subdomain),
        industry_code=application.industry_code,
        hazard=application.hazard,
        division_code=application.division_code,
        created_at=at,
    )
    Domain.objects.create(tenant=enterprise, domain=sites.host_of(subdomain), is_primary=True)
    pool.claim(schema, fingerprint=_fingerprint())
    enterprise_opened.send(sender=Enterprise, enterprise=enterprise, at=at)
    return enterprise


def _taken() -> DomainError:
    return DomainError(
        "uscc_taken", _("该统一社会信用代码已开通。请向本单位管理员要登录地址，或拨打服务电话认领。"), status=409, field="uscc"
    )


def _raced(subdomain: str) -> DomainError:
    return subdomains.BadSubdomain(
        "subdomain_taken", _("这个名称刚刚被使用，请换一个。"), status=409, suggestions=subdomains.suggest(subdomain)
    )


def set_status(*, enterprise_id: int, status: str, reason: str, closes_at: datetime | None = None) -> None:
    """Suspend, reopen or close an enterprise; every process knows within a second of the commit.

    :param closes_at: the end of the time to think it over, for ``CLOSING``
    :raises Enterprise.DoesNotExist: there is no such enterprise
    """
    with platform_scope(), transaction.atomic():
        enterprise = Enterprise.objects.select_for_update().get(pk=enterprise_id)
        enterprise.status, enterprise.status_reason, enterprise.closes_at = status, reason, closes_at
        enterprise.save(update_fields=["status", "status_reason", "closes_at"])
        enterprise_changed.send(sender=Enterprise, enterprise=enterprise)
        tell_processes()


def note_visit(*, schema: str, until: datetime | None) -> None:
    """Write down until when an operator may look around in an enterprise, so that every page of it can say so; None: nobody may."""
    with platform_scope(), transaction.atomic():
        Enterprise.objects.filter(schema_name=schema).update(visited_until=until)
        tell_processes()


def note_verified(*, enterprise_id: int, name: str, uscc: str, at: datetime) -> None:
    """Write down what the licence says and that it was checked.

    :raises DomainError: ``uscc_taken``, another enterprise has the code
    """
    with platform_scope(), transaction.atomic():
        if Enterprise.objects.filter(uscc=uscc, destroyed_at=None).exclude(pk=enterprise_id).exists():
            raise _taken()
        enterprise = Enterprise.objects.select_for_update().get(pk=enterprise_id)
        is_other = (enterprise.name, enterprise.uscc) != (name, uscc)
        enterprise.name, enterprise.uscc, enterprise.verified_at = name, uscc, at
        try:
            with transaction.atomic():
                enterprise.save(update_fields=["name", "uscc", "verified_at"])
        except IntegrityError as error:  # somebody signed up with it between the check and the write
            raise _taken() from error
        if is_other:
            enterprise_changed.send(sender=Enterprise, enterprise=enterprise)
        tell_processes()


def note_unverified(*, enterprise_id: int) -> None:
    """Write down that its papers have to be looked at again."""
    with platform_scope(), transaction.atomic():
        Enterprise.objects.filter(pk=enterprise_id).update(verified_at=None)
        tell_processes()


def note_destroyed(*, enterprise_id: int, at: datetime) -> None:
    """Write down that nothing stands behind an enterprise any more, and take its host names away; within the caller's transaction.

    From within a second of the commit no process answers there, and no round over all enterprises enters.
    """
    with platform_scope(), transaction.atomic():
        Domain.objects.filter(tenant_id=enterprise_id).delete()
        Enterprise.objects.filter(pk=enterprise_id).update(destroyed_at=at, visited_until=None)
        tell_processes()


def tell_processes() -> None:
    """Make every process forget what it knows: now, for whoever reads in this transaction, and once it is committed."""
    sites.announce_change()
    transaction.on_commit(sites.announce_change)


__all__ = [
    "Application",
    "enterprise_changed",
    "enterprise_opened",
    "note_destroyed",
    "note_unverified",
    "note_verified",
    "note_visit",
    "open_enterprise",
    "set_status",
]
