"""Carrying messages to addresses of enterprises' choice: where we go, where we never go, and how long we wait."""

from __future__ import annotations

import logging
import socket
from ipaddress import ip_network

import pytest

from apps.openapi.hooks.ports import NotReached
from infra.adapters.hooks import HttpCarrier
from tests.infra.adapters.receiver import HERE, receiver

HEADERS = {"Content-Type": "application/json", "webhook-id": "a"}


def refusal(carrier: HttpCarrier, url: str) -> str:
    with pytest.raises(NotReached) as refused:
        carrier.post(url, body=b"{}", headers=HEADERS)
    return refused.value.code


def test_posts_the_bytes_and_tells_what_was_said():
    with receiver() as other:
        answer = HttpCarrier(allowed=HERE).post(other.url, body=b'{"a":1}', headers=HEADERS)
        assert (answer.status, answer.after_s) == (204, 0)
        heads, body = other.got[0]
        assert (body, heads["webhook-id"], heads["host"]) == (b'{"a":1}', "a", f"127.0.0.1:{other.port}")
        other.mood = "busy"
        assert HttpCarrier(allowed=HERE).post(other.url, body=b"{}", headers=HEADERS).after_s == 900


def test_follows_no_redirect():
    with receiver() as other:
        other.mood = "away"
        assert HttpCarrier(allowed=HERE).post(other.url, body=b"{}", headers=HEADERS).status == 302
        assert len(other.got) == 1


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.com/", "scheme"),
        ("ftp://example.com/", "scheme"),
        ("https:///nothing", "scheme"),
        ("https://user:secret@example.com/", "scheme"),
        ("https://example.com/#part", "scheme"),
        ("https://example.com/a b", "scheme"),
        ("https://例子.com/", "scheme"),
        ("https://example.com:99999/", "scheme"),
        ("https://example.com:25/", "port"),
        ("https://127.0.0.1/", "address"),
        ("https://10.1.2.3/", "address"),
        ("https://169.254.169.254/latest/meta-data", "address"),
        ("https://[::1]/", "address"),
        ("https://[::ffff:127.0.0.1]/", "address"),
        ("https://0.0.0.0/", "address"),
        ("https://100.64.0.1/", "address"),
        ("https://224.0.0.1/", "address"),
        ("https://example.com/hooks", ""),
        ("https://example.com:8443/hooks?x=1", ""),
    ],
)
def test_says_at_once_which_addresses_it_would_never_ask(url, why):
    assert HttpCarrier().refuses(url) == why


def test_goes_nowhere_inside_whatever_the_name_is(monkeypatch):
    """A name of the internet that leads inside is seen when it is asked, and plain HTTP only reaches networks that were named."""

    def inside(host: str, port: int, **more: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (("203.0.113.9" if host == "mixed.example" else "10.0.0.5"), port)),
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]  # fmt: skip

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    assert refusal(HttpCarrier(), "https://inside.example/") == "forbidden_address"
    assert refusal(HttpCarrier(), "https://mixed.example/") == "forbidden_address"
    assert refusal(HttpCarrier(allowed=[ip_network("192.168.0.0/16")]), "http://inside.example/") == "forbidden_address"


@pytest.mark.parametrize(("mood", "code"), [("silent", "timeout"), ("drip", "timeout"), ("nonsense", "bad_answer")])
def test_waits_seconds_and_not_minutes(mood, code):
    with receiver() as other:
        other.mood = mood
        assert refusal(HttpCarrier(allowed=HERE, timeout_s=0.2), other.url) == code


def test_says_what_kept_it_from_being_reached():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = probe.getsockname()[1]
    assert refusal(HttpCarrier(allowed=HERE), f"http://127.0.0.1:{closed}/") == "connection"
    assert refusal(HttpCarrier(), "https://no-such-host.invalid/") == "no_host"
    with receiver() as other:  # speaks no TLS
        assert refusal(HttpCarrier(allowed=HERE), f"https://127.0.0.1:{other.port}/") in {"connection", "certificate"}
        assert other.got == []


def test_writes_neither_address_nor_message_into_a_log(caplog):
    caplog.set_level(logging.DEBUG)
    with receiver() as other:
        HttpCarrier(allowed=HERE).post(other.url, body=b"secret-body", headers=HEADERS)
        refusal(HttpCarrier(), "https://no-such-host.invalid/secret-path")
    assert "secret" not in caplog.text
    assert str(other.port) not in caplog.text
