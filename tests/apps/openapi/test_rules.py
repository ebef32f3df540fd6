"""Pure parts: cursors, signatures, waiting, problems."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.openapi import cursors, keys
from apps.openapi.examples import hook as example
from apps.openapi.hooks import kinds, rules, signing
from apps.records.models import LedgerEntry
from infra.kit import problems
from infra.kit.errors import DomainError
from tests.conftest import NOON

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def test_signs_as_the_published_example_of_standard_webhooks_does():
    """The values of the specification's own test vector."""
    said = signing.signature(SECRET, of="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=b'{"test": 2432232314}')
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(body=st.binary(max_size=200), timestamp=st.integers(min_value=10**9, max_value=2 * 10**9))
def test_what_is_signed_is_verified_by_the_example_and_nothing_else_is(body, timestamp):
    new, old = signing.new_secret(), signing.new_secret()
    heads = {key.lower(): value for key, value in signing.headers([new, old], of="a", timestamp=timestamp, body=body).items()}
    assert example.verify(body, heads, new, now=timestamp) == "a"
    assert example.verify(body, heads, old, now=timestamp) == "a"
    for altered in (body + b" ", b"{}" + body):
        with pytest.raises(example.Forged):
            example.verify(altered, heads, new, now=timestamp)
    with pytest.raises(example.Forged):
        example.verify(body, heads, signing.new_secret(), now=timestamp)
    with pytest.raises(example.Forged):
        example.verify(body, heads, new, now=timestamp + example.TOLERANCE_S + 1)


@given(place=st.integers(min_value=0, max_value=2**62))
def test_a_cursor_leads_back_to_its_place_in_its_own_list_only(place):
    word = cursors.written("learners", place)
    assert cursors.read(word, of="learners") == place
    with pytest.raises(DomainError, match="cursor"):
        cursors.read(word, of="plans")


@given(word=st.text(min_size=1, max_size=64))
def test_a_cursor_that_is_none_is_refused_and_never_crashes(word):
    with pytest.raises(DomainError, match="cursor"):
        cursors.read(word, of="learners")


def test_a_page_names_the_next_only_where_there_is_more():
    assert cursors.page([1, 2], limit=2, of="x", places=[1, 2]) == ([1, 2], None)
    shown, following = cursors.page([1, 2, 3], limit=2, of="x", places=[4, 5, 6])
    assert (list(shown), cursors.read(following or "", of="x")) == ([1, 2], 5)


def test_waits_longer_after_each_failure_and_gives_up_in_the_end():
    waits = [rules.next_try(n, NOON) - NOON for n in range(1, len(rules.BACK_OFF) + 1)]
    assert waits == sorted(waits)
    assert rules.next_try(len(rules.BACK_OFF) + 1, NOON) is None
    assert sum(waits, timedelta()) > timedelta(hours=63), "from Friday at six to Monday at nine"
    assert rules.next_try(1, NOON, after_s=900) == NOON + timedelta(minutes=15)
    assert rules.next_try(1, NOON, after_s=10**9) == NOON + rules.LONGEST_WAIT


def test_every_told_kind_is_one_of_the_ledger_and_has_a_name_of_its_own():
    assert set(kinds.KINDS) <= set(LedgerEntry.Kind.values)
    events = [kind.event for kind in kinds.KINDS.values()]
    assert len(set(events)) == len(events)


def test_a_problem_names_its_type_and_keeps_details():
    told = problems.problem(DomainError("too_many", "等一等", status=429, retry_after_s=7))
    assert (told.status_code, told["Content-Type"], told["Retry-After"]) == (429, "application/problem+json", "7")
    assert problems.body_of(DomainError("x", "y", status=404, title="mine"))["title"] == "Not Found"


def test_networks_are_read_and_nonsense_is_refused():
    assert keys.checked_networks([" 203.0.113.8 ", "203.0.113.8/24", "", "2001:db8::1"]) == [
        "203.0.113.8/32", "203.0.113.0/24", "2001:db8::1/128",
    ]  # fmt: skip
    with pytest.raises(DomainError, match="key_networks"):
        keys.checked_networks(["hello"])
