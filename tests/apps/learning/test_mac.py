"""What a beat's MAC is computed over: RFC 8785, whichever way it is written."""

import hashlib
import hmac
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.learning import beats
from infra.kit import canonical
from infra.kit.errors import DomainError

KEY = bytes(range(32))
WORDS = st.text() | st.text(string.printable + "\x00\x1f\x7f")
LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | WORDS
)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6)


@given(st.dictionaries(WORDS, VALUES, max_size=6))
def test_signs_the_canonical_form_of_anything_json_can_carry(beat):
    beat.pop("mac", None)
    assert beats.mac_of(beat, KEY) == hmac.new(KEY, canonical.encode(beat), hashlib.sha256).hexdigest()


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), "\ud800", {"\ud800": 1}])
def test_refuses_what_json_cannot_carry_exactly(value):
    with pytest.raises(DomainError, match="invalid"):
        beats.mac_of({"guard": {"x": value}}, KEY)
