"""The WebService: both versions, hostile and repeated input, and an unmodified client of somebody else's making over loopback."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests
import zeep
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.db import connections
from django.test import Client
from lxml import etree

from infra.kit import clock
from infra.kit.exchange import contract, documents, soap, stamps, xml
from infra.kit.exchange.soap import SOAP11, SOAP12, Fault
from infra.kit.exchange.suites import Keys, Suite, make_pair
from public.regulators.exchange import partners, queueing
from public.regulators.exchange.models import Delivery
from tenants.scope import platform_scope
from tests.infra.kit.exchange import openssl
from tests.infra.kit.exchange.openssl import OpenSsl
from tests.infra.kit.exchange.test_xml import MALICIOUS
from tests.public.desk import HOST
from tests.public.regulators.exchange.ground import ME, open_partner, states, submit, wanted

pytestmark = [pytest.mark.req("R7.4"), pytest.mark.req("R5.6")]
PATH = "/api/exchange/v1/soap"
STAYS = datetime(2029, 5, 1, 4, 0, tzinfo=UTC)
"""When the stranger's records happen: they are committed and stay, so they lie on a day and are of a kind that no other test looks at."""
QUERY = f'<Query xmlns="{xml.NS}"><After>0</After><Limit>10</Limit></Query>'.encode()


@pytest.fixture
def there(platform: None) -> tuple[Any, Keys]:
    public, private = make_pair(Suite.SM)
    row = open_partner(suite="SM2-SM3", their_public=public)
    return row, Keys(Suite.SM, private, public, bytes(row.own_public))


def signed(there: tuple[Any, Keys], operation: str, payload: bytes, nonce: str = "") -> stamps.Stamp:
    row, keys = there
    return stamps.stamp(
        keys,
        method=soap.METHOD,
        path=operation,
        key=row.access_key,
        body=payload,
        nonce=nonce or secrets.token_urlsafe(18),
        at=clock.now(),
    )


def post(body: bytes, version: str = SOAP11) -> Any:
    return Client(HTTP_HOST=HOST).generic("POST", PATH, body, content_type=soap.content_type(version))


def ask(there: tuple[Any, Keys], operation: str, payload: bytes, version: str = SOAP11, nonce: str = "") -> Any:
    return post(soap.write(version, operation, signed(there, operation, payload, nonce), payload), version)


@pytest.mark.parametrize("version", [SOAP11, SOAP12])
def test_pulls_and_gives_receipts(there, jia, version):
    submit(jia, n=2)
    queueing.enqueue()
    answer = ask(there, "PullRecords", QUERY, version, nonce="n" * 20)
    call = soap.read(answer.content, most=10**6)
    assert (answer.status_code, call.version, call.operation, call.stamp.nonce) == (200, version, "PullRecordsResponse", "n" * 20)
    stamps.check(there[1], call.stamp, method="ANSWER", path=call.operation, body=call.payload, at=clock.now())
    root = xml.parse(call.payload)
    contract.validate(root)
    parcel = xml.read_parcel(root)
    assert documents.opened(parcel, there[1])[0]["name"] == "学*"
    said = [documents.Receipt(record["id"], documents.Result.ACCEPTED) for record in parcel["records"]]
    receipts = xml.write(xml.receipts(documents.receipts_document(parcel["msgId"], said)))
    assert soap.read(ask(there, "PushReceipts", receipts, version).content, most=10**6).payload == receipts
    assert states(there[0]) == {"ACCEPTED": 2}


def test_nothing_new_is_an_empty_payload(there):
    assert soap.read(ask(there, "PullRecords", QUERY).content, most=10**6).payload == b""


def problem(answer: Any) -> str:
    """The code of a fault."""
    with pytest.raises(Fault) as found:
        soap.read(answer.content, most=10**6)
    return found.value.code


@pytest.mark.parametrize("name", list(MALICIOUS))
def test_hostile_envelopes_are_refused(there, jia, name):
    submit(jia)
    queueing.enqueue()
    content = MALICIOUS[name]
    answer = post(content if isinstance(content, bytes) else content.encode())
    assert (answer.status_code, problem(answer)) == (500, "bad_document")
    assert states(there[0]) == {"WAITING": 1}


@pytest.mark.parametrize("name", list(MALICIOUS))
def test_hostile_payloads_are_refused_though_they_are_signed(there, jia, name):
    submit(jia)
    queueing.enqueue()
    content = MALICIOUS[name]
    payload = content if isinstance(content, bytes) else content.encode()
    assert problem(ask(there, "PullRecords", payload)) in {"bad_document", "too_large"}
    assert states(there[0]) == {"WAITING": 1}


def test_a_repeated_message_is_refused(there, jia):
    submit(jia)
    queueing.enqueue()
    body = soap.write(SOAP11, "PullRecords", signed(there, "PullRecords", QUERY), QUERY)
    assert post(body).status_code == 200
    told = Delivery.objects.get(partner=there[0]).told_at
    for version, again in ((SOAP11, body), (SOAP12, body.replace(SOAP11.encode(), SOAP12.encode()))):
        answer = post(again, version)
        assert (problem(answer), Delivery.objects.get(partner=there[0]).told_at) == ("replayed", told)


RECEIPTS = f'<Receipts xmlns="{xml.NS}"><Version>1.0</Version><MsgId>m</MsgId></Receipts>'.encode()


@pytest.mark.parametrize(
    ("operation", "payload", "change", "code"),
    [
        ("PushReceipts", QUERY, {}, "bad_signature"),
        ("PullRecords", RECEIPTS, {}, "bad_signature"),
        ("PullRecords", QUERY, {"nonce": "n" * 24}, "bad_signature"),
        ("PullRecords", QUERY, {"timestamp": "fresh"}, "bad_signature"),
        ("PullRecords", QUERY, {"timestamp": "2026-11-23T22:00:00+08:00"}, "clock_skew"),
        ("PullRecords", QUERY, {"timestamp": "2036-11-23T22:00:00+08:00"}, "clock_skew"),
        ("PullRecords", QUERY, {"timestamp": "2026-11-23T22:00:00"}, "clock_skew"),
        ("PullRecords", QUERY, {"key": "other"}, "bad_signature"),
        ("PullRecords", QUERY, {"key": "ax-nobody"}, "unknown_key"),
        ("PullRecords", QUERY, {"sign_type": "HMAC-SM3"}, "bad_signature"),
        ("PullRecords", QUERY, {"sign_type": "none"}, "stamp_missing"),
        ("PullRecords", QUERY, {"signature": ""}, "stamp_missing"),
    ],
)
def test_what_was_overheard_serves_for_nothing_else(there, jia, operation, payload, change, code):
    """Somebody has heard one signed call and sends its stamp with something of it changed."""
    submit(jia)
    queueing.enqueue()
    known = {
        "fresh": (clock.now() + timedelta(seconds=5)).isoformat(timespec="seconds"),
        "other": open_partner(code="HZ-TWO").access_key,
    }
    heard = replace(signed(there, "PullRecords", QUERY), **{name: known.get(value, value) for name, value in change.items()})
    assert problem(post(soap.write(SOAP11, operation, heard, payload))) == code
    assert states(there[0]) == {"WAITING": 1}


@pytest.mark.parametrize(
    ("operation", "payload", "code"),
    [("Drop", QUERY, "unknown_operation"), ("PushReceipts", QUERY, "bad_document"), ("PullRecords", b"<q/>", "bad_document"),
     ("PullRecords", QUERY.replace(b">0<", b">-1<"), "bad_document"), ("PullRecords", QUERY.replace(b">10<", b">x<"), "bad_document")],
)  # fmt: skip
def test_what_the_contract_does_not_know_is_refused(there, operation, payload, code):
    assert problem(ask(there, operation, payload)) == code


def test_a_fault_of_soap_12_has_the_senders_status(there):
    answer = ask(there, "Drop", QUERY, SOAP12)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/soap+xml; charset=utf-8")


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def loopback(database: None) -> Iterator[int]:
    """The product's own WSGI application on a port of this machine, in a thread with connections of its own."""
    from infra.wiring.wsgi import application

    def closing(environ: Any, start: Any) -> Any:
        try:
            return application(environ, start)
        finally:
            connections.close_all()

    server = make_server("127.0.0.1", 0, closing, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Stranger:
    """A partner with an unmodified zeep client, OpenSSL for SM2 and a plain SM4: it shares no code with the platform but the published text."""

    service: Any
    openssl: OpenSsl
    key: str = ""
    platform: bytes = b""

    def stamp(self, method: str, path: str, body: bytes, when: str, nonce: str) -> bytes:
        """The seven lines of the contract."""
        running = Hash(SM3())
        running.update(body)
        digest = running.finalize().hex()
        return "".join(f"{line}\n" for line in (method, path, "", self.key, when, nonce, digest)).encode()

    def call(self, operation: str, payload: bytes, **change: Any) -> bytes:
        """Call one operation and return its payload once its signature was checked."""
        when, nonce = clock.now().isoformat(timespec="seconds"), secrets.token_urlsafe(18)
        signature = self.openssl.sign(self.stamp("SOAP", operation, payload, when, nonce))
        said = {"AccessKey": self.key, "Timestamp": when, "Nonce": nonce, "SignType": "SM2-SM3", "Payload": payload,
                "Signature": signature, **change}  # fmt: skip
        answer = getattr(self.service, operation)(**said)
        found = answer.Payload or b""
        text = self.stamp("ANSWER", f"{operation}Response", found, answer.Timestamp, answer.Nonce)
        assert answer.Nonce == nonce
        assert openssl.is_signed(self.openssl.folder, self.platform, text, answer.Signature)
        return found

    def open(self, parcel: Any, record: Any) -> dict[str, Any]:
        """Decrypt the sealed part of a record: SM2 by OpenSSL, then SM4-GCM with the record's id beside it."""
        key = self.openssl.decrypt(base64.b64decode(parcel.findtext("{*}KeyWrap")))
        sealed = base64.b64decode(record.findtext("{*}Sealed"))
        opener = Cipher(algorithms.SM4(key), modes.GCM(sealed[:12], sealed[-16:])).decryptor()
        opener.authenticate_additional_data(record.findtext("{*}Id").encode())
        found: dict[str, Any] = json.loads(opener.update(sealed[12:-16]) + opener.finalize())
        return found


def zeep_service(port: int, port_name: str) -> Any:
    """What zeep makes of the published WSDL."""
    session = requests.Session()
    session.headers["Host"] = f"{HOST.partition(':')[0]}:{port}"
    session.trust_env = False
    client = zeep.Client(f"http://127.0.0.1:{port}/exchange/v1/exchange-1.wsdl", transport=zeep.Transport(session=session))
    return client.create_service(f"{{{xml.NS}}}{port_name}", f"http://127.0.0.1:{port}{PATH}")


@pytest.fixture
def stranger(loopback: int, jia: Any, tmp_path: Path) -> Iterator[Stranger]:
    """A partner that the desk has opened for the stranger's key, with one record waiting."""
    found = Stranger(None, OpenSsl(tmp_path))
    with platform_scope():
        code = f"ZEEP-{secrets.token_hex(4).upper()}"
        what = wanted(code=code, suite="SM2-SM3", their_public=found.openssl.public, since=STAYS.date(), kinds=["CERTIFICATE"])
        row = partners.open_partner(wanted=what, me=ME, at=STAYS)
    found.key, found.platform = row.access_key, bytes(row.own_public)
    submit(jia, kind="CERTIFICATE", at=STAYS)
    with platform_scope():
        while queueing.enqueue():
            pass
    yield found
    with platform_scope():
        partners.set_state(uuid=row.uuid, state="CLOSED", me=ME, at=STAYS)


@openssl.needed
@pytest.mark.req("R7.2")
@pytest.mark.parametrize("port_name", ["ExchangeSoap11", "ExchangeSoap12"])
def test_an_unmodified_zeep_client_pulls_and_pushes_with_encryption_and_signatures(loopback, stranger, port_name):
    stranger.service = zeep_service(loopback, port_name)
    parcel = etree.fromstring(stranger.call("PullRecords", QUERY.replace(b">10<", b">1000<")))
    records = parcel.findall("{*}Record")
    assert stranger.open(parcel, records[0])["name"] == "学*"
    said = "".join(
        f"<Receipt><Id>{one.findtext('{*}Id')}</Id><Result>ACCEPTED</Result><Code/><Reason/></Receipt>" for one in records
    )
    message = parcel.findtext("{*}MsgId")
    receipts = f'<Receipts xmlns="{xml.NS}"><Version>1.0</Version><MsgId>{message}</MsgId>{said}</Receipts>'.encode()
    stranger.call("PushReceipts", receipts)
    assert stranger.call("PullRecords", QUERY.replace(b">0<", f">{parcel.findtext('{*}Last')}<".encode())) == b""
    with platform_scope():
        of_it = Delivery.objects.filter(partner__access_key=stranger.key)
        assert set(of_it.values_list("state", flat=True)) == {"ACCEPTED"}
    for change in ({"Timestamp": "2026-11-23T22:00:00+08:00"}, {"Nonce": "x" * 20}, {"Payload": b"<q/>"}, {"Signature": b"x"}):
        with pytest.raises(zeep.exceptions.Fault):
            stranger.call("PullRecords", QUERY, **change)
