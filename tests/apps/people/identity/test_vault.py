"""What a face leaves behind opens with the key of its consent and with no other."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.people.identity import vault
from apps.people.identity.models import Identity
from infra.kit.crypto import SealBroken

FEATURES = b"128 numbers of a face"


def test_another_consent_has_another_key_and_a_backup_of_the_first_stays_shut(in_jia):
    row = Identity()
    kept = vault.seal(FEATURES, row, "template")
    first = bytes(row.key_sealed)
    assert vault.unseal(kept, row, "template") == FEATURES
    with pytest.raises(SealBroken):
        vault.unseal(kept, row, "features")
    vault.shred(row)
    with pytest.raises(vault.Forgotten):
        vault.unseal(kept, row, "template")
    vault.seal(b"another face", row, "template")
    assert bytes(row.key_sealed) != first
    with pytest.raises(SealBroken):
        vault.unseal(kept, row, "template")


def test_what_was_sealed_before_opens_and_does_not_when_altered(in_jia):
    row, nonce = Identity(), os.urandom(12)
    old = b"\x01" + nonce + AESGCM(vault.key_of(row)).encrypt(nonce, FEATURES, b"template")
    assert vault.unseal(memoryview(old), row, "template") == FEATURES
    with pytest.raises(SealBroken):
        vault.unseal(old[:-1] + bytes([old[-1] ^ 1]), row, "template")


@pytest.mark.req("R1.4")
def test_the_setting_s_algorithm_reaches_faces(in_jia, settings):
    settings.SEALING_ALGORITHM = "SM4-GCM"
    row = Identity()
    sealed = vault.seal(FEATURES, row, "template")
    assert sealed[:2] == b"\x02\x02"
    settings.SEALING_ALGORITHM = "AES-256-GCM"
    assert vault.unseal(sealed, row, "template") == FEATURES
