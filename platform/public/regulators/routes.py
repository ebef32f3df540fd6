"""The authority's pull: `GET /api/regulator/feed`."""

import hashlib
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.security import HttpBearer

from infra.kit import clock
from infra.kit.marking import PERSONS
from public.audit import api as audit
from public.regulators import feed
from public.regulators.accounts import Authority, authority_by_key
from tenants import limits
from tenants.addresses import client_ip

PER_KEY, WRONG_PER_IP = "120/minute", "60/hour"


class ApiKey(HttpBearer):
    """``Authorization: Bearer axr_…``."""

    def authenticate(self, request: HttpRequest, token: str) -> Authority | None:
        """Return the authority of the key, or None (401)."""
        found = authority_by_key(token)
        if found is None:
            limits.spend(WRONG_PER_IP, "feed-ip", client_ip(request))
            return None
        limits.spend(PER_KEY, "feed", str(found.id))
        return found


router = Router(tags=["regulator"], auth=ApiKey())


@router.get("/feed", summary="一天的培训记录（签名）")
def pull(
    request: HttpRequest,
    day: date,
    after: Annotated[int, Query(ge=0, le=10**15)] = 0,
    limit: Annotated[int, Query(ge=1, le=feed.MOST)] = 200,
) -> HttpResponse:
    """Return one parcel; the Ed25519 signature over the exact body bytes is in ``X-Anxue-Signature`` (base64).

    Public keys: `/.well-known/anxue-keys.json`, chosen by ``X-Anxue-Key-Id``.
    """
    who: Authority = request.auth  # type: ignore[attr-defined]
    at = clock.now()
    sent = feed.parcel(prefix=who.division_prefix, day=day, after=after, limit=limit, at=at)
    if sent.count:  # who asks every few seconds whether there is more fills no log
        _note(who, sent, day, at=at, ip=client_ip(request))
    response = HttpResponse(sent.body, content_type="application/json")
    response["X-Anxue-Signature"] = sent.signature
    response["X-Anxue-Key-Id"] = sent.key_id
    response["Cache-Control"] = "no-store"
    return response


def _note(who: Authority, sent: feed.Parcel, day: date, *, at: datetime, ip: str) -> None:
    """Write down which records an authority took with its key (clause 五.4)."""
    audit.exchanged(
        "exchange.out.feed",
        audit.Direction.OUT,
        actor=f"credential:{who.credential_id}",
        target=f"regulator:{who.id}",
        at=at,
        ip=ip,
        party=f"authority:{who.division_prefix}",
        what="records",
        rows=sent.count,
        size=len(sent.body),
        digest=hashlib.sha256(sent.body).hexdigest(),
        label=PERSONS.code,
        day=day.isoformat(),
    )
