"""The quick way writes what the library writes, sign by sign."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from infra.kit import canonical

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=5), max_leaves=12
)


@given(VALUES)
def test_the_quick_way_equals_the_library(value):
    assert canonical.encode(value) == rfc8785.dumps(value)


def test_keys_beyond_the_basic_plane_and_control_signs_keep_their_form():
    value = {"\U0001f600": 1, "\ufb33": 2, "a\u0007\b\n\u2028": '\x7f/\\"\u001f安全', "\u20ac": [True, None, -0]}
    assert canonical.encode(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("bad", [2**53, -(2**53), float("nan"), float("inf"), "\ud800", {1: 2}, {"a": object()}])
def test_what_json_cannot_say_is_refused(bad):
    with pytest.raises((ValueError, TypeError)):
        canonical.encode(bad)
