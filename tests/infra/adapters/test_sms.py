"""The outbox of development and the refusal to run production without a vendor."""

import pytest
from django.test import Client

from infra.adapters.sms import checks, outbox
from infra.kit.ports import Socket
from tenants.errors import Unavailable
from tenants.ports import SMS, SmsSender


def test_the_outbox_fills_the_socket_outside_production() -> None:
    assert isinstance(SMS.get(), outbox.OutboxSms)


def test_keeps_the_last_fifty_newest_first(database: None) -> None:
    sender = outbox.OutboxSms()
    for n in range(outbox.KEPT + 5):
        sender.send_code(mobile="13800138000", code=f"{n:06d}", purpose="sign-in")
    kept = outbox.messages()
    assert [message.code for message in kept] == [f"{n:06d}" for n in range(54, 4, -1)]


@pytest.mark.parametrize("host", ["anxue.localhost", "jia.localhost"])
def test_lists_the_messages_on_every_host(db: None, jia: object, host: str) -> None:
    outbox.OutboxSms().send_code(mobile="13800138000", code="424242", purpose="sign-in")
    page = Client(HTTP_HOST=host).get("/dev/outbox")
    assert page.status_code == 200
    assert "424242" in page.content.decode()
    part = Client(HTTP_HOST=host, headers={"HX-Request": "true"}).get("/dev/outbox")
    assert b"<html" not in part.content


@pytest.mark.parametrize("host", ["anxue.localhost", "jia.localhost"])
def test_is_not_there_in_production(db: None, jia: object, settings: object, host: str) -> None:
    settings.DEV_TOOLS = False  # type: ignore[attr-defined]
    assert Client(HTTP_HOST=host).get("/dev/outbox").status_code == 404


def test_production_without_a_vendor_refuses_to_start(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEV_TOOLS = False  # type: ignore[attr-defined]
    empty: Socket[SmsSender] = Socket("test.empty")
    monkeypatch.setattr(checks, "SMS", empty)
    empty_errors = checks.a_vendor_is_configured(None)
    assert [error.id for error in empty_errors] == ["anxue.E002"]
    empty.plug(outbox.OutboxSms())  # a filled socket must not look empty to other checks
    assert checks.a_vendor_is_configured(None) == []


def test_an_empty_socket_never_drops_silently() -> None:
    empty: Socket[SmsSender] = Socket("test.empty2")
    with pytest.raises(LookupError):
        empty.get()
    empty.plug(outbox.OutboxSms())


def test_without_valkey_the_message_is_refused(settings: object) -> None:
    from tenants import valkey

    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    valkey.client.cache_clear()
    try:
        with pytest.raises(Unavailable):
            outbox.OutboxSms().send_code(mobile="13800138000", code="424242", purpose="sign-in")
    finally:
        valkey.client.cache_clear()
