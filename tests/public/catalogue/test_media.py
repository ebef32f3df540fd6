"""From an upload to something learners can open: made once, told by stage, tried again, shown at the desk."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import psycopg
import pytest
from celery.signals import worker_ready
from django.conf import settings as project
from django.test import Client

from infra.kit import clock
from infra.kit.errors import DomainError
from infra.wiring.settings.services import _storage
from public.catalogue import api as catalogue
from public.catalogue import media_making, tasks
from public.catalogue.models import MediaAsset
from public.catalogue.workroom import workroom
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.public import desk
from tests.public.uploads.ground import clip, ffmpeg, pdf, uploaded

pytestmark = pytest.mark.req("R3.1")


@pytest.fixture
def kept(platform, settings, tmp_path):
    """Stand on the platform; files and work in this test's folder."""
    settings.STORAGES = {**settings.STORAGES, "default": _storage((tmp_path / "kept").as_uri())}
    settings.WORK_FOLDER = str(tmp_path / "work")
    return tmp_path


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return clip(tmp_path_factory.mktemp("film") / "clip.mp4", seconds=7, size="640x480").read_bytes()


def _added(data: bytes, kind: str = "VIDEO", *, owner: int = 1, **more) -> int:
    upload = uploaded(data, purpose="courseware", owner=owner, **more)
    assert upload.state == "READY", upload.error
    return catalogue.add_media(upload=upload.uuid, kind=kind, owner_id=owner, at=NOON)


def _made(media_id: int) -> catalogue.MediaView:
    catalogue.make_media(media_id, now=clock.now)
    return catalogue.media_detail(media_id)


class TestMaking:
    def test_an_uploaded_film_becomes_playable_for_learners(self, kept, film, jia):
        media_id = _added(film)
        waiting = catalogue.media_detail(media_id)
        assert (waiting.state, waiting.may_retry, waiting.duration_ms) == ("QUEUED", False, None)
        view = _made(media_id)
        assert (view.state, view.error, view.renditions) == ("READY", "", ("480p",))
        assert view.duration_ms == pytest.approx(7_000, abs=200)
        with enterprise_scope(jia):
            package = catalogue.playback(view.uuid).package
            for name in ("480p_init.mp4", "480p_00001.m4s", "poster.jpg", "sprite.jpg", "thumbnails.vtt"):
                assert catalogue.open_media(view.uuid, name).read(4)
            assert len(catalogue.media_key(view.uuid, package["segments"][-1]["key_no"])) == 16
            with pytest.raises(DomainError, match="not_found"):
                catalogue.open_media(view.uuid, "source")

    def test_news_of_a_ready_film_names_it(self, kept, film, django_capture_on_commit_callbacks):
        heard = []
        catalogue.media_ready.connect(heard_by := lambda **news: heard.append(news["media_id"]), weak=False)
        media_id = _added(film)
        with django_capture_on_commit_callbacks(execute=True):
            _made(media_id)
        catalogue.media_ready.disconnect(heard_by)
        assert heard == [media_id]

    def test_a_document_becomes_pages_with_a_measured_reading_time(self, kept):
        view = _made(_added(pdf(3), "DOCUMENT"))
        assert (view.state, view.duration_ms, len(view.pages)) == ("READY", 60_000, 3)
        assert catalogue.open_media(view.uuid, "page_0003.jpg").read(2) == b"\xff\xd8"

    def test_a_sound_becomes_one_rendition(self, kept, tmp_path):
        ffmpeg("-f", "lavfi", "-i", "sine", "-t", "3", str(tmp_path / "a.mp3"))
        view = _made(_added((tmp_path / "a.mp3").read_bytes(), "AUDIO"))
        assert (view.state, view.kind, view.renditions, view.poster) == ("READY", "AUDIO", ("audio",), "")

    @pytest.mark.parametrize("poison", ["empty", "truncated", "garbage"])
    def test_a_file_that_turns_out_bad_fails_with_a_reason_and_leaves_no_work_behind(self, kept, film, poison):
        media_id = _added(film)
        (source,) = (kept / "kept/platform/uploads").glob("*/source")
        source.write_bytes({"empty": b"", "truncated": film[: len(film) // 3], "garbage": os.urandom(50_000)}[poison])
        view = _made(media_id)
        assert view.state == "FAILED"
        assert any("\u4e00" <= sign <= "\u9fff" for sign in view.error)
        assert view.may_retry
        assert list((kept / "work").iterdir()) == []

    def test_a_failed_film_can_be_tried_again_and_only_a_failed_one(self, kept, film):
        media_id = _added(film)
        (source,) = (kept / "kept/platform/uploads").glob("*/source")
        source.write_bytes(b"")
        assert _made(media_id).state == "FAILED"
        source.write_bytes(film)
        assert _made(media_id).state == "FAILED"  # a bell that rings late changes nothing
        catalogue.retry_media(media_id, at=NOON)
        assert catalogue.media_detail(media_id).state == "QUEUED"
        assert _made(media_id).state == "READY"
        with pytest.raises(DomainError, match="wrong_state"):
            catalogue.retry_media(media_id, at=NOON)

    def test_refuses_uploads_of_others_unready_ones_and_wrong_kinds(self, kept, film):
        upload = uploaded(film, purpose="courseware", owner=1)
        with pytest.raises(DomainError, match="not_found"):
            catalogue.add_media(upload=upload.uuid, kind="VIDEO", owner_id=2, at=NOON)
        with pytest.raises(DomainError, match="wrong_kind"):
            catalogue.add_media(upload=upload.uuid, kind="DOCUMENT", owner_id=1, at=NOON)
        bad = uploaded(b"words", purpose="video")
        with pytest.raises(DomainError, match="not_ready"):
            catalogue.add_media(upload=bad.uuid, kind="VIDEO", owner_id=1, at=NOON)
        assert not MediaAsset.objects.filter(upload__isnull=False).exists()


class TestCrashes:
    def test_a_job_that_died_is_made_anew_and_its_leftovers_go(self, kept, film):
        media_id = _added(film)
        uuid = MediaAsset.objects.get(pk=media_id).uuid
        MediaAsset.objects.filter(pk=media_id).update(state="PROCESSING", attempts=1, progress=40, stage="ENCODE")
        left = kept / "work" / str(uuid) / "job" / "made"
        left.mkdir(parents=True)
        (left / "half.m4s").write_bytes(b"half")
        assert _made(media_id).state == "READY"
        assert list((kept / "work").iterdir()) == []

    def test_a_file_that_kills_its_worker_three_times_fails_at_last(self, kept, film):
        media_id = _added(film)
        MediaAsset.objects.filter(pk=media_id).update(state="PROCESSING", attempts=3)
        view = _made(media_id)
        assert (view.state, "中断" in view.error) == ("FAILED", True)

    def test_nobody_makes_what_another_process_is_making(self, kept, film):
        media_id = _added(film)
        with psycopg.connect(project.DATABASE_URL) as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", [media_making._LOCKS, media_id])
            assert _made(media_id).state == "QUEUED"
            other.execute("SELECT pg_advisory_unlock_all()")
        assert _made(media_id).state == "READY"

    def test_silent_jobs_and_lost_bells_are_rung_again_and_living_ones_left_alone(self, kept, film):
        silent, living, lost = (_added(film) for _ in range(3))
        later = NOON + timedelta(hours=1, seconds=1)
        MediaAsset.objects.filter(pk=silent).update(state="PROCESSING", updated_at=later - timedelta(minutes=6))
        MediaAsset.objects.filter(pk=living).update(state="PROCESSING", updated_at=later - timedelta(minutes=1))
        rung: list[int] = []
        media_making.revive(at=later, ring=rung.append)
        media_making.revive(at=later, ring=rung.append)
        assert sorted(rung) == sorted([silent, lost])

    def test_a_new_worker_takes_up_at_once_what_the_last_one_left(self, kept, film, monkeypatch):
        left = _added(film)
        MediaAsset.objects.filter(pk=left).update(state="PROCESSING", updated_at=clock.now() - timedelta(seconds=1))
        rung: list[int] = []
        monkeypatch.setattr(tasks, "ring_for_media", rung.append)
        tasks.revive_media()
        assert rung == []
        tasks.revive_media(at_once=True)
        assert rung == [left]
        assert tasks.take_up_what_the_last_worker_left in [found() for _key, found in worker_ready.receivers]

    def test_a_folder_is_cleared_once_the_process_that_held_it_is_gone(self, settings, tmp_path):
        settings.WORK_FOLDER = str(tmp_path)
        code = (
            "import fcntl,os,sys,pathlib; p=pathlib.Path(sys.argv[1])/'dead'; p.mkdir(); (p/'big').write_bytes(bytes(9));"
            "f=os.open(p/'.lock',os.O_RDWR|os.O_CREAT); fcntl.flock(f,fcntl.LOCK_EX); print('held',flush=True); sys.stdin.read()"
        )
        with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as held:
            assert held.stdout is not None
            held.stdout.readline()
            with workroom("one"):
                assert (tmp_path / "dead/big").exists()
            held.kill()
        with workroom("two") as folder:
            assert not (tmp_path / "dead").exists()
            assert folder.is_dir()
        assert list(tmp_path.iterdir()) == []


class TestDesk:
    def test_shows_progress_then_failure_with_retry_then_the_preview(self, kept, film):
        author = desk.operator("AUTHOR")
        browser = desk.inside(author)
        media_id = _added(film, owner=author)
        path = f"/desk/media/{media_id}"
        MediaAsset.objects.filter(pk=media_id).update(state="PROCESSING", progress=37, stage="ENCODE")
        page = browser.get(path).content.decode()
        assert "转码与加密" in page
        assert 'hx-trigger="every 2s"' in page
        MediaAsset.objects.filter(pk=media_id).update(state="FAILED", error="文件不完整，请重新上传。")
        page = browser.get(path, headers={"HX-Request": "true"}).content.decode()
        assert "文件不完整" in page
        assert "every 2s" not in page
        assert browser.post(f"{path}/retry").status_code == 302
        _made(media_id)
        page = browser.get(path).content.decode()
        assert "data-media-player" in page
        text = browser.get(f"{path}/playlist.m3u8").content.decode()
        assert f"{path}/keys/0" in text
        assert len(browser.get(f"{path}/keys/0").content) == 16
        assert browser.get(f"{path}/files/poster.jpg")["Content-Type"] == "image/jpeg"
        assert browser.get(f"{path}/files/keys.bin").status_code == 404
        assert browser.get(f"{path}/playlist/0.m3u8").status_code == 200
        assert browser.get(f"{path}/playlist/9.m3u8").status_code == 404

    def test_pages_of_a_document_are_shown(self, kept):
        author = desk.operator("AUTHOR")
        media_id = _added(pdf(2), "DOCUMENT", owner=author)
        _made(media_id)
        page = desk.inside(author).get(f"/desk/media/{media_id}").content.decode()
        assert page.count('cm-page"') == 2
        assert "第 2 页" in page

    def test_other_authors_and_strangers_get_neither_page_nor_key(self, kept, film):
        media_id = _added(film, owner=desk.operator("AUTHOR", login="a"))
        _made(media_id)
        other, stranger = desk.inside(desk.operator("AUTHOR", login="b")), Client(HTTP_HOST=desk.HOST)
        reviewer = desk.desk("REVIEWER")
        for rest in ("", "/playlist.m3u8", "/keys/0", "/files/poster.jpg"):
            path = f"/desk/media/{media_id}{rest}"
            assert (other.get(path).status_code, stranger.get(path).status_code) == (404, 302)
            assert reviewer.get(path).status_code == 200
        assert reviewer.post(f"/desk/media/{media_id}/retry").status_code == 403

    def test_enterprises_have_no_desk(self, kept, jia):
        assert Client(HTTP_HOST=f"{jia.host}:8000").get("/desk/media/1").status_code == 404
