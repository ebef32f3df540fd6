"""Tracks are saved whole, with a history, for those who may, and only while their version is a draft."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from infra.kit.errors import DomainError
from public.audit.models import AuditEvent
from public.catalogue import api as catalogue
from public.catalogue.media import storage_name
from public.catalogue.models import CourseVersion
from public.subtitles import api as subtitles
from public.subtitles import queries, services
from public.subtitles.api import Cue, Editor
from public.subtitles.models import SubtitleTrack, TrackRevision
from tenants.scope import enterprise_scope
from tests.conftest import NOON
from tests.public.subtitles.ground import FILM_MS, cues, film, move

pytestmark = pytest.mark.req("R3.4")
AUTHOR, COLLEAGUE = Editor(1, "课程作者甲"), Editor(2, "课程作者乙")


def save(lesson, track, revision, by=AUTHOR):
    return subtitles.save(media_id=lesson.media_id, cues=track, expected_revision=revision, by=by, at=NOON)


def refused(code):
    return pytest.RaisesExc(DomainError, check=lambda error: error.code == code)


def captions(lesson):
    with default_storage.open(storage_name(lesson.media.uuid, "subtitles.vtt")) as file:
        return file.read().decode()


def test_saving_keeps_cues_words_history_audit_and_the_players_file(platform):
    lesson = film()
    save(lesson, cues(), 0)
    save(lesson, [Cue(0, FILM_MS, "压力 < 1 MPa\n才能开盖")], 1)
    track = subtitles.track_of(lesson.media_id)
    assert (track.revision, track.edited_by, track.cues) == (2, "课程作者甲", [Cue(0, FILM_MS, "压力 < 1 MPa\n才能开盖")])
    assert captions(lesson) == "WEBVTT\n\n1\n00:00:00.000 --> 00:01:00.000\n压力 &lt; 1 MPa\n才能开盖\n"
    assert subtitles.text_of(lesson.version_id) == "压力 < 1 MPa才能开盖"
    assert [line.number for line in queries.history(lesson.media_id)] == [2, 1]
    assert AuditEvent.objects.filter(target=f"media:{lesson.media_id}", action="subtitles.saved").count() == 2


def test_the_second_of_two_editors_is_told_who_was_faster_and_changes_nothing(platform):
    lesson = film()
    save(lesson, cues(), 0)
    save(lesson, cues(text="甲的一稿"), 1)
    with pytest.raises(DomainError) as refusal:
        save(lesson, cues(text="乙的一稿"), 1, COLLEAGUE)
    assert (refusal.value.code, refusal.value.status) == ("stale", 409)
    assert refusal.value.details["revision"] == 2
    assert "课程作者甲" in str(refusal.value.message)
    assert subtitles.track_of(lesson.media_id).cues[0].text == "甲的一稿"
    assert "乙的一稿" not in captions(lesson)
    assert TrackRevision.objects.count() == 2


def test_two_editors_who_begin_at_nothing_do_not_overwrite_each_other(platform):
    lesson = film()
    save(lesson, cues(), 0)
    with refused("stale"):
        save(lesson, cues(text="乙的一稿"), 0, COLLEAGUE)


@pytest.mark.parametrize("state", ["IN_REVIEW", "PUBLISHED", "RETIRED", "RECALLED"])
def test_subtitles_of_a_version_past_its_draft_are_frozen(platform, state):
    lesson = film()
    save(lesson, cues(), 0)
    move(lesson, state)
    with refused("frozen"):
        save(lesson, cues(text="改过"), 1)
    with refused("frozen"):
        subtitles.import_track(lesson.media_id, b"WEBVTT\n\n00:00.000 --> 00:01.000\na\n", NOON)
    assert subtitles.track_of(lesson.media_id).revision == 1


def test_imports_gbk_whole_and_a_bad_file_not_at_all(platform):
    lesson = film()
    found = subtitles.import_track(
        lesson.media_id, "1\n00:00:00,000 --> 00:00:59,000\n先通风，再检测\n".encode("gbk"), NOON, by=AUTHOR
    )
    assert found.notes == ["文件编码为 GBK/GB18030，已转换为 UTF-8。"]
    assert subtitles.track_of(lesson.media_id).cues[0].text == "先通风，再检测"
    with refused("bad_subtitles"):
        subtitles.import_track(
            lesson.media_id, b"1\n00:00:00,000 --> 00:00:09,000\nok\n\n2\n00:00:10,000 --> 00:00:09,000\nbad\n", NOON
        )
    assert subtitles.track_of(lesson.media_id).revision == 1


def test_an_old_state_comes_back_as_a_new_one_and_the_history_only_grows(platform):
    lesson = film()
    save(lesson, cues(text="第一稿"), 0)
    save(lesson, cues(text="第二稿"), 1)
    services.restore(media_id=lesson.media_id, number=1, expected_revision=2, by=AUTHOR, at=NOON)
    track = subtitles.track_of(lesson.media_id)
    assert (track.revision, track.source, track.cues[0].text) == (3, "RESTORE", "第一稿")
    for change in ("UPDATE subtitles_trackrevision SET number = 9", "DELETE FROM subtitles_trackrevision"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    with refused("not_found"):
        services.restore(media_id=lesson.media_id, number=9, expected_revision=3, by=AUTHOR, at=NOON)


def test_nothing_is_saved_when_the_storage_fails(platform):
    lesson = film()
    Path(default_storage.path(storage_name(lesson.media.uuid, "subtitles.vtt"))).mkdir(parents=True)
    with pytest.raises(OSError, match="directory"), transaction.atomic():
        save(lesson, cues(), 0)
    assert not SubtitleTrack.objects.exists()
    assert not TrackRevision.objects.exists()


def test_a_finished_film_brings_its_captions_along_and_keeps_what_people_edited(platform):
    lesson = film()
    catalogue.write_captions(lesson.media.uuid, "WEBVTT\n\n00:00.000 --> 01:00.000\n随片字幕\n")
    catalogue.media_ready.send(sender=None, version_ids=[lesson.version_id])
    assert subtitles.track_of(lesson.media_id).source == "STUDIO"
    save(lesson, cues(text="改过"), 1)
    catalogue.write_captions(lesson.media.uuid, "WEBVTT\n\n00:00.000 --> 01:00.000\n重新制作\n")
    catalogue.media_ready.send(sender=None, version_ids=[lesson.version_id])
    assert subtitles.track_of(lesson.media_id).cues[0].text == "改过"
    assert "改过" in captions(lesson)


def test_adopts_each_film_once_and_leaves_out_what_cannot_be_read(platform):
    lesson, broken, bare, document = film(), film(code="B"), film(code="C"), film(code="D", kind="DOCUMENT")
    catalogue.write_captions(lesson.media.uuid, "WEBVTT\n\n00:00.000 --> 01:00.000\n随片字幕\n")
    catalogue.write_captions(broken.media.uuid, "not a subtitle")
    catalogue.write_captions(document.media.uuid, "WEBVTT\n\n00:00.000 --> 01:00.000\n文档\n")
    move(lesson, "PUBLISHED")
    assert [subtitles.adopt(at=NOON), subtitles.adopt(at=NOON)] == [1, 0]
    assert subtitles.track_of(bare.media_id) is None


def test_search_says_lesson_time_and_words_around(platform):
    lesson = film()
    save(lesson, [Cue(0, 30_000, "进入受限空间前"), Cue(30_000, 60_000, "先通风、再检测、后作业")], 0)
    (hit,) = subtitles.search(lesson.version_id, "检测")
    assert (hit.courseware, hit.lesson_no, hit.at_ms) == (lesson.pk, 1, 30_000)
    assert "再检测、后" in hit.snippet
    assert subtitles.search(lesson.version_id, "动火") == []


@pytest.mark.req("S2")
def test_an_enterprise_reads_tracks_of_published_versions_only_and_no_history(platform, jia, yi):
    lesson, own = film(), film(code="AQ-CY-ALL-SJ-0912")
    for one in (lesson, own):
        save(one, cues(), 0)
    CourseVersion.objects.filter(pk=own.version_id).update(state="PUBLISHED", visible_to=jia.schema_name)
    with enterprise_scope(jia):
        assert subtitles.track_of(lesson.media_id) is None
        assert subtitles.search(own.version_id, "检测")
    with enterprise_scope(yi):
        assert subtitles.track_of(own.media_id) is None
        assert subtitles.search(own.version_id, "检测") == []
        assert subtitles.text_of(own.version_id) == ""
    move(lesson, "PUBLISHED")
    with enterprise_scope(yi):
        assert subtitles.track_of(lesson.media_id).cues
        for sql in ("SELECT * FROM subtitles_trackrevision", "UPDATE subtitles_subtitletrack SET revision = 9"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_tells_the_other_rooms_after_the_save_is_certain(platform):
    heard = []
    lesson = film()

    def hear(**news):
        heard.append((news["media_id"], news["version_ids"]))

    subtitles.track_saved.connect(hear)
    try:
        from django.test import TestCase

        with TestCase.captureOnCommitCallbacks(execute=True):
            save(lesson, cues(), 0)
            assert heard == []
        assert heard == [(lesson.media_id, [lesson.version_id])]
    finally:
        subtitles.track_saved.disconnect(hear)


class TestGate:
    """A version waits until every film and sound has subtitles without errors."""

    def test_names_the_lesson_and_what_to_do(self, platform):
        lesson = film()
        (gap,) = subtitles.subtitle_gaps(lesson.version_id, NOON)
        assert (gap.code, gap.courseware_id) == ("subtitles_missing", lesson.pk)
        assert str(gap.text) == "第 1 课“第一课”还没有中文字幕，请打开“编辑字幕”导入或编写"

    def test_errors_block_and_warnings_do_not(self, platform):
        lesson = film(kind="AUDIO")
        save(lesson, cues(30_000), 0)
        (gap,) = subtitles.subtitle_gaps(lesson.version_id, NOON)
        assert gap.code == "subtitles_wrong"
        assert "2 处错误" in str(gap.text)
        save(lesson, cues(text="檢測"), 1)
        assert any(one.level == "warning" for one in subtitles.problems(lesson.media_id))
        assert subtitles.subtitle_gaps(lesson.version_id, NOON) == []

    def test_documents_need_none_and_unfinished_films_have_their_own_gap(self, platform):
        assert subtitles.subtitle_gaps(film(kind="DOCUMENT").version_id, NOON) == []
        assert subtitles.subtitle_gaps(film(code="B", ready=False).version_id, NOON) == []

    def test_stands_before_submission(self, platform):
        lesson = film()
        with pytest.raises(DomainError) as refusal:
            catalogue.submit(version_id=lesson.version_id, by_id=1, at=NOON)
        assert "subtitles_missing" in [gap["code"] for gap in refusal.value.details["missing"]]

    def test_asks_the_database_the_same_few_times_for_many_lessons(self, platform, django_assert_max_num_queries):
        lesson = film()
        with django_assert_max_num_queries(2):
            subtitles.subtitle_gaps(lesson.version_id, NOON)
