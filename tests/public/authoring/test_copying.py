"""A next version's film can be copied, so that its subtitles are corrected while the published version keeps its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from infra.kit import clock
from infra.wiring.settings.services import _storage
from public.catalogue import api as catalogue
from public.catalogue import media_making
from public.catalogue.api import authoring
from public.catalogue.media import storage_name
from public.catalogue.models import Courseware, MediaAsset
from public.subtitles import api as subtitles
from public.subtitles.models import SubtitleTrack, TrackRevision
from tests.public.authoring.ground import AT, AUTHOR, COLLEAGUE, course, refused, set_state
from tests.public.desk import inside, operator
from tests.public.subtitles.ground import cues
from tests.public.uploads.ground import clip, uploaded
from tests.s3 import S3, s3_service

pytestmark = pytest.mark.req("R3.4")


@pytest.fixture(scope="module")
def film(tmp_path_factory: Any) -> bytes:
    return clip(tmp_path_factory.mktemp("film") / "clip.mp4", seconds=7, size="640x480").read_bytes()


@pytest.fixture(scope="module")
def service() -> Iterator[S3]:
    with s3_service() as found:
        yield found


@pytest.fixture
def kept(platform: None, settings: Any, tmp_path: Any) -> None:
    """Files and work in this test's folder."""
    settings.STORAGES = {**settings.STORAGES, "default": _storage((tmp_path / "kept").as_uri())}
    settings.WORK_FOLDER = str(tmp_path / "work")


@pytest.fixture(params=["files", "s3"])
def place(kept: None, settings: Any, request: Any) -> Callable[[Any], None]:
    """Each kind of storage: takes a film's files there from this test's folder."""

    def move(media: Any) -> None:
        if request.param == "s3":
            files = files_of(media)
            settings.STORAGES = {**settings.STORAGES, "default": _storage(request.getfixturevalue("service").url)}
            for name, data in files.items():
                default_storage.save(storage_name(media.uuid, name), ContentFile(data))

    return move


def files_of(media: Any) -> dict[str, bytes]:
    names = default_storage.listdir(storage_name(media.uuid, ""))[1]
    return {name: default_storage.open(storage_name(media.uuid, name)).read() for name in sorted(names)}


def published(film: bytes, by: authoring.Writer = AUTHOR) -> tuple[Any, int]:
    """A published version with a real film and subtitles; returns (its media, the next draft's lesson)."""
    version = course(by)
    upload = uploaded(film, purpose="courseware", owner=by.credential_id)
    media_id = catalogue.add_media(upload=upload.uuid, kind="VIDEO", owner_id=by.credential_id, at=AT)
    catalogue.make_media(media_id, now=clock.now)
    authoring.add_lesson(version_id=version, title="第一课", media_id=media_id, by=by)
    media = MediaAsset.objects.get(pk=media_id)
    words = cues(media.duration_ms or 0, length_ms=3_500)
    subtitles.save(media_id=media_id, cues=words, expected_revision=0, by=subtitles.Editor(), at=AT)
    set_state(version, "PUBLISHED")
    made = authoring.new_version(course_id=_course(version), by=by, at=AT)
    return media, Courseware.objects.get(version=made).pk


def _course(version: int) -> int:
    return int(Courseware.objects.get(version=version).version.course_id)


def state_of(media: Any) -> Any:
    """Everything that the published version shows, byte for byte: row, keys, files, captions, history."""
    row = MediaAsset.objects.filter(pk=media.pk).values().get()
    row["keys_sealed"] = bytes(row["keys_sealed"])
    tracks = list(SubtitleTrack.objects.filter(media=media).values())
    return row, files_of(media), tracks, list(TrackRevision.objects.filter(track__media=media).values())


def opened(uuid: Any) -> bytes:
    """The first segment, decrypted as a player does."""
    first = catalogue.playback(uuid).package["segments"][0]
    with catalogue.open_media(uuid, first["file"]) as file:
        data = file.read()
    key = catalogue.media_key(uuid, first["key_no"])
    return Cipher(algorithms.AES(key), modes.CBC(bytes.fromhex(first["iv"]))).decryptor().update(data)


def test_the_copy_plays_and_takes_corrections_while_the_published_film_stays_as_it_is(
    place: Callable[[Any], None], film: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    media, lesson = published(film)
    place(media)
    before = state_of(media)
    assert [line.is_shared for line in authoring.editor(_version(lesson), by=AUTHOR).lessons] == [True]
    with refused("复制后修改字幕"):
        subtitles.save(media_id=media.pk, cues=[], expected_revision=1, by=subtitles.Editor(), at=AT)
    copy = MediaAsset.objects.get(pk=authoring.copy_media(lesson_id=lesson, by=AUTHOR, at=AT))
    assert (copy.state, copy.uuid == media.uuid) == ("QUEUED", False)
    track = subtitles.track_of(copy.pk)
    assert track is not None
    assert track.cues == subtitles.track_of(media.pk).cues  # type: ignore[union-attr]
    corrected = [*track.cues[:-1], subtitles.Cue(track.cues[-1].start_ms, track.cues[-1].end_ms, "改正后的字幕")]
    subtitles.save(media_id=copy.pk, cues=corrected, expected_revision=1, by=subtitles.Editor(1, "课程作者甲"), at=AT)
    with django_capture_on_commit_callbacks(execute=True):
        catalogue.make_media(copy.pk, now=clock.now)
    copy.refresh_from_db()
    assert (copy.state, copy.progress, copy.error, copy.duration_ms) == ("READY", 100, "", media.duration_ms)
    assert opened(copy.uuid) == opened(media.uuid)
    assert opened(copy.uuid)[4:8] in {b"styp", b"moof", b"sidx"}
    assert copy.keys_sealed != media.keys_sealed, "sealed for its own uuid"
    assert "改正后的字幕" in (catalogue.read_captions(copy.uuid) or b"").decode()
    assert state_of(media) == before
    assert [line.is_shared for line in authoring.editor(_version(lesson), by=AUTHOR).lessons] == [False]


def _version(lesson: int) -> int:
    return authoring.version_of_lesson(lesson)


def test_a_copy_that_broke_off_is_made_whole_and_a_lost_file_is_told_in_words(kept: None, film: bytes) -> None:
    media, lesson = published(film)
    copy = MediaAsset.objects.get(pk=authoring.copy_media(lesson_id=lesson, by=AUTHOR, at=AT))
    segment = catalogue.playback(media.uuid).package["segments"][-1]["file"]
    default_storage.save(storage_name(copy.uuid, segment), ContentFile(b"half"))
    whole = default_storage.open(storage_name(media.uuid, segment)).read()
    default_storage.delete(storage_name(media.uuid, segment))
    catalogue.make_media(copy.pk, now=clock.now)
    told = catalogue.media_detail(copy.pk)
    assert (told.state, told.may_retry) == ("FAILED", True)
    assert "替换文件" in told.error
    default_storage.save(storage_name(media.uuid, segment), ContentFile(whole))
    catalogue.retry_media(copy.pk, at=AT)
    catalogue.make_media(copy.pk, now=clock.now)
    assert catalogue.media_detail(copy.pk).state == "READY"
    assert default_storage.open(storage_name(copy.uuid, segment)).read() == whole


def test_a_copy_whose_bell_was_lost_is_rung_for_again(kept: None, film: bytes) -> None:
    _media, lesson = published(film)
    copy = authoring.copy_media(lesson_id=lesson, by=AUTHOR, at=AT)
    MediaAsset.objects.filter(pk=copy).update(upload=None)
    rung: list[int] = []
    media_making.revive(at=clock.now(), ring=rung.append)
    assert rung == [copy]


def test_refuses_to_copy_what_is_not_shared_not_theirs_or_not_a_draft(kept: None, film: bytes) -> None:
    _media, lesson = published(film)
    with refused("没有找到"):
        authoring.copy_media(lesson_id=lesson, by=COLLEAGUE, at=AT)
    authoring.copy_media(lesson_id=lesson, by=AUTHOR, at=AT)
    with refused("不需要复制"):
        authoring.copy_media(lesson_id=lesson, by=AUTHOR, at=AT)
    set_state(_version(lesson), "IN_REVIEW")
    with refused("已提交"):
        authoring.copy_media(lesson_id=lesson, by=AUTHOR, at=AT)
    assert MediaAsset.objects.count() == 2


def test_the_button_leads_from_the_frozen_subtitles_to_those_of_the_copy(kept: None, film: bytes) -> None:
    me = authoring.Writer(operator("AUTHOR"), "课程作者甲")
    media, lesson = published(film, me)
    page, url = inside(me.credential_id), f"/desk/authoring/lessons/{lesson}/copy"
    assert f'action="{url}"' in page.get(f"/desk/authoring/versions/{_version(lesson)}").content.decode()
    shown = page.get(f"/desk/subtitles/{media.pk}").content.decode()
    assert f'action="{url}"' in shown
    assert 'data-act="save"' not in shown
    stranger = inside(operator("AUTHOR", login="author2"))
    assert stranger.post(url).status_code == 404
    answer = page.post(url)
    copy = Courseware.objects.get(pk=lesson).media_id
    assert copy != media.pk
    assert answer["Location"] == f"/desk/subtitles/{copy}"
    assert 'data-act="save"' in page.get(answer["Location"]).content.decode()
    again = page.post(url, follow=True)
    assert "不需要复制" in again.content.decode()
