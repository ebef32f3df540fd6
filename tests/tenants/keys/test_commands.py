"""The commands of who runs the installation: rotation from a terminal, another master key, a ring that is made once."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from infra.adapters.kms import ring, service_of
from infra.kit.envelope import AES_256_GCM
from infra.kit.ports import KMS
from tenants import keys
from tenants.keys import opened
from tenants.keys.models import DataKey, Rotation
from tenants.models import Enterprise
from tenants.scope import enterprise_scope, platform_scope
from tests.conftest import NOON


def said(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_rotates_one_enterprise_and_says_what_waits(db, jia, yi):
    text = said("rotate_keys", "jia")
    assert f"{jia.schema_name}: key " in text
    assert "1 owners" in text
    assert "1 wait for their last look" in text
    assert yi.schema_name not in text
    with platform_scope():
        assert [job.owner for job in Rotation.objects.all()] == [str(jia.uuid)]


def test_refuses_an_unknown_enterprise_and_queues_nobody(db, jia):
    with pytest.raises(CommandError, match="no-such"):
        said("rotate_keys", "jia", "no-such")
    with platform_scope():
        assert not Rotation.objects.exists()


def test_refuses_one_that_was_destroyed_and_queues_nobody(db, jia, yi):
    with platform_scope():
        Enterprise.objects.filter(pk=yi.id).update(status="CLOSED", destroyed_at=NOON)
    with pytest.raises(CommandError, match="yi"):
        said("rotate_keys", "jia", "yi")
    with platform_scope():
        assert not Rotation.objects.exists()


@pytest.mark.req("R5.1")
def test_another_master_key_wraps_all_data_keys_anew_and_data_stay(db, jia, tmp_path):
    with enterprise_scope(jia):
        sealed = keys.seal(b"330106199003070014", purpose="learner-id")
    before = KMS.get()
    path = ring.ensure(tmp_path / "ring.json")
    KMS.plug(service_of(path.as_uri(), former_url=settings.KMS_URL, secret=settings.SEALING_SECRET, algorithm=AES_256_GCM))
    try:
        text = said("rotate_keys", master=True)
        with platform_scope():
            rows = list(DataKey.objects.filter(destroyed_at=None))
        assert f"{len(rows)} data keys" in text
        assert {row.wrapped_by for row in rows} == {KMS.get().name}
        KMS.plug(service_of(path.as_uri(), former_url="", secret="none of the old keys", algorithm=AES_256_GCM))
        opened.forget()
        with enterprise_scope(jia):
            assert keys.unseal(sealed, purpose="learner-id") == b"330106199003070014"
    finally:
        KMS.plug(before)
        opened.forget()


def test_a_ring_is_made_once_and_gets_further_master_keys(settings, tmp_path):
    settings.KMS_URL = (tmp_path / "ring.json").as_uri()
    with pytest.raises(CommandError, match="no key ring"):
        said("key_ring", "add")
    assert "keep a copy" in said("key_ring", "make")
    made = (tmp_path / "ring.json").read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        said("key_ring", "make")
    assert (tmp_path / "ring.json").read_bytes() == made
    assert "master key 2" in said("key_ring", "add")
    settings.KMS_URL = ""
    with pytest.raises(CommandError, match="names no key ring"):
        said("key_ring", "make")
