"""Passwords at rest: Argon2id, told apart, renewed when the cost changes."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from tenants.accounts.hashers import Argon2idPasswordHasher

OF_THE_FIRST_RELEASE = (
    "argon2id$argon2id$v=19$m=19456,t=3,p=1$WmszdlEwYzFKbVdxOHlUN3VCNW5SZA$UJ5Vdre/bhc3Z080YwjJQf0Z0zO3OwqT9dGxO02127I"
)
"""Made by `cryptography`, which kept passwords then, with a salt as long as Django's."""


@pytest.fixture(autouse=True)
def dear_passwords(settings):
    """Keep passwords as the product does."""
    settings.PASSWORD_HASHERS = ["tenants.accounts.hashers.Argon2idPasswordHasher"]


def test_a_password_opens_only_its_own_hash():
    kept = make_password("Sao-chu-ying-1")
    assert kept.startswith("argon2id$argon2id$v=19$m=19456,t=3,p=1$")
    assert len(kept) <= 128
    assert check_password("Sao-chu-ying-1", kept)
    assert not check_password("Sao-chu-ying-2", kept)
    assert make_password("Sao-chu-ying-1") != kept, "each has its own salt"


def test_a_hash_of_the_first_release_still_opens_and_needs_no_renewal():
    renewed: list[str] = []
    assert check_password("Sao-chu-ying-1", OF_THE_FIRST_RELEASE, setter=renewed.append)
    assert not check_password("Sao-chu-ying-2", OF_THE_FIRST_RELEASE)
    assert renewed == []


def test_chinese_letters_and_spaces_count():
    kept = make_password("  安全 生产 ")
    assert check_password("  安全 生产 ", kept)
    assert not check_password("安全 生产", kept)


def test_a_hash_of_a_lower_cost_is_renewed_at_the_next_sign_in():
    class Cheap(Argon2idPasswordHasher):
        memory_cost, time_cost = 8_192, 1

    old = Cheap().encode("Sao-chu-ying-1", Cheap().salt())
    renewed: list[str] = []
    assert check_password("Sao-chu-ying-1", old, setter=renewed.append)
    assert renewed == ["Sao-chu-ying-1"]
    assert not check_password("wrong", old, setter=renewed.append)
    assert len(renewed) == 1


def test_a_summary_shows_nothing_that_helps_guessing():
    kept = make_password("Sao-chu-ying-1")
    shown = " ".join(map(str, identify_hasher(kept).safe_summary(kept).values()))
    salt, hashed = kept.split("$")[-2:]
    assert "*" in shown
    assert salt not in shown
    assert hashed not in shown
