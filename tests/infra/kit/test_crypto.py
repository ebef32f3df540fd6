"""Sealing at rest and blind indexes (clause 五.1)."""

import pytest

from infra.kit import crypto

A = {"secret": "one", "owner": "jia", "purpose": "id"}


@pytest.mark.req("R5.1")
def test_opens_what_it_sealed():
    sealed = crypto.seal(b"330106199003070014", **A)
    assert crypto.unseal(sealed, **A) == b"330106199003070014"
    assert crypto.unseal(memoryview(sealed), **A) == b"330106199003070014"


@pytest.mark.req("R5.1")
def test_nothing_of_the_plain_text_shows_and_equal_texts_seal_differently():
    one, two = (crypto.seal(b"330106199003070014", **A) for _ in range(2))
    assert one != two
    assert b"3301" not in one


@pytest.mark.req("R5.1")
@pytest.mark.parametrize("change", [{"secret": "two"}, {"owner": "yi"}, {"purpose": "mobile"}])
def test_another_owner_purpose_or_secret_opens_nothing(change):
    sealed = crypto.seal(b"x", **A)
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(sealed, **{**A, **change})


@pytest.mark.parametrize("place", [0, 1, 5, 13, 20, -1])
def test_any_changed_byte_is_noticed(place):
    sealed = bytearray(crypto.seal(b"some text", **A))
    sealed[place] ^= 1
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(bytes(sealed), **A)


@pytest.mark.parametrize("broken", [b"", b"\x01", b"\x01" + b"0" * 11, b"\x01" + b"0" * 12, b"\x01" + b"0" * 20])
def test_a_cut_value_is_broken_and_nothing_worse(broken):
    with pytest.raises(crypto.SealBroken):
        crypto.unseal(broken, **A)


def test_equal_values_have_equal_indexes_only_under_one_secret_and_purpose():
    known = crypto.blind_index("13800138000", secret="one", purpose="mobile")
    assert known == crypto.blind_index("13800138000", secret="one", purpose="mobile")
    assert len(known) == 64
    assert len({
        known,
        crypto.blind_index("13800138001", secret="one", purpose="mobile"),
        crypto.blind_index("13800138000", secret="two", purpose="mobile"),
        crypto.blind_index("13800138000", secret="one", purpose="login"),
    }) == 4  # fmt: skip
