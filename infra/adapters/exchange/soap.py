"""SOAP: ``PushRecords`` of `receiver-1.wsdl`, document/literal, XML inside, signed both ways. Version 1.1, which every stack speaks."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from infra.adapters.exchange.wire import MOST_BYTES, Wire
from infra.kit.exchange import contract, documents, soap, stamps, xml
from infra.kit.exchange.documents import BadDocument, Receipt
from infra.kit.exchange.stamps import Refused
from public.regulators.ports import Answer, Line, NotCarried

_PUSH = "PushRecords"
_OF_DOCUMENTS = {"bad_document", "too_large"}
"""Faults that this document has; all others (keys, clocks, outages) concern the partner as a whole."""


class SoapCarrier:
    """Carries XML."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def send(self, line: Line, document: Mapping[str, Any], *, at: datetime) -> Answer:
        """See :class:`public.regulators.ports.Carrier`. An empty payload means that receipts come later."""
        payload, nonce = xml.write(xml.parcel(document)), secrets.token_urlsafe(18)
        stamp = stamps.stamp(line.keys, method=soap.METHOD, path=_PUSH, key=line.access_key, body=payload, nonce=nonce, at=at)
        headers = {"Content-Type": soap.content_type(soap.SOAP11), "SOAPAction": f'"{soap.ACTION}{_PUSH}"'}
        said = self._wire.post(line.address, soap.write(soap.SOAP11, _PUSH, stamp, payload), headers, reads_500=True)
        answer = _answer(line, said.body, nonce, at)
        if not answer:
            return Answer([], is_later=True)
        return Answer(_receipts(answer, str(document["msgId"])))

    def reconcile(self, line: Line, day: str, parts: Iterable[Mapping[str, Any]], *, at: datetime) -> list[str] | None:
        """See :class:`public.regulators.ports.Carrier`: the WSDL has no such operation; our own books count."""
        return None

    def collect(self, line: Line, msg_id: str, *, at: datetime) -> list[Receipt] | None:
        """See :class:`public.regulators.ports.Carrier`: later receipts are pushed to us."""
        return None


def _answer(line: Line, body: bytes, nonce: str, at: datetime) -> bytes:
    """Return the payload of an answer that the partner signed for this very request."""
    try:
        call = soap.read(body, most=MOST_BYTES)
        if call.operation != f"{_PUSH}Response" or call.stamp.nonce != nonce or call.stamp.key != line.access_key:
            raise Refused("bad_signature")
        stamps.check(line.keys, call.stamp, method="ANSWER", path=call.operation, body=call.payload, at=at)
    except soap.Fault as fault:
        raise NotCarried(
            "document_refused" if fault.code in _OF_DOCUMENTS else "fault", is_down=fault.code not in _OF_DOCUMENTS
        ) from fault
    except BadDocument as error:
        raise NotCarried("bad_answer", is_down=True) from error
    except Refused as refusal:
        raise NotCarried("unsigned_answer", is_down=True) from refusal
    return call.payload


def _receipts(payload: bytes, expected: str) -> list[Receipt]:
    try:
        root = xml.parse(payload)
        contract.validate(root)
        msg_id, receipts = documents.read_receipts(xml.read_receipts(root))
    except BadDocument as error:
        raise NotCarried("bad_answer", is_down=True) from error
    if msg_id != expected:
        raise NotCarried("bad_answer", is_down=True)
    return receipts
