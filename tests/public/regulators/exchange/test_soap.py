"""The WebService: both versions, hostile and repeated input, and an unmodified client of somebody else's making over loopback."""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests
import zeep
from django.db import connections
from django.test import Client

from infra.kit import clock
from infra.kit.exchange import contract, documents, soap, stamps, xml
from infra.kit.exchange.soap import SOAP11, SOAP12, Fault
from infra.kit.exchange.suites import Keys, Suite, make_pair
from public.regulators.exchange import partners, queueing
from public.regulators.exchange.models import Delivery
from tenants.scope import platform_scope
from tests.infra.kit.exchange.test_xml import MALICIOUS
from tests.public.desk import HOST
from tests.public.regulators.exchange.ground import AT, ME, open_partner, states, submit, wanted

pytestmark = [pytest.mark.req("R7.4"), pytest.mark.req("R5.6")]
PATH = "/api/exchange/v1/soap"
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
    answer = post(body)
    assert (answer.status_code, problem(answer)) == (500, "replayed")


def test_a_signature_of_another_operation_does_not_fit(there):
    body = soap.write(SOAP11, "PushReceipts", signed(there, "PullRecords", QUERY), QUERY)
    assert problem(post(body)) == "bad_signature"


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


@pytest.mark.req("R7.2")
@pytest.mark.parametrize("port_name", ["ExchangeSoap11", "ExchangeSoap12"])
def test_an_unmodified_zeep_client_pulls_and_pushes_with_encryption_and_signatures(loopback, jia, port_name):
    public, private = make_pair(Suite.SM)
    with platform_scope():
        what = wanted(code=f"ZEEP-{secrets.token_hex(4).upper()}", suite="SM2-SM3", their_public=public)
        row = partners.open_partner(wanted=what, me=ME, at=AT)
    keys = Keys(Suite.SM, private, public, bytes(row.own_public))
    try:
        submit(jia)
        with platform_scope():
            while queueing.enqueue():
                pass
        parcel = _pulled_and_pushed(loopback, port_name, row, keys)
        with platform_scope():
            assert parcel["records"][0]["seq"] == 1
            assert Delivery.objects.filter(partner=row, state="ACCEPTED").count() == len(parcel["records"]) >= 1
    finally:
        with platform_scope():
            partners.set_state(uuid=row.uuid, state="CLOSED", me=ME, at=AT)


def _pulled_and_pushed(port: int, port_name: str, row: Any, keys: Keys) -> dict[str, Any]:
    session = requests.Session()
    session.headers["Host"] = f"{HOST.partition(':')[0]}:{port}"
    session.trust_env = False
    client = zeep.Client(f"http://127.0.0.1:{port}/exchange/v1/exchange-1.wsdl", transport=zeep.Transport(session=session))
    service = client.create_service(f"{{{xml.NS}}}{port_name}", f"http://127.0.0.1:{port}{PATH}")

    def call(operation: str, payload: bytes) -> bytes:
        stamp = signed((row, keys), operation, payload)
        answer = getattr(service, operation)(
            AccessKey=stamp.key,
            Timestamp=stamp.timestamp,
            Nonce=stamp.nonce,
            SignType=stamp.sign_type,
            Payload=payload,
            Signature=base64.b64decode(stamp.signature),
        )
        said = stamps.Stamp(
            answer.AccessKey, answer.Timestamp, answer.Nonce, answer.SignType, base64.b64encode(answer.Signature).decode()
        )
        assert said.nonce == stamp.nonce
        found = answer.Payload or b""
        stamps.check(keys, said, method="ANSWER", path=f"{operation}Response", body=found, at=clock.now())
        return found

    parcel = xml.read_parcel(xml.parse(call("PullRecords", QUERY.replace(b">10<", b">1000<"))))
    assert documents.opened(parcel, keys)[0]["name"] == "学*"
    said = [documents.Receipt(record["id"], documents.Result.ACCEPTED) for record in parcel["records"]]
    call("PushReceipts", xml.write(xml.receipts(documents.receipts_document(parcel["msgId"], said))))
    assert call("PullRecords", QUERY.replace(b">0<", f">{parcel['last']}<".encode())) == b""
    with pytest.raises(zeep.exceptions.Fault):
        service.PullRecords(
            AccessKey=row.access_key,
            Timestamp="2026-11-23T22:00:00+08:00",
            Nonce="x" * 20,
            SignType="SM2-SM3",
            Payload=QUERY,
            Signature=b"x",
        )
    return parcel
