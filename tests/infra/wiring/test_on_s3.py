"""Rooms that keep files do so on a real S3 service as they do in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from apps.people import api as people
from apps.people.models import Learner, Manager
from apps.people.roster import fixing, importing, jobs
from infra.wiring.settings.services import _storage
from public.catalogue import api as catalogue
from public.site.status import snapshot
from tenants.errors import Unavailable
from tenants.scope import platform_scope
from tests.apps.people.rosters import A, xlsx
from tests.conftest import NOON
from tests.s3 import BUCKET, S3, s3_service


@pytest.fixture(scope="module")
def service() -> Iterator[S3]:
    with s3_service() as found:
        yield found


@pytest.fixture
def s3(service: S3, settings: Any) -> S3:
    settings.STORAGES = {**settings.STORAGES, "default": _storage(service.url)}
    return service


def names(s3: S3, prefix: str) -> list[str]:
    return [row["Key"] for row in s3.client().list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", ())]


@pytest.fixture
def by(in_jia: Any) -> int:
    people.open_owner(name="安全员", mobile="13800000008", password="a-long-password", at=NOON)
    return int(Manager.objects.get().pk)


@pytest.mark.req("R5.1")
def test_a_worker_list_lies_sealed_under_its_enterprise_and_goes_when_the_people_are_in(s3: S3, by: int, in_jia: Any) -> None:
    job = jobs.receive(data=xlsx([A]), file_name="名单.xlsx", manager_id=by, at=NOON)
    assert names(s3, f"enterprises/{in_jia.schema_name}/") == [job.storage_key]
    kept = s3.client().get_object(Bucket=BUCKET, Key=job.storage_key)["Body"].read()
    assert not kept.startswith(b"PK")
    job = importing.run(job.uuid, at=NOON)
    assert set(names(s3, f"enterprises/{in_jia.schema_name}/")) == {job.storage_key, job.table_key}
    fixing.commit(job_uuid=job.uuid, whole=True, at=NOON)
    assert importing.run(job.uuid, at=NOON).state == "DONE"
    assert names(s3, "enterprises/") == []


def test_a_list_that_cannot_be_kept_leaves_nothing_behind(s3: S3, by: int) -> None:
    s3.stop()
    try:
        with pytest.raises(Unavailable):
            jobs.receive(data=xlsx([A]), file_name="名单.xlsx", manager_id=by, at=NOON)
    finally:
        s3.start()
    assert not Learner.objects.exists()
    assert names(s3, "enterprises/") == []


@pytest.mark.req("R3.4")
def test_captions_take_the_place_of_the_former_ones(s3: S3, database: None) -> None:
    media = uuid4()
    with platform_scope():
        assert catalogue.read_captions(media) is None
        for text in ("WEBVTT\n\n第一版", "WEBVTT\n\n第二版"):
            catalogue.write_captions(media, text)
        assert (catalogue.read_captions(media) or b"").decode() == "WEBVTT\n\n第二版"
        assert names(s3, f"platform/media/{media}/") == [f"platform/media/{media}/subtitles.vtt"]
        default_storage.delete(f"platform/media/{media}/subtitles.vtt")


@pytest.mark.req("S2")
def test_the_status_snapshot_is_a_page_in_the_store_that_a_standby_zone_can_hand_out(s3: S3, platform: None) -> None:
    for minute in range(2):  # the second one replaces the first
        snapshot.write({"WEB": minute == 0}, at=NOON + timedelta(minutes=minute))
    assert names(s3, "platform/status/") == ["platform/status/now.html"]
    kept = s3.client().get_object(Bucket=BUCKET, Key="platform/status/now.html")
    assert kept["ContentType"] == "text/html"
    assert "2026-11-23 12:01" in kept["Body"].read().decode()
