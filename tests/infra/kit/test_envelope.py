"""Envelope sealing: what it opens, what it refuses, and that SM4-GCM is the standard's."""

import pytest

from infra.kit import crypto, envelope
from infra.kit.crypto import SealBroken

NUMBER = b"330106199003070014"
LABEL = "one/learner-id"
both = pytest.mark.parametrize("algorithm", envelope.ALGORITHMS.values(), ids=envelope.ALGORITHMS)


def key(number: int = 7, filled: bytes = b"k") -> envelope.Key:
    return envelope.Key(number, filled * 32)


@both
def test_opens_what_it_sealed_and_says_which_key_did(algorithm):
    sealed = key().seal(NUMBER, label=LABEL, algorithm=algorithm)
    assert key().unseal(sealed, label=LABEL) == NUMBER
    assert envelope.header_of(sealed) == envelope.Header(algorithm, 7)
    assert sealed.startswith(envelope.header_bytes(algorithm, 7))
    assert NUMBER not in sealed
    assert sealed != key().seal(NUMBER, label=LABEL, algorithm=algorithm)


@both
def test_opens_an_empty_value_and_a_long_one(algorithm):
    for plain in (b"", b"x" * 3_000_000):
        assert key().unseal(key().seal(plain, label=LABEL, algorithm=algorithm), label=LABEL) == plain


@both
@pytest.mark.req("R5.1")
def test_refuses_every_altered_byte(algorithm):
    sealed = key().seal(NUMBER, label=LABEL, algorithm=algorithm)
    for at in range(len(sealed)):
        broken = bytearray(sealed)
        broken[at] ^= 1
        with pytest.raises(SealBroken):
            key().unseal(bytes(broken), label=LABEL)


@both
def test_refuses_another_label_another_key_and_another_number(algorithm):
    sealed = key().seal(NUMBER, label=LABEL, algorithm=algorithm)
    for other, label in ((key(), "two/learner-id"), (key(), "one/learner-mobile"), (key(filled=b"j"), LABEL), (key(8), LABEL)):
        with pytest.raises(SealBroken):
            other.unseal(sealed, label=label)


def test_one_algorithm_does_not_open_what_the_other_sealed():
    sealed = key().seal(NUMBER, label=LABEL, algorithm=envelope.AES_256_GCM)
    disguised = envelope.header_bytes(envelope.SM4_GCM, 7) + sealed[envelope.HEADER_BYTES :]
    with pytest.raises(SealBroken):
        key().unseal(disguised, label=LABEL)


@pytest.mark.parametrize("torn", [b"", b"\x02", b"\x02\x01\x00\x00\x00\x07" + b"n" * 27, b"\x02\x09" + b"n" * 60, b"\x03" * 60])
def test_refuses_what_is_no_sealed_value(torn):
    with pytest.raises(SealBroken):
        key().unseal(torn, label=LABEL)


def test_a_value_of_version_1_has_no_header():
    old = crypto.seal(NUMBER, secret="s", owner="one", purpose="learner-id")
    assert envelope.header_of(old) is None
    with pytest.raises(SealBroken):
        key().unseal(old, label=LABEL)


def test_forgets_ciphers_before_they_fill_the_memory():
    one = key()
    for n in range(envelope._MOST_LABELS + 10):
        one.seal(b"", label=f"film/{n}", algorithm=envelope.AES_256_GCM)
    assert len(one._ciphers) < envelope._MOST_LABELS


@pytest.mark.req("R5.6")
def test_sm4_gcm_gives_the_values_of_rfc_8998():
    sealer = envelope._Sm4Gcm(bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"))
    nonce, aad = bytes.fromhex("00001234567800000000ABCD"), bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([byte]) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    wanted = (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert sealer.encrypt(nonce, plain, aad).hex().upper() == wanted
    assert sealer.decrypt(nonce, bytes.fromhex(wanted), aad) == plain
