"""One set of promises, two object stores: a folder of this machine and a real S3 service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import RequestFactory

from infra.kit import clock
from infra.wiring.settings.services import _storage
from tenants import objects, storage
from tenants.errors import Unavailable
from tenants.scope import NoScope, enterprise_scope, platform_scope, using
from tests.s3 import BUCKET, S3, s3_service

TEXT = bytes(range(256)) * 1024


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_service() as found:
        yield found


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, settings: Any, tmp_path: Any) -> Any:
    """The project's storage, pointed at one of both."""
    url = request.getfixturevalue("s3").url if request.param == "s3" else tmp_path.as_uri()
    settings.STORAGES = {**settings.STORAGES, "default": _storage(url)}
    return default_storage


def save(path: str, data: bytes = TEXT) -> str:
    return str(default_storage.save(storage.key(path), ContentFile(data)))


def ask(name: str, *, method: str = "get", direct: bool = False, **headers: str) -> Any:
    request = getattr(RequestFactory(), method)("/file", headers=headers)
    return objects.serve(request, name, content_type="video/mp4", cache="private", direct=direct)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


class TestEveryStore:
    @pytest.fixture(autouse=True)
    def place(self, jia: Any, kept: Any) -> Iterator[None]:
        with enterprise_scope(jia):
            yield

    def test_goes_through_a_folder_with_all_below_it_and_through_no_other(self, jia: Any, yi: Any) -> None:
        names = sorted(save(path, b"x") for path in ("walk/a.txt", "walk/deep/er/b.txt", "walk/deep/c.txt"))
        with enterprise_scope(yi):
            save("walk/theirs.txt", b"x")
        folder = storage.key("walk")
        assert sorted(objects.everything_below(folder)) == names
        assert list(objects.everything_below(storage.key("walk/nothing"))) == []
        for name in names:
            default_storage.delete(name)
        assert list(objects.everything_below(folder)) == []
        with pytest.raises(storage.ForeignFile):
            list(objects.everything_below(f"enterprises/{yi.schema_name}"))

    def test_keeps_a_file_under_a_name_of_the_place_and_lets_go_of_it(self, jia: Any) -> None:
        name = save("trial/名单.xlsx")
        assert name == f"enterprises/{jia.schema_name}/trial/名单.xlsx"
        with default_storage.open(name) as file:
            assert file.read() == TEXT
        assert default_storage.size(name) == len(TEXT)
        assert default_storage.listdir(storage.key("trial"))[1] == ["名单.xlsx"]
        default_storage.delete(name)
        default_storage.delete(name)
        assert not default_storage.exists(name)
        with pytest.raises(FileNotFoundError):
            default_storage.open(name)
        with pytest.raises(FileNotFoundError):
            objects.store().stat(name)

    def test_replaces_a_file_in_its_place_for_its_own_place_only(self, yi: Any) -> None:
        name = save("trial/one.txt", b"old")
        with default_storage.open(name) as before:
            objects.store().replace(name, TEXT)
            assert before.read() in {b"old", TEXT}
        assert default_storage.open(name).read() == TEXT
        assert default_storage.listdir(storage.key("trial"))[1] == ["one.txt"], "nothing is left beside it"
        with enterprise_scope(yi), pytest.raises(storage.ForeignFile):
            objects.store().replace(name, b"theirs")
        default_storage.delete(name)
        with pytest.raises(FileNotFoundError):
            objects.store().replace(name, b"back again")
        assert not default_storage.exists(name)

    def test_never_writes_over_a_file(self) -> None:
        first, second = save("trial/one.txt", b"1"), save("trial/one.txt", b"2")
        assert first != second
        assert default_storage.open(first).read() == b"1"
        for name in (first, second):
            default_storage.delete(name)

    @pytest.mark.req("S2")
    def test_the_neighbour_sees_nothing_and_changes_nothing(self, yi: Any) -> None:
        name = save("trial/secret.txt")
        folder = name.rpartition("/")[0]
        with enterprise_scope(yi):
            for reach in (
                lambda: default_storage.open(name),
                lambda: default_storage.exists(name),
                lambda: default_storage.size(name),
                lambda: default_storage.delete(name),
                lambda: default_storage.listdir(folder),
                lambda: default_storage.listdir("enterprises"),
                lambda: default_storage.listdir(""),
                lambda: default_storage.save(f"{folder}/more.txt", ContentFile(b"x")),
                lambda: objects.store().stat(name),
                lambda: objects.store().address(f"{folder}/../{name}", seconds=60),
                lambda: ask(name),
                lambda: default_storage.open(storage.key("x").replace("/x", "/../") + name),
            ):
                with pytest.raises((storage.ForeignFile, ValueError)):
                    reach()
        assert default_storage.open(name).read() == TEXT
        default_storage.delete(name)

    def test_an_enterprise_reads_the_platforms_files_but_writes_only_to_the_inbox(self) -> None:
        with platform_scope():
            film = save("media/film/init.mp4", b"film")
        assert default_storage.open(film).read() == b"film"
        for change in (lambda: default_storage.delete(film), lambda: default_storage.save(film, ContentFile(b"other"))):
            with pytest.raises(storage.ForeignFile):
                change()
        handed_in = default_storage.save("platform/uploads/1/source", ContentFile(b"mine"))
        assert default_storage.open(film).read() == b"film"
        for name in (film, handed_in):
            with platform_scope():
                default_storage.delete(name)

    @pytest.mark.req("S2")
    def test_nowhere_every_file_is_refused(self) -> None:
        name = save("trial/nowhere.txt")
        with using(None):
            for reach in (default_storage.open, default_storage.exists, default_storage.delete, objects.store().stat):
                with pytest.raises(NoScope):
                    reach(name)
        default_storage.delete(name)

    def test_serves_the_whole_file_or_the_range_asked_for(self) -> None:
        name = save("trial/film.mp4")
        whole = ask(name)
        assert (whole.status_code, body(whole), whole["Content-Length"]) == (200, TEXT, str(len(TEXT)))
        assert (whole["Accept-Ranges"], whole["Content-Type"]) == ("bytes", "video/mp4")
        for header, start, stop in (
            ("bytes=0-0", 0, 1),
            ("bytes=1000-200000", 1000, 200_001),
            ("bytes=-7", len(TEXT) - 7, len(TEXT)),
            ("bytes=262000-", 262_000, len(TEXT)),
        ):
            part = ask(name, range=header)
            assert (part.status_code, body(part)) == (206, TEXT[start:stop])
            assert part["Content-Range"] == f"bytes {start}-{stop - 1}/{len(TEXT)}"
            assert part["Content-Length"] == str(stop - start)
        several = ask(name, range="bytes=0-1,5-6")
        assert (several.status_code, body(several)) == (200, TEXT)
        default_storage.delete(name)

    @pytest.mark.parametrize("header", ["bytes=262144-", "bytes=9-1", "bytes=x-", "bytes=-0"])
    def test_says_how_long_the_file_is_when_the_range_cannot_be_had(self, header: str) -> None:
        name = save("trial/film.mp4")
        refused = ask(name, range=header)
        assert (refused.status_code, refused["Content-Range"], body(refused)) == (416, f"bytes */{len(TEXT)}", b"")
        assert refused["Cache-Control"] == "no-store"
        default_storage.delete(name)

    def test_a_range_of_a_file_that_has_changed_becomes_the_whole_file(self) -> None:
        name = save("trial/film.mp4")
        first = ask(name)
        tag, day = first["ETag"], first["Last-Modified"]
        assert ask(name, range="bytes=0-1", **{"if-range": tag}).status_code == 206
        assert ask(name, range="bytes=0-1", **{"if-range": day}).status_code == 206
        for other in ('"other"', f"W/{tag}", "Thu, 01 Jan 1970 00:00:00 GMT", "nonsense"):
            assert ask(name, range="bytes=0-1", **{"if-range": other}).status_code == 200
        default_storage.delete(name)

    def test_an_unchanged_file_is_not_sent_again_and_head_sends_only_headers(self) -> None:
        name = save("trial/film.mp4")
        tag = ask(name)["ETag"]
        unchanged = ask(name, **{"if-none-match": tag})
        assert (unchanged.status_code, body(unchanged), unchanged["ETag"]) == (304, b"", tag)
        assert ask(name, **{"if-match": '"other"'}).status_code == 412
        head = ask(name, method="head", range="bytes=0-1")
        assert (head.status_code, body(head), head["Content-Length"]) == (200, b"", str(len(TEXT)))
        default_storage.delete(name)

    def test_serves_an_empty_file(self) -> None:
        name = save("trial/empty.bin", b"")
        assert (ask(name).status_code, body(ask(name))) == (200, b"")
        assert ask(name, range="bytes=0-").status_code == 416
        default_storage.delete(name)

    def test_a_file_that_is_gone_is_not_found(self) -> None:
        with pytest.raises(FileNotFoundError):
            ask(storage.key("trial/never.mp4"))


class TestS3Only:
    @pytest.fixture(autouse=True)
    def place(self, jia: Any, s3: S3, settings: Any) -> Iterator[None]:
        settings.STORAGES = {**settings.STORAGES, "default": _storage(f"{s3.url}&direct=yes")}
        with enterprise_scope(jia):
            yield

    def test_a_large_file_is_read_by_way_of_the_disk(self) -> None:
        name = save("trial/export.zip", bytes(9 << 20))
        with default_storage.open(name) as file:
            assert file.read(1) == b"\0"
            assert file.file._rolled, "a whole export would lie in memory"
        default_storage.delete(name)

    def test_an_address_is_good_for_its_file_and_its_time_only(self, s3: S3) -> None:
        name = save("trial/film.mp4")
        address = objects.store().address(name, seconds=60)
        assert httpx.get(address).content == TEXT
        part = httpx.get(address, headers={"Range": "bytes=5-9"})
        assert (part.status_code, part.content) == (206, TEXT[5:10])
        other = save("trial/other.mp4", b"other")
        assert httpx.get(address.replace("film.mp4", "other.mp4")).status_code == 403
        assert httpx.get(address.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")).status_code == 403
        assert httpx.get(address.partition("?")[0]).status_code == 403
        assert httpx.put(address, content=b"x").status_code == 403
        assert s3.client().get_object(Bucket=BUCKET, Key=name)["Body"].read() == TEXT
        for one in (name, other):
            default_storage.delete(one)

    def test_sends_browsers_to_the_store_where_that_is_wished(self) -> None:
        name = save("trial/film.mp4")
        sent = ask(name, direct=True)
        assert sent.status_code == 302
        assert sent["Location"].startswith(f"{objects.store().direct_origin}/{BUCKET}/{name.split('/')[0]}/")
        assert httpx.get(sent["Location"], headers={"Range": "bytes=0-3"}).content == TEXT[:4]
        assert ask(name).status_code == 200
        default_storage.delete(name)

    def test_a_film_that_is_replaced_in_mid_request_is_not_mixed(self, s3: S3) -> None:
        name = save("trial/film.mp4")
        known = objects.store().stat(name)
        s3.client().put_object(Bucket=BUCKET, Key=name, Body=b"y" * len(TEXT))
        with pytest.raises(FileNotFoundError):
            objects.store().stream(known, 0, 10)
        default_storage.delete(name)

    def test_a_store_that_refuses_our_keys_counts_as_lost_and_the_log_says_why(self, s3: S3, settings: Any, caplog: Any) -> None:
        wrong = s3.url.replace("trial-secret-of-tests", "wrong")
        settings.STORAGES = {**settings.STORAGES, "default": _storage(wrong)}
        with pytest.raises(Unavailable):
            save("trial/film.mp4")
        assert "object store refused: 403" in caplog.text
        assert "wrong" not in caplog.text


def test_a_lost_store_is_told_clearly_and_works_again_without_a_restart(jia: Any, settings: Any) -> None:
    with s3_service() as service, enterprise_scope(jia):
        settings.STORAGES = {**settings.STORAGES, "default": _storage(service.url)}
        name = save("trial/film.mp4")
        service.stop()
        for reach in (
            lambda: save("trial/more.mp4"),
            lambda: default_storage.open(name),
            lambda: default_storage.exists(name),
            lambda: default_storage.delete(name),
            lambda: ask(name),
        ):
            with pytest.raises(Unavailable):
                reach()
        service.start()
        assert body(ask(name)) == TEXT


@pytest.mark.parametrize(
    ("url", "message"),
    [("ftp://host/bucket", "STORAGE_URL"), ("s3://key:secret@host", "STORAGE_URL"), ("s3:///bucket", "STORAGE_URL")],
)
def test_refuses_an_address_that_names_no_store(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        _storage(url)


def test_origins_of_the_store_depend_on_how_it_is_addressed() -> None:
    def origins(url: str) -> tuple[str, str]:
        options = _storage(url)["OPTIONS"]
        return options["upload_origin"], options["direct_origin"]

    assert origins("s3://k:s@files.example.cn/films") == ("https://files.example.cn", "")
    assert origins("s3://k:s@127.0.0.1:8333/films?scheme=http&direct=yes") == ("http://127.0.0.1:8333",) * 2
    assert origins("s3://k:s@oss.example.cn/films?style=virtual&direct=yes") == ("https://films.oss.example.cn",) * 2


def test_a_bucket_that_is_busy_is_not_taken_for_one_without_lock(settings: Any) -> None:
    """Else every copy of this process would lie there without protection, for as long as it lives."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": _storage("s3://key:secret@127.0.0.1:9/anxue?scheme=http&region=us-east-1"),
    }
    until = datetime(2031, 11, 23, tzinfo=UTC)
    with platform_scope(), Stubber(default_storage._client()) as service:
        service.add_client_error("get_object_lock_configuration", "SlowDown", http_status_code=503)
        with pytest.raises(Unavailable):
            default_storage.put_once(storage.key("seals/trial.note"), b"note", until=until)
        service.add_response("get_object_lock_configuration", {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}})
        wanted = {
            "Bucket": "anxue",
            "Key": "platform/seals/trial.note",
            "Body": b"note",
            "IfNoneMatch": "*",
            "ChecksumAlgorithm": "SHA256",
            "ObjectLockMode": "COMPLIANCE",
            "ObjectLockRetainUntilDate": until,
        }
        service.add_response("put_object", {}, wanted)
        assert default_storage.put_once(storage.key("seals/trial.note"), b"note", until=until) is True
        service.assert_no_pending_responses()


def test_a_bucket_with_lock_lets_nobody_take_a_file_away_before_its_time(s3: S3, settings: Any) -> None:
    """Not even whoever holds our keys: COMPLIANCE mode of the service itself."""
    raw, until = s3.client(), clock.now() + timedelta(days=1)
    raw.create_bucket(Bucket="kept", ObjectLockEnabledForBucket=True)
    settings.STORAGES = {**settings.STORAGES, "default": _storage(s3.url.replace("/anxue?", "/kept?"))}
    with platform_scope():
        name = storage.key("seals/trial.note")
        assert default_storage.put_once(name, b"note", until=until) is True
        with pytest.raises(FileExistsError):
            default_storage.put_once(name, b"another", until=until)
    kept = raw.head_object(Bucket="kept", Key=name)
    assert kept["ObjectLockMode"] == "COMPLIANCE"
    assert abs(kept["ObjectLockRetainUntilDate"] - until) < timedelta(seconds=2)
    with pytest.raises(ClientError, match="AccessDenied"):
        raw.delete_object(Bucket="kept", Key=name, VersionId=kept["VersionId"])
    with pytest.raises(ClientError, match="AccessDenied"):
        raw.put_object_retention(
            Bucket="kept",
            Key=name,
            VersionId=kept["VersionId"],
            Retention={"Mode": "COMPLIANCE", "RetainUntilDate": clock.now() + timedelta(seconds=5)},
        )
    assert raw.get_object(Bucket="kept", Key=name, VersionId=kept["VersionId"])["Body"].read() == b"note"
