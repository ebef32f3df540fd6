"""SOAP 1.1 and 1.2, document/literal, by hand (decision 0018): one signed element in the body, our namespace, nothing else.

The element is the type ``Signed`` of the XSD: stamp and payload. The payload's exact bytes are signed, so no canonical form of XML is needed,
and any client sends it as plain base64.
"""

import base64
from dataclasses import dataclass
from typing import Final

from lxml import etree

from infra.kit.exchange import xml
from infra.kit.exchange.documents import BadDocument
from infra.kit.exchange.stamps import Stamp, checked

SOAP11: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12: Final = "http://www.w3.org/2003/05/soap-envelope"
METHOD: Final = "SOAP"
"""Stands for the HTTP method in what is signed; the path is the operation's name."""
ACTION: Final = "urn:anxue:exchange:1:"
_TYPES = {SOAP11: "text/xml; charset=utf-8", SOAP12: "application/soap+xml; charset=utf-8"}
_PARTS = ("AccessKey", "Timestamp", "Nonce", "SignType", "Payload", "Signature")


@dataclass(frozen=True, slots=True)
class Call:
    """A request or an answer: which SOAP, which element, its stamp, and the payload's bytes."""

    version: str
    operation: str
    stamp: Stamp
    payload: bytes


class Fault(Exception):
    """What the other side answered instead: code and words."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


def content_type(version: str, operation: str = "") -> str:
    """Return the Content-Type of a message; SOAP 1.2 names the action in it."""
    more = f'; action="{ACTION}{operation}"' if version == SOAP12 and operation else ""
    return _TYPES[version] + more


def write(version: str, operation: str, stamp: Stamp, payload: bytes) -> bytes:
    """Return an envelope with one signed element."""
    values = (stamp.key, stamp.timestamp, stamp.nonce, stamp.sign_type, base64.b64encode(payload).decode(), stamp.signature)
    signed = xml.element(operation, *(xml.leaf(name, value) for name, value in zip(_PARTS, values, strict=True)))
    return xml.write(_envelope(version, signed))


def read(content: bytes, *, most: int) -> Call:
    """Return the one signed element of an envelope.

    :raises BadDocument: no envelope, more than one element, or not what the XSD allows
    :raises Refused: the stamp has a wrong shape
    :raises Fault: it is an answer that tells of a problem
    """
    root = xml.parse(content, most=most)
    version = _version(root)
    body = root.find(f"{{{version}}}Body")
    if body is None or len(body) != 1:
        raise BadDocument("Body")
    _refuse_headers(root, version)
    found = body[0]
    if found.tag == f"{{{version}}}Fault":
        raise _fault(found)
    operation = etree.QName(found)
    if operation.namespace != xml.NS:
        raise BadDocument("namespace")
    stamp, payload = _signed(found)
    return Call(version, operation.localname, stamp, payload)


def _version(root: etree._Element) -> str:
    found = etree.QName(root)
    if found.localname != "Envelope" or found.namespace not in _TYPES:
        raise BadDocument("Envelope")
    return str(found.namespace)


def _refuse_headers(root: etree._Element, version: str) -> None:
    """A header that must be understood is none of ours (SOAP 1.1, 4.2.3; SOAP 1.2, 5.2.3)."""
    header = root.find(f"{{{version}}}Header")
    for one in header if header is not None else ():
        if one.get(f"{{{version}}}mustUnderstand") in {"1", "true"}:
            raise BadDocument("mustUnderstand")


def _signed(found: etree._Element) -> tuple[Stamp, bytes]:
    if [etree.QName(child).localname for child in found] != list(_PARTS):
        raise BadDocument("Signed")
    key, timestamp, nonce, sign_type, payload, signature = (xml.said(found, name) for name in _PARTS)
    try:
        content = base64.b64decode("".join(payload.split()), validate=True)
    except ValueError as error:
        raise BadDocument("Payload") from error
    return checked(Stamp(key, timestamp, nonce, sign_type, "".join(signature.split()))), content


def fault(version: str, *, code: str, message: str, is_ours: bool) -> bytes:
    """Return a fault with ``Problem`` in its detail.

    :param is_ours: whether the server, not the sender, is to blame
    """
    problem = xml.element("Problem", xml.leaf("Code", code), xml.leaf("Message", message))
    build = _fault12 if version == SOAP12 else _fault11
    return xml.write(_envelope(version, build(problem, message, is_ours=is_ours)))


def _fault11(problem: etree._Element, message: str, *, is_ours: bool) -> etree._Element:
    found = etree.Element(f"{{{SOAP11}}}Fault", nsmap={"soap": SOAP11})
    etree.SubElement(found, "faultcode").text = "soap:Server" if is_ours else "soap:Client"
    etree.SubElement(found, "faultstring").text = message
    etree.SubElement(found, "detail").append(problem)
    return found


def _fault12(problem: etree._Element, message: str, *, is_ours: bool) -> etree._Element:
    found = etree.Element(f"{{{SOAP12}}}Fault", nsmap={"soap": SOAP12})
    code = etree.SubElement(found, f"{{{SOAP12}}}Code")
    etree.SubElement(code, f"{{{SOAP12}}}Value").text = "soap:Receiver" if is_ours else "soap:Sender"
    reason = etree.SubElement(found, f"{{{SOAP12}}}Reason")
    text = etree.SubElement(reason, f"{{{SOAP12}}}Text")
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "zh-Hans")
    text.text = message
    etree.SubElement(found, f"{{{SOAP12}}}Detail").append(problem)
    return found


def _fault(found: etree._Element) -> Fault:
    problem = next(found.iter(f"{{{xml.NS}}}Problem"), None)
    if problem is None:
        return Fault("fault", "")
    return Fault(xml.said(problem, "Code")[:40], xml.said(problem, "Message")[:500])


def _envelope(version: str, child: etree._Element) -> etree._Element:
    root = etree.Element(f"{{{version}}}Envelope", nsmap={"soap": version})
    etree.SubElement(root, f"{{{version}}}Body").append(child)
    return root
