"""What partners call: ``/api/exchange/v1``. Signed requests, signed answers (`infra.kit.exchange.stamps`); the contract is at ``/exchange/v1/``."""

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router

from infra.kit import canonical, clock
from infra.kit.errors import DomainError
from infra.kit.exchange import documents, stamps
from infra.kit.exchange.documents import BadDocument
from infra.kit.exchange.stamps import Refused
from public.regulators.exchange import serving
from public.regulators.exchange.serving import Caller
from tenants.addresses import client_ip

router = Router(tags=["exchange"])


@router.post("/records/pull", auth=None, summary="取下一批记录")
def pull(request: HttpRequest) -> HttpResponse:
    """Return a parcel behind ``{"after": number, "limit": count}``; 204 where there is nothing."""
    at, who, body = _came(request)
    asked = _read(body)
    after, limit = _whole(asked, "after", 0), _whole(asked, "limit", 200)
    return _answer(who, serving.take(who, after=after, limit=limit, at=at), at)


@router.post("/receipts", auth=None, summary="交回回执")
def receipts(request: HttpRequest) -> HttpResponse:
    """Take receipts (`receipts-1.schema.json`)."""
    at, who, body = _came(request)
    changed = serving.give_receipts(who, _read(body), at=at)
    return _answer(who, {"changed": changed}, at)


@router.get("/days/{day}", auth=None, summary="每日对账文件")
def day_file(request: HttpRequest, day: date, part: int = 1) -> HttpResponse:
    """Return one part of the file of a day (`day-1.schema.json`)."""
    at, who, _body = _came(request)
    return _answer(who, serving.day(who, day, part=part, at=at), at)


@router.post("/days/{day}", auth=None, summary="对账结果")
def day_answer(request: HttpRequest, day: date) -> HttpResponse:
    """Take ``{"missing": [ids]}`` and send those again."""
    at, who, body = _came(request)
    again = serving.settle_day(who, day, _read(body), at=at)
    return _answer(who, {"again": again}, at)


def _came(request: HttpRequest) -> tuple[datetime, Caller, bytes]:
    at, body = clock.now(), content(request)
    try:
        found = stamps.read(request.headers)
    except Refused as refusal:
        raise serving.refused(refusal) from refusal
    query, ip = request.META.get("QUERY_STRING", ""), client_ip(request)
    return at, serving.caller(found, method=request.method or "", path=request.path, query=query, body=body, ip=ip, at=at), body


def content(request: HttpRequest) -> bytes:
    """Return the body, no more than a partner's message may have.

    :raises DomainError: 413 ``too_large``
    """
    said = str(request.META.get("CONTENT_LENGTH") or 0)
    if said.isascii() and said.isdigit() and int(said) > serving.MOST_BYTES:
        raise DomainError("too_large", _("一次最多 1 MB，请分几次发送。"), status=413)
    return request.body


def _read(body: bytes) -> dict[str, object]:
    try:
        found = documents.parse_json(body)
        if not isinstance(found, dict):
            raise BadDocument("object")
    except BadDocument as error:
        raise serving.unreadable(error) from error
    return found


def _whole(asked: dict[str, object], name: str, default: int) -> int:
    value = asked.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise serving.unreadable(BadDocument(name))
    return value


def _answer(who: Caller, document: dict[str, object] | None, at: datetime) -> HttpResponse:
    status, body = (204, b"") if document is None else (200, canonical.encode(document))
    response = HttpResponse(body, status=status, content_type="application/json")
    for name, value in who.signed(body, what=str(status), at=at).headers().items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response
