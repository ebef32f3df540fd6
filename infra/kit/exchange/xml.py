"""Documents as XML (clause 七.4): read without DTD, entities, instructions or networks, below a size; written by the names of the XSD.

What a stranger sends is refused before a parser sees it unless it is UTF-8 without declarations of types; lxml then works with everything
that reaches outside switched off. libxml2 itself ends what is nested too deep (256).
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from lxml import etree

from infra.kit.exchange.documents import MOST_BYTES, BadDocument
from infra.kit.exchange.records import FIELDS, Field

NS: Final = "urn:anxue:exchange:1"
_DECLARED = re.compile(
    r"""^<\?xml\s+version=['"]1\.0['"](?:\s+encoding=['"]([A-Za-z0-9_-]+)['"])?(?:\s+standalone=['"]\w+['"])?\s*\?>"""
)
_FORBIDDEN = ("<!DOCTYPE", "<!ENTITY", "<!ELEMENT", "<!ATTLIST", "<!NOTATION")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Signs that no XML 1.0 document holds (production 2, Char)."""
_MOST_ELEMENTS = 100_000
_HEAD = ("version", "msgId", "sender", "receiver", "at", "first", "last", "count", "signType", "encType", "keyWrap")
_COMPANY = ("id", "name", "uscc", "divisionCode", "industryCode", "hazard")
_RECORD = ("seq", "id", "kind", "event", "enterprise", "subject", "at")
_WHOLE = {"first", "last", "count", "seq"}


def parse(content: bytes, *, most: int = MOST_BYTES) -> etree._Element:
    """Return the root of a document that a stranger wrote.

    :raises BadDocument: too large, not UTF-8, with a DTD, entities or instructions, or no XML at all
    """
    text = _text(content, most)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=False,
        recover=False,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadDocument("not XML") from error
    if root.getroottree().docinfo.doctype:
        raise BadDocument("DTD")
    for number, node in enumerate(root.iter()):
        if not isinstance(node.tag, str) or number > _MOST_ELEMENTS:
            raise BadDocument("instructions or too many elements")
    return root


def _text(content: bytes, most: int) -> str:
    if len(content) > most:
        raise BadDocument("too large")
    try:
        text = content.decode("utf-8-sig").lstrip()
    except UnicodeDecodeError as error:
        raise BadDocument("not UTF-8") from error
    if text.startswith("<?xml"):
        declared = _DECLARED.match(text)
        if declared is None or (declared[1] or "utf-8").lower() not in {"utf-8", "utf8"}:
            raise BadDocument("not UTF-8")
        text = text[declared.end() :]
    loud = text.upper()
    if "\0" in text or any(word in loud for word in _FORBIDDEN):
        raise BadDocument("DTD")
    return text


def write(root: etree._Element) -> bytes:
    """Return a document's bytes, UTF-8 with a declaration."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def capital(name: str) -> str:
    """Return a published name as XML writes it: ``msgId`` becomes ``MsgId``."""
    return name[0].upper() + name[1:]


def kind_name(kind: str) -> str:
    """Return the element that holds a record's fields: ``Session`` and so on; ``Enterprise`` is taken by whose record it is."""
    return "EnterpriseState" if kind == "ENTERPRISE" else capital(kind.lower())


def element(name: str, *children: etree._Element) -> etree._Element:
    """Return an element of our namespace."""
    found = etree.Element(f"{{{NS}}}{name}", nsmap={None: NS})
    found.extend(children)
    return found


def leaf(name: str, value: object) -> etree._Element:
    """Return an element that holds one value; signs that XML cannot keep become U+FFFD."""
    found = element(name)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    found.text = _NO_XML.sub("\ufffd", text)
    return found


def parcel(document: Mapping[str, Any]) -> etree._Element:
    """Return a parcel (`documents.parcel`) as ``Records``."""
    head = [leaf(capital(name), document[name]) for name in _HEAD]
    companies = [element("Enterprise", *(leaf(capital(name), one[name]) for name in _COMPANY)) for one in document["enterprises"]]
    return element("Records", *head, *companies, *(_record(one) for one in document["records"]))


def _record(one: Mapping[str, Any]) -> etree._Element:
    parts = [leaf(capital(name), one[name]) for name in _RECORD]
    told = [leaf(capital(each.name), one["fields"][each.name]) for each in FIELDS[one["kind"]] if each.name in one["fields"]]
    parts.append(element(kind_name(one["kind"]), *told))
    if "sealed" in one:
        parts.append(leaf("Sealed", one["sealed"]))
    return element("Record", *parts)


def read_parcel(root: etree._Element) -> dict[str, Any]:
    """Return ``Records`` as `documents.parcel` makes it; the receiver's way.

    :raises BadDocument: it is none
    """
    try:
        found: dict[str, Any] = {name: _read(root, name) for name in _HEAD}
        found["enterprises"] = [{name: said(each, capital(name)) for name in _COMPANY} for each in _all(root, "Enterprise")]
        found["records"] = [_read_record(each) for each in _all(root, "Record")]
    except (ValueError, KeyError) as error:
        raise BadDocument("Records") from error
    return found


def _read_record(root: etree._Element) -> dict[str, Any]:
    found: dict[str, Any] = {name: _read(root, name) for name in _RECORD}
    told = root.find(f"{{{NS}}}{kind_name(str(found['kind']))}")
    fields = FIELDS[found["kind"]]
    found["fields"] = {
        one.name: _typed(one, text) for one in fields if told is not None and (text := said(told, capital(one.name)))
    }
    if sealed := said(root, "Sealed"):
        found["sealed"] = sealed
    return found


def _typed(one: Field, text: str) -> str | int | bool:
    if one.kind is bool:
        return text in {"true", "1"}
    return int(text) if one.kind is int else text


def receipts(document: Mapping[str, Any]) -> etree._Element:
    """Return receipts (`documents.receipts_document`) as ``Receipts``."""
    lines = [
        element("Receipt", *(leaf(capital(name), line.get(name, "")) for name in ("id", "result", "code", "reason")))
        for line in document["receipts"]
    ]
    return element("Receipts", leaf("Version", document["version"]), leaf("MsgId", document["msgId"]), *lines)


def read_receipts(root: etree._Element) -> dict[str, Any]:
    """Return ``Receipts`` as plain data, to be read by `documents.read_receipts`."""
    lines = [{name: said(each, capital(name)) for name in ("id", "result", "code", "reason")} for each in _all(root, "Receipt")]
    return {"version": said(root, "Version"), "msgId": said(root, "MsgId"), "receipts": lines}


def said(root: etree._Element, name: str) -> str:
    """Return the text of a child of our namespace, "" where there is none."""
    return str(root.findtext(f"{{{NS}}}{name}") or "").strip()


def _read(root: etree._Element, name: str) -> str | int:
    text = said(root, capital(name))
    return int(text) if name in _WHOLE else text


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.findall(f"{{{NS}}}{name}"))
