"""Ground of the tests of the open interface: keys, callers, a neighbour with people of his own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client

from apps.openapi import keys
from apps.openapi.models import ApiKey
from apps.openapi.scopes import Scope
from apps.people import api as people
from apps.people.models import Manager
from apps.records.models import Leaf, LedgerEntry
from infra.kit import clock
from tenants.scope import enterprise_scope

BASE = "/api/v1"
ALL = [str(scope) for scope in Scope]


def owner() -> int:
    """Return the id of the enterprise's 安全员, made if there is none."""
    found = Manager.objects.filter(role=Manager.Role.OWNER).first()
    if found is None:
        credential = people.open_owner(name="安全员", mobile="13900000001", password=None, at=clock.now())
        found = Manager.objects.get(credential=credential)
    return found.pk


def token(scopes: Iterable[str] = ALL, *, days: int = 30, **more: Any) -> str:
    """Make a key in the current enterprise and return its secret."""
    order = keys.Order(name=more.pop("name", "人事系统"), scopes=list(scopes), days=days, **more)
    return keys.make(order=order, by=owner(), at=clock.now())[1]


def newest_key() -> UUID:
    """Return the uuid of the key that was made last."""
    return ApiKey.objects.latest("pk").uuid


@dataclass(frozen=True, slots=True)
class Told:
    """One answer."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str:
        """The code of a problem."""
        return str(self.body["code"])


class Caller:
    """Another system with a key, before an enterprise's host."""

    def __init__(self, site: Any, key: str = "", **defaults: Any) -> None:
        headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"} if key else {}
        self._client = Client(HTTP_HOST=site.host, **headers, **defaults)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Told:
        """Send one request below the version's path; ``headers`` by name with underscores."""
        said = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        reply = self._client.generic(method, BASE + path, headers=names, **said)
        content = reply.content.decode()
        is_json = "json" in reply.headers.get("Content-Type", "")
        return Told(reply.status_code, json.loads(content) if is_json else content, reply.headers)

    def get(self, path: str) -> Told:
        """Ask for something."""
        return self.ask("GET", path)

    def post(self, path: str, body: Any, *, once: str = "") -> Told:
        """Write something."""
        return self.ask("POST", path, body, **({"Idempotency_Key": once} if once else {}))


def seal_ledger() -> None:
    """Give every entry without a place the next one, as the sealer does; it works on what is committed, and tests roll back."""
    place = Leaf.objects.count()
    for row in LedgerEntry.objects.filter(leaf=None).order_by("pk"):
        Leaf.objects.create(index=place, entry=row, hash=bytes(row.hash))
        place += 1


def furnish() -> dict[str, Any]:
    """Give the current enterprise people, a plan, a certificate and a sealed ledger.

    Returns what is there by the name of the parameter that asks for it, and in ``bodies`` what may be written, by operation.
    """
    from apps.records.models import Certificate
    from tests.apps.plans import ground as plans
    from tests.apps.plans.signed import finished

    someone, late = plans.learner(2), plans.learner(4)
    plan = plans.open_plan()
    finished(3)
    seal_ledger()
    certificate = Certificate.objects.get()
    new = {"name": "学员乙", "id_number": plans.resident_id(7), "mobile": "13800000007", "unit": "生产部"}
    return {
        "learner": str(someone.uuid),
        "plan": str(plan),
        "certificate": str(certificate.uuid),
        "code": certificate.code,
        "bodies": {
            "POST /learners": new,
            "PATCH /learners/{learner}": {"position": "电工"},
            "POST /learners/search": {"text": "学员"},
            "POST /plans/{plan}/learners": {"learner_ids": [str(late.uuid)]},
        },
    }


def furnished() -> dict[str, str]:
    """Open an enterprise with something to ask for; returns its host and a key for everything."""
    from tenants.opening import Application, open_enterprise
    from tests.conftest import NOON

    site = open_enterprise(
        Application("杭州甲机械有限公司", "91330106MA2BKXT393", "contract", "C34", "GENERAL", "330106"), at=NOON
    )
    with enterprise_scope(site):
        furnish()
        secret = token()
        ApiKey.objects.update(per_minute=30_000)
    return {"host": site.host, "key": secret}
