"""Encrypted streams: any size comes back, and nothing that was cut, swapped or altered does."""

import io

import pytest

from infra.kit import streams
from infra.kit.crypto import SealBroken

KEY = streams.new_key()


def sealed(plain):
    target = io.BytesIO()
    streams.seal(io.BytesIO(plain), target, key=KEY)
    return target.getvalue()


def opened(data, key=KEY):
    return b"".join(streams.unseal(io.BytesIO(data), key=key))


@pytest.mark.req("R5.1")
@pytest.mark.parametrize("size", [0, 1, streams.CHUNK - 1, streams.CHUNK, streams.CHUNK + 1, 3 * streams.CHUNK])
def test_any_size_comes_back(size):
    plain = bytes(range(256)) * (size // 256) + bytes(size % 256)
    data = sealed(plain)
    assert opened(data) == plain
    assert plain[:64] not in data or size < 64


@pytest.mark.req("R5.1")
def test_what_was_altered_cut_off_or_put_in_another_order_does_not_open():
    data = sealed(b"x" * (2 * streams.CHUNK + 5))
    head, one = data[:11], streams.CHUNK + 16
    first, second, last = data[11 : 11 + one], data[11 + one : 11 + 2 * one], data[11 + 2 * one :]
    assert opened(head + first + second + last)
    for wrong in (
        head + first + second,
        head + second + first + last,
        head + first + last,
        head + first + second + last[:-1],
        head + first + second + last + b"x",
        data[:11],
        b"AXS2" + data[4:],
        data[:20] + bytes([data[20] ^ 1]) + data[21:],
    ):
        with pytest.raises(SealBroken):
            opened(wrong)
    with pytest.raises(SealBroken):
        opened(data, key=streams.new_key())
