"""From what a browser sends to what we keep."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from public.csp.rules import Refusal, read

HOST = "jia.localhost:8000"
CHROMIUM = {
    "document-uri": f"http://{HOST}/learn/3f9c/7?name=somebody",
    "referrer": "",
    "violated-directive": "script-src-elem",
    "effective-directive": "script-src-elem",
    "original-policy": "default-src 'none'",
    "blocked-uri": "https://Ads.Example.com/insert.js?who=138",
    "script-sample": "steal('138')",
}


def told(**changes: Any) -> list[Refusal]:
    return read({"csp-report": {**CHROMIUM, **changes}}, host=HOST, pattern=lambda path: f"<{path}>")


def test_keeps_rule_origin_and_page_and_nothing_of_the_person() -> None:
    assert told() == [Refusal("script-src-elem", "https://ads.example.com", "</learn/3f9c/7>")]


def test_reads_the_newer_form_too() -> None:
    body = {"documentURL": f"http://{HOST}/", "effectiveDirective": "img-src", "blockedURL": "http://10.0.0.1:81/a.gif"}
    rows = [{"type": "csp-violation", "body": body}, {"type": "deprecation", "body": body}, "x", {"type": "csp-violation"}]
    assert read(rows, host=HOST, pattern=str) == [Refusal("img-src", "http://10.0.0.1:81", "/")]
    assert len(read([rows[0]] * 50, host=HOST, pattern=str)) == 10


@pytest.mark.parametrize(
    ("blocked", "kept"),
    [
        ("inline", "inline"),
        ("", "inline"),
        ("eval", "eval"),
        ("data", "data"),
        ("data:text/javascript,alert(1)", "data"),
        ("chrome-extension://abcdef/x.js", "chrome-extension"),
        ("wss://tracker.example:8443/socket", "wss://tracker.example:8443"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]"),
        ("https://user:secret@ads.example/x", "https://ads.example"),
        ("https://exa mple/x", "other"),
        ("http://[", "other"),
        ("https://a:999999/", "other"),
        ("<script>", "other"),
        ("x" * 5000, "other"),
    ],
)
def test_keeps_of_what_was_blocked_only_an_origin_or_a_word(blocked: str, kept: str) -> None:
    assert told(**{"blocked-uri": blocked})[0].blocked == kept


def test_older_browsers_name_the_whole_rule() -> None:
    found = told(**{"effective-directive": "", "violated-directive": "script-src 'self' https://x"})
    assert found[0].directive == "script-src"


@pytest.mark.parametrize(
    "changes",
    [
        {"effective-directive": "made-up-src"},
        {"effective-directive": "", "violated-directive": ""},
        {"effective-directive": 7, "violated-directive": None},
        {"document-uri": "http://elsewhere.example/learn"},
        {"document-uri": "http://jia.localhost/learn"},
        {"document-uri": "about"},
        {"document-uri": "http://[::1"},
        {"document-uri": None},
    ],
)
def test_leaves_out_what_is_not_about_our_pages(changes: dict[str, Any]) -> None:
    assert told(**changes) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CHROMIUM, "csp-report", "body", "type"]), inner)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_nonsense_is_no_report(nonsense: Any) -> None:
    assert read(nonsense, host=HOST, pattern=str) == []


@given(st.text(max_size=60))
def test_whatever_was_blocked_fits_its_column(blocked: str) -> None:
    assert len(told(**{"blocked-uri": blocked})[0].blocked) <= 200
