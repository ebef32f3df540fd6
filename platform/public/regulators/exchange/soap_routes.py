"""The same over SOAP 1.1 and 1.2: ``POST /api/exchange/v1/soap`` (WSDL: ``/exchange/v1/exchange-1.wsdl``)."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response
from django.utils.translation import gettext as _
from lxml import etree
from ninja import Router

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.kit.exchange import contract, soap, xml
from infra.kit.exchange.documents import BadDocument
from infra.kit.exchange.stamps import Refused
from public.regulators.exchange import serving
from public.regulators.exchange.routes import content
from public.regulators.exchange.serving import Caller
from tenants.addresses import client_ip

router = Router(tags=["exchange"])


@router.post("/soap", auth=None, summary="WebService")
def endpoint(request: HttpRequest) -> HttpResponse:
    """Answer one operation, or a fault with ``Problem`` in the caller's version of SOAP."""
    at, version = clock.now(), _version(request)
    try:
        call = _read(content(request))
        version = call.version
        who = serving.caller(call.stamp, method=soap.METHOD, path=call.operation, body=call.payload, ip=client_ip(request), at=at)
        payload = _operation(call.operation)(who, _root(call.payload), at)
    except DomainError as error:
        return _fault(request, version, error)
    name = f"{call.operation}Response"
    answer = soap.write(version, name, who.signed(payload, what=name, at=at), payload)
    return HttpResponse(answer, content_type=soap.content_type(version, name))


def _version(request: HttpRequest) -> str:
    """What a fault is written in before the envelope could be read."""
    return soap.SOAP12 if request.headers.get("Content-Type", "").startswith("application/soap+xml") else soap.SOAP11


def _read(body: bytes) -> soap.Call:
    try:
        return soap.read(body, most=serving.MOST_BYTES)
    except BadDocument as error:
        raise serving.unreadable(error) from error
    except Refused as refusal:
        raise serving.refused(refusal) from refusal
    except soap.Fault as fault:
        raise serving.unreadable(BadDocument("Fault")) from fault


def _root(payload: bytes) -> etree._Element:
    try:
        root = xml.parse(payload, most=serving.MOST_BYTES)
        contract.validate(root)
    except BadDocument as error:
        raise serving.unreadable(error) from error
    return root


def _operation(name: str) -> Callable[[Caller, etree._Element, datetime], bytes]:
    found = {"PullRecords": _pull, "PushReceipts": _receipts}.get(name)
    if found is None:
        raise DomainError("unknown_operation", _("没有这个操作，请对照 WSDL。"), status=404)
    return found


def _pull(who: Caller, root: etree._Element, at: datetime) -> bytes:
    _expect(root, "Query")
    after, limit = int(xml.said(root, "After")), int(xml.said(root, "Limit"))
    if after < 0:
        raise serving.unreadable(BadDocument("After"))
    found = serving.take(who, after=after, limit=limit, at=at)
    return b"" if found is None else xml.write(xml.parcel(found))


def _receipts(who: Caller, root: etree._Element, at: datetime) -> bytes:
    _expect(root, "Receipts")
    document = xml.read_receipts(root)
    serving.give_receipts(who, document, at=at)
    return xml.write(xml.receipts(document))


def _expect(root: etree._Element, name: str) -> None:
    if root.tag != f"{{{xml.NS}}}{name}":
        raise serving.unreadable(BadDocument(name))


def _fault(request: HttpRequest, version: str, error: DomainError) -> HttpResponse:
    is_ours = error.status >= 500
    body = soap.fault(version, code=error.code, message=str(error.message), is_ours=is_ours)
    status = 400 if version == soap.SOAP12 and not is_ours else 500  # SOAP 1.1 knows no other (6.2); 1.2: part 2, 7.5
    response = HttpResponse(body, status=status, content_type=soap.content_type(version))
    if not is_ours:  # the callers' faults are no failures of ours, whatever SOAP 1.1 calls them
        log_response("fault: %s", error.code, response=response, request=request, level="warning")
    return response
