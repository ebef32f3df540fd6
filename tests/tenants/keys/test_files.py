"""Large files are sealed piece by piece, open for their owner and purpose alone, and cost 66 bytes when the data key changes."""

import io
import os

import pytest

from infra.kit import envelope, streams
from infra.kit.crypto import SealBroken
from tenants import keys
from tenants.keys import files, resealing
from tenants.scope import enterprise_scope

pytestmark = pytest.mark.req("R5.1")
PURPOSE = "certificate-batch"
SIZES = [0, 1, streams.CHUNK, streams.CHUNK + 1, 2 * streams.CHUNK + 7]


def sealed(data):
    out = io.BytesIO()
    files.seal(io.BytesIO(data), out, purpose=PURPOSE)
    return out.getvalue()


def opened(data, purpose=PURPOSE):
    return b"".join(files.unseal(io.BytesIO(data), purpose=purpose))


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens(in_jia, size):
    data = os.urandom(size)
    assert opened(sealed(data)) == data


def test_it_begins_like_any_value_under_the_current_key(in_jia):
    assert sealed(b"PK").startswith(resealing.wanted())
    assert b"PK of" not in sealed(b"PK of somebody")


def test_a_file_of_before_opens_too(in_jia):
    assert opened(keys.seal(b"PK", purpose=PURPOSE)) == b"PK"


def test_with_sm4_it_is_one_piece(in_jia, settings):
    settings.SEALING_ALGORITHM = "SM4-GCM"
    made = sealed(b"PK" * 100)
    assert (made[1], files.is_stream(made[:70]), opened(made)) == (envelope.SM4_GCM, False, b"PK" * 100)


@pytest.mark.parametrize("place", [3, 40, 68, 75, 90, -1])
def test_whatever_was_altered_is_refused(in_jia, place):
    made = bytearray(sealed(b"PK" * 50))
    made[place] ^= 1
    with pytest.raises(SealBroken):
        opened(bytes(made))


def test_what_was_cut_off_is_refused(in_jia):
    made = sealed(os.urandom(2 * streams.CHUNK))
    with pytest.raises(SealBroken):
        opened(made[: 70 + 7 + streams.CHUNK + 16])


def test_another_purpose_or_enterprise_does_not_open_it(in_jia, yi):
    made = sealed(b"PK")
    with pytest.raises(SealBroken):
        opened(made, "class-file")
    with enterprise_scope(yi), pytest.raises(SealBroken):
        opened(made)


def test_sealed_anew_only_its_key_is_another(in_jia):
    made = sealed(b"PK" * 1000)
    again = files.anew(made, purpose=PURPOSE)
    assert (again[66:], again[:66] != made[:66], opened(again)) == (made[66:], True, b"PK" * 1000)
    assert opened(files.anew(keys.seal(b"PK", purpose=PURPOSE), purpose=PURPOSE)) == b"PK"
