"""Everybody who may keep the master key does the same, and each has its own ways to fail."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.adapters.kms import Moving, ring, service_of
from infra.adapters.kms.aws import AwsService
from infra.adapters.kms.sdf import SdfService
from infra.kit.envelope import AES_256_GCM, SM4_GCM
from infra.kit.errors import DomainError
from infra.kit.ports import KeyRefused, KeyService
from tests.infra.adapters import key_service
from tests.infra.adapters.soft_device import SoftDevice

KEY = bytes(range(32))
CONTEXT = {"product": "anxue", "owner": "one", "number": "1"}


def named(url: str, *, former: str = "") -> Moving:
    return service_of(url, former_url=former, secret="the secret of the tests", algorithm=AES_256_GCM)


@pytest.fixture
def aws() -> Iterator[key_service.Service]:
    with key_service.key_service() as service:
        yield service


@pytest.fixture
def device() -> SoftDevice:
    return SoftDevice()


@pytest.fixture(params=["secret", "file", "file-sm4", "aws", "sdf"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> KeyService:
    if request.param == "aws":
        return named(request.getfixturevalue("aws").url)
    if request.param == "sdf":
        return SdfService(lambda: request.getfixturevalue("device"), kek=1)
    if request.param == "file-sm4":
        return ring.RingService(ring.ensure(tmp_path / "ring.json"), algorithm=SM4_GCM)
    return named(ring.ensure(tmp_path / "ring.json").as_uri() if request.param == "file" else "")


@pytest.mark.req("R5.1")
class TestEveryService:
    def test_gives_a_wrapped_key_back(self, service: KeyService) -> None:
        one, two = service.wrap(KEY, context=CONTEXT), service.wrap(KEY, context=CONTEXT)
        assert service.unwrap(one, context=CONTEXT) == service.unwrap(two, context=CONTEXT) == KEY
        assert one != two
        assert KEY not in one
        assert len(one) <= 1000
        assert 0 < len(service.name) <= 60

    def test_refuses_another_context(self, service: KeyService) -> None:
        wrapped = service.wrap(KEY, context=CONTEXT)
        for other in ({**CONTEXT, "owner": "two"}, {**CONTEXT, "number": "2"}, {}):
            with pytest.raises(KeyRefused):
                service.unwrap(wrapped, context=other)

    def test_refuses_altered_and_torn_keys(self, service: KeyService) -> None:
        wrapped = service.wrap(KEY, context=CONTEXT)
        for at in range(0, len(wrapped), 5):
            broken = bytearray(wrapped)
            broken[at] ^= 4
            with pytest.raises(KeyRefused):
                service.unwrap(bytes(broken), context=CONTEXT)
        for torn in (b"", wrapped[:4], wrapped[:20], wrapped[:-1], wrapped + b"x"):
            with pytest.raises(KeyRefused):
                service.unwrap(torn, context=CONTEXT)


class TestKeyRing:
    def test_is_read_by_its_owner_only_and_made_once(self, tmp_path: Path) -> None:
        path = ring.ensure(tmp_path / "deep/ring.json")
        before = path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert ring.ensure(path).read_bytes() == before

    def test_opens_with_old_master_keys_and_wraps_with_the_new_one(self, tmp_path: Path) -> None:
        path = ring.ensure(tmp_path / "ring.json")
        service = named(path.as_uri())
        wrapped, name = service.wrap(KEY, context=CONTEXT), service.name
        assert ring.add_master(path) == 2
        os.utime(path, ns=(1, 1))  # two writes within one tick of a coarse clock
        assert service.unwrap(wrapped, context=CONTEXT) == KEY
        assert (name[:7], service.name[:7]) == ("file:1:", "file:2:")
        assert service.unwrap(service.wrap(KEY, context=CONTEXT), context=CONTEXT) == KEY

    def test_a_lost_ring_is_told_and_never_replaced(self, tmp_path: Path) -> None:
        service = named((tmp_path / "lost.json").as_uri())
        with pytest.raises(ring.NoRing, match="put it back"):
            service.wrap(KEY, context=CONTEXT)
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("text", ["", "{}", '{"current": 2, "keys": {"1": "AAAA"}}', "[1]"])
    def test_a_broken_ring_is_told(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "ring.json").write_text(text)
        with pytest.raises(ring.NoRing):
            named((tmp_path / "ring.json").as_uri()).wrap(KEY, context=CONTEXT)


class TestAws:
    def test_signs_every_call_and_names_what_the_key_is_for(self, aws: key_service.Service) -> None:
        service = named(aws.url)
        service.unwrap(service.wrap(KEY, context=CONTEXT), context=CONTEXT)
        assert aws.asked == [("Encrypt", CONTEXT), ("Decrypt", CONTEXT)]
        assert aws.unsigned == 0
        assert service.name == "aws:cn-north-1:alias/anxue"

    def test_a_wrong_secret_opens_nothing(self, aws: key_service.Service) -> None:
        service = AwsService(
            key="alias/anxue",
            region=key_service.REGION,
            access_key=key_service.ACCESS,
            secret_key="wrong",
            endpoint=f"http://127.0.0.1:{aws.port}",
        )
        with pytest.raises(DomainError) as refusal:
            service.wrap(KEY, context=CONTEXT)
        assert refusal.value.status == 503
        assert (aws.asked, aws.unsigned) == ([], 1)

    @pytest.mark.parametrize(("mood", "refusal"), [("down", DomainError), ("forbidden", KeyRefused)])
    def test_tells_a_lost_service_from_one_that_refuses(
        self, aws: key_service.Service, mood: str, refusal: type[Exception], caplog: pytest.LogCaptureFixture
    ) -> None:
        service = named(aws.url)
        wrapped = service.wrap(KEY, context=CONTEXT)
        aws.mood = mood
        with pytest.raises(refusal):
            service.unwrap(wrapped, context=CONTEXT)
        assert "key service refused" in caplog.text
        assert key_service.SECRET not in caplog.text


class TestDevice:
    def test_leaves_no_session_and_no_key_open(self, device: SoftDevice) -> None:
        service = SdfService(lambda: device, kek=1)
        wrapped = service.wrap(KEY, context=CONTEXT)
        service.unwrap(wrapped, context=CONTEXT)
        with pytest.raises(KeyRefused):
            service.unwrap(wrapped, context={})
        assert (device.open_keys, device.sessions) == (0, set())

    def test_says_that_it_is_away(self, device: SoftDevice) -> None:
        service = SdfService(lambda: device, kek=1)
        device.is_lost = True
        with pytest.raises(DomainError) as refusal:
            service.wrap(KEY, context=CONTEXT)
        assert refusal.value.status == 503
        with pytest.raises(DomainError):
            SdfService.of_library("/nowhere/libsdf.so", kek=1).wrap(KEY, context=CONTEXT)

    def test_an_unknown_internal_key_wraps_nothing(self, device: SoftDevice) -> None:
        with pytest.raises(DomainError):
            SdfService(lambda: device, kek=9).wrap(KEY, context=CONTEXT)
        assert (device.open_keys, device.sessions) == (0, set())


def test_moves_from_one_service_to_the_next_and_opens_what_both_wrapped(tmp_path: Path, aws: key_service.Service) -> None:
    path = ring.ensure(tmp_path / "ring.json").as_uri()
    by_secret, by_file = (named(url).wrap(KEY, context=CONTEXT) for url in ("", path))
    moved = named(aws.url, former=path)
    by_aws = moved.wrap(KEY, context=CONTEXT)
    assert [moved.unwrap(one, context=CONTEXT) for one in (by_secret, by_file, by_aws)] == [KEY] * 3
    with pytest.raises(KeyRefused, match="KMS_FORMER_URL"):
        named("").unwrap(by_aws, context=CONTEXT)


@pytest.mark.parametrize("url", ["aws://cn-north-1", "http://kms", "file://", "sdf://"])
def test_refuses_addresses_it_does_not_understand(url: str) -> None:
    with pytest.raises(ValueError, match="KMS_URL"):
        named(url)
