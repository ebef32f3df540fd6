"""What is sent to break an XML reader is refused before it costs anything (R7.4), and plain documents pass."""

from __future__ import annotations

import base64

import pytest

from infra.kit.exchange import contract, soap, xml
from infra.kit.exchange.documents import BadDocument
from infra.kit.exchange.soap import SOAP11, SOAP12, Fault
from infra.kit.exchange.stamps import Refused, Stamp

pytestmark = pytest.mark.req("R7.4")
NS = xml.NS
LOL = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
MALICIOUS = {
    "external entity": '<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]><q>&x;</q>',
    "entity over the network": '<!DOCTYPE q [<!ENTITY x SYSTEM "http://127.0.0.1:1/">]><q>&x;</q>',
    "parameter entity": '<!DOCTYPE q [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]><q/>',
    "billion laughs": f'<!DOCTYPE q [<!ENTITY lol0 "lol">{LOL}]><q>&lol9;</q>',
    "quadratic blow-up": f'<!DOCTYPE q [<!ENTITY a "{"a" * 5000}">]><q>{"&a;" * 5000}</q>',
    "external DTD": '<!DOCTYPE q SYSTEM "http://127.0.0.1:1/x.dtd"><q/>',
    "public DTD": '<!DOCTYPE q PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://127.0.0.1:1/x.dtd"><q/>',
    "empty DTD": "<!DOCTYPE q><q/>",
    "DTD in small letters": '<!doctype q [<!entity x "y">]><q/>',
    "UTF-16 with a DTD": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE q><q/>'.encode("utf-16"),
    "another encoding": '<?xml version="1.0" encoding="ISO-8859-1"?><q/>',
    "UTF-7": '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE q+AD4-<q/>',
    "XML 1.1": '<?xml version="1.1"?><q/>',
    "stylesheet": '<?xml-stylesheet href="http://127.0.0.1:1/x.xsl"?><q><?php x ?></q>',
    "instruction inside": "<q><?x y?></q>",
    "unknown entity": "<q>&x;</q>",
    "too deep": "<q>" * 5000 + "</q>" * 5000,
    "too many elements": "<q>" + "<a/>" * 100_001 + "</q>",
    "two roots": "<q/><q/>",
    "NUL": "<q>\0</q>",
    "no XML": "hello",
    "nothing": "",
    "not UTF-8": b"<q>\xff</q>",
    "unbound prefix": "<a:q/>",
    "attribute twice": '<q a="1" a="2"/>',
}


@pytest.mark.parametrize("name", list(MALICIOUS))
def test_refuses(name):
    content = MALICIOUS[name]
    with pytest.raises(BadDocument):
        xml.parse(content if isinstance(content, bytes) else content.encode())


def test_refuses_what_is_larger_than_it_may_be():
    with pytest.raises(BadDocument, match="too large"):
        xml.parse(b"<q>" + b"a" * 100 + b"</q>", most=100)


@pytest.mark.parametrize(
    "content", [b"<q/>", b'<?xml version="1.0"?><q/>', b"\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<q/>"]
)
def test_reads_a_plain_document(content):
    assert xml.parse(content).tag == "q"


STAMP = Stamp("ax-0123", "2026-11-23T22:00:00+08:00", "n" * 24, "SM2-SM3", base64.b64encode(b"signature").decode())


@pytest.mark.parametrize("version", [SOAP11, SOAP12])
def test_an_envelope_reads_back(version):
    call = soap.read(soap.write(version, "PullRecords", STAMP, b"<q/>"), most=10_000)
    assert (call.version, call.operation, call.stamp, call.payload) == (version, "PullRecords", STAMP, b"<q/>")


@pytest.mark.parametrize("version", [SOAP11, SOAP12])
def test_a_fault_says_its_problem(version):
    with pytest.raises(Fault) as found:
        soap.read(soap.fault(version, code="replayed", message="请求重复", is_ours=False), most=10_000)
    assert (found.value.code, found.value.message) == ("replayed", "请求重复")


def body(inside: str, head: str = "") -> bytes:
    return f'<s:Envelope xmlns:s="{SOAP11}" xmlns="{NS}">{head}<s:Body>{inside}</s:Body></s:Envelope>'.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"<q/>",
        b'<Envelope xmlns="urn:x"/>',
        body(""),
        body("<PullRecords/><PullRecords/>"),
        body("<PullRecords/>"),
        body('<PullRecords xmlns="urn:x"/>'),
        body("<PullRecords><Payload/><AccessKey/></PullRecords>"),
        body("<PullRecords/>", '<s:Header><x xmlns="urn:x" s:mustUnderstand="1"/></s:Header>'),
    ],
)
def test_refuses_an_envelope_that_is_none(content):
    with pytest.raises((BadDocument, Refused)):
        soap.read(content, most=10_000)


def test_refuses_a_payload_that_is_no_base64():
    written = soap.write(SOAP11, "PullRecords", STAMP, b"<q/>").replace(base64.b64encode(b"<q/>"), b"!!!")
    with pytest.raises(BadDocument, match="Payload"):
        soap.read(written, most=10_000)


def test_the_xsd_refuses_what_it_does_not_know():
    with pytest.raises(BadDocument):
        contract.validate(xml.parse(f'<Query xmlns="{NS}"><After>1</After></Query>'.encode()))
    contract.validate(xml.parse(f'<Query xmlns="{NS}"><After>1</After><Limit>5</Limit></Query>'.encode()))
