"""Passwords at rest: Argon2id, told apart, renewed when the cost changes."""

from __future__ import annotations

from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from tenants.accounts.hashers import Argon2idPasswordHasher


def test_a_password_opens_only_its_own_hash():
    kept = make_password("Sao-chu-ying-1")
    assert kept.startswith("argon2id$argon2id$v=19$m=19456,t=3,p=1$")
    assert len(kept) <= 128
    assert check_password("Sao-chu-ying-1", kept)
    assert not check_password("Sao-chu-ying-2", kept)
    assert make_password("Sao-chu-ying-1") != kept, "each has its own salt"


def test_chinese_letters_and_spaces_count():
    kept = make_password("  安全 生产 ")
    assert check_password("  安全 生产 ", kept)
    assert not check_password("安全 生产", kept)


def test_a_hash_of_a_lower_cost_is_renewed_at_the_next_sign_in():
    class Cheap(Argon2idPasswordHasher):
        memory_kib, passes = 8_192, 1

    old = Cheap().encode("Sao-chu-ying-1", Cheap().salt())
    renewed: list[str] = []
    assert check_password("Sao-chu-ying-1", old, setter=renewed.append)
    assert renewed == ["Sao-chu-ying-1"]
    assert not check_password("wrong", old, setter=renewed.append)
    assert len(renewed) == 1


def test_a_summary_shows_nothing_that_helps_guessing():
    kept = make_password("Sao-chu-ying-1")
    summary = identify_hasher(kept).safe_summary(kept)
    assert all("*" in value for name, value in summary.items() if name != "algorithm")
