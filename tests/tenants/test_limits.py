"""Rate limits count across processes, per person, and refuse when they cannot count."""

from __future__ import annotations

import pytest
from django.utils import translation

from tenants import limits
from tenants.errors import TooMany, Unavailable


def test_the_try_after_the_last_allowed_one_is_refused_and_says_when_to_come_back(database):
    for _ in range(3):
        limits.spend("3/minute", "trial", "学员甲")
    with pytest.raises(TooMany) as refusal:
        limits.spend("3/minute", "trial", "学员甲")
    assert refusal.value.status == 429
    assert 1 <= refusal.value.details["retry_after_s"] <= 60
    assert "秒后再试" in str(refusal.value.message)


def test_a_long_wait_is_told_in_minutes(database):
    limits.spend("1/hour", "trial", "学员甲")
    with pytest.raises(TooMany) as refusal:
        limits.spend("1/hour", "trial", "学员甲")
    assert "60 分钟后再试" in str(refusal.value.message)


def test_others_and_other_purposes_are_counted_apart(database):
    limits.spend("1/minute", "trial", "学员甲")
    limits.spend("1/minute", "trial", "学员乙")
    limits.spend("1/minute", "another", "学员甲")
    with pytest.raises(TooMany):
        limits.spend("1/minute", "trial", "学员甲")


def test_the_count_is_shared_by_processes(database):
    import os
    import subprocess
    import sys

    code = "import django; django.setup(); from tenants import limits; limits.spend('2/hour', 'shared')"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "infra.wiring.settings"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    limits.spend("2/hour", "shared")
    with pytest.raises(TooMany):
        limits.spend("2/hour", "shared")


def test_a_refused_try_without_valkey_says_so_instead_of_letting_everybody_in(database, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    limits._limiter.cache_clear()
    try:
        with pytest.raises(Unavailable) as refusal:
            limits.spend("1/minute", "trial")
        assert refusal.value.status == 503
        with translation.override("zh-hans"):
            assert "没有生效" in str(refusal.value.message)
    finally:
        limits._limiter.cache_clear()
