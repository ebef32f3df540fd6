"""Writes that may be sent twice: with the same ``Idempotency-Key`` the second gets the answer of the first and changes nothing.

The key is entered first, in the transaction of the write. A repeat that comes while the first still runs waits at the unique constraint
and then reads its answer. A refused write leaves nothing, so it may be sent again with the same key.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Schema

from apps.openapi.guards import asking
from apps.openapi.keys import KeyView
from apps.openapi.models import RepeatedCall
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import keys

KEPT = timedelta(days=1)
PURPOSE = "repeated-call"
_AT_ONCE = 2000

Said = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="A word of your own for this write, e.g. a UUID. Sent again within a day it changes nothing.",
    ),
]


def once(request: HttpRequest, said: str | None, do: Callable[[], Schema], *, status: int = 200) -> HttpResponse:
    """Do a write of the key that asks, or give the answer that it got before.

    :param said: the ``Idempotency-Key``; without one the write is simply done
    :param do: writes and returns what is answered; runs within one transaction
    :raises DomainError: 422 ``idempotency_mismatch``: the same key came with another request; whatever ``do`` raises
    """
    with transaction.atomic():
        if said is None:
            return _answer(do().model_dump_json().encode(), status)
        known = _enter(asking(request), said, fingerprint(request), at=clock.now())
        if known is not None:
            return known
        body = do().model_dump_json().encode()
        mine = RepeatedCall.objects.filter(key_id=asking(request).id, said=said)
        mine.update(status=status, body_sealed=keys.seal(body, purpose=PURPOSE))
        return _answer(body, status)


def fingerprint(request: HttpRequest) -> bytes:
    """Return what tells one request from another: method, path and body; the same JSON in another order is another body."""
    told = [request.method or "", request.path, request.body.decode("utf-8", "replace")]
    return hashlib.sha256(json.dumps(told).encode()).digest()


_ENTER = """
INSERT INTO openapi_repeat (key_id, said, fingerprint, status, body_sealed, at) VALUES (%s, %s, %s, 0, '', %s)
ON CONFLICT (key_id, said) DO NOTHING
"""


def _enter(who: KeyView, said: str, print_of: bytes, *, at: datetime) -> HttpResponse | None:
    """Enter a word of a key; returns the former answer where there is one. One that is older than a day counts as unknown."""
    RepeatedCall.objects.filter(key_id=who.id, said=said, at__lt=at - KEPT).delete()
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [who.id, said, print_of, at])
        if cursor.rowcount:
            return None
    row = RepeatedCall.objects.get(key_id=who.id, said=said)
    if bytes(row.fingerprint) != print_of:
        words = _("这个 Idempotency-Key 已用于另一个请求，请换一个新的。")
        raise DomainError("idempotency_mismatch", words, status=422)
    response = _answer(keys.unseal(bytes(row.body_sealed), purpose=PURPOSE), row.status)
    response["Idempotent-Replayed"] = "true"
    return response


def _answer(body: bytes, status: int) -> HttpResponse:
    return HttpResponse(body, status=status, content_type="application/json; charset=utf-8")


def forget_old(*, at: datetime) -> int:
    """Remove answers that are older than a day; returns how many. Short statements, so that nobody waits."""
    gone = 0
    while ids := list(RepeatedCall.objects.filter(at__lt=at - KEPT).values_list("pk", flat=True)[:_AT_ONCE]):
        gone += RepeatedCall.objects.filter(pk__in=ids).delete()[0]
    return gone
