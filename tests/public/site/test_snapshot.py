"""The page that outlives the site: whole, in two languages, from what the round really found, written where others can fetch it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import DataError, connection, transaction
from django.test import TestCase

from public.operators.api import Me
from public.site import footing
from public.site.facts import save_facts
from public.site.status import probing, services, snapshot
from public.site.status.models import Component, ProbeHour
from tests.conftest import NOON
from tests.public.desk import operator
from tests.public.site.whole_page import problems_of, style_hash_is_right

pytestmark = pytest.mark.req("S2")
ALL_WELL = dict.fromkeys(Component.values, True)


@pytest.fixture
def me(platform: None) -> Me:
    return Me(operator("OPERATIONS"), "运营甲", "OPERATIONS")


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EDGE_FOLDER = str(tmp_path / "edge")
    return tmp_path / "edge"


def told(me: Me, **changes: Any) -> None:
    said = {
        "kind": "OUTAGE", "title": "视频<加载>缓慢", "text": "正在排查，<script>学时</script>不受影响。", "components": ["MEDIA"], "starts_at": NOON,
        "title_en": "Films load slowly", "text_en": "We are looking for the cause.",
    }  # fmt: skip
    services.begin(report=services.Report(**{**said, **changes}), me=me, at=NOON)


def stored() -> str:
    with default_storage.open(snapshot.stored_name()) as file:
        return file.read().decode()


def test_it_is_whole_in_both_languages_and_says_when_it_was_written(me):
    told(me)
    page = snapshot.page(ALL_WELL | {"MEDIA": False}, at=NOON + timedelta(minutes=1))
    assert problems_of(page) == []
    assert style_hash_is_right(page)
    assert f'data-written="{int(NOON.timestamp()) + 60}"' in page
    assert page.count("2026-11-23 12:01") == 2
    for words in (
        "视频&lt;加载&gt;缓慢",
        "&lt;script&gt;学时",
        "Films load slowly",
        "We are looking for the cause.",
        "故障",
        "Outage",
    ):
        assert words in page, words
    assert re.findall(r'<span>([^<]+)</span><span class="bad">', page) == ["课程视频", "Course films"]
    for mark in ("note-zh", "note-en", "age-zh", "age-en"):
        assert page.count(f"<!--{mark}-->") == 1, "the edge lays its words in here"


def test_the_check_sees_what_would_break_it():
    for broken, what in (
        ("<script src='/x.js'></script>", "<script> is not for such a page"),
        ('<p style="color: red">x</p>', "style on <p>"),
        ("<p><section></section></p>", "<section> inside <p>"),
        ('<a href="https://elsewhere.example/">x</a>', "leads to https://elsewhere.example/"),
        ("<b>x", "still open: ['b']"),
    ):
        assert what in problems_of(broken), what


def test_phones_and_licences_stand_on_it(me):
    with TestCase.captureOnCommitCallbacks(execute=True):
        save_facts(
            texts={"service_phone": ("0571-88880000", ""), "icp": ("浙ICP备2026000001号", ""), "operator_name": ("某某科技有限公司", "Some Ltd")},
            me=me, at=NOON, ip="10.0.0.1",
        )  # fmt: skip
    try:
        page = snapshot.page(ALL_WELL, at=NOON)
    finally:
        footing.forget()
    assert page.count('href="tel:0571-88880000"') == 2
    assert 'href="https://beian.miit.gov.cn/"' in page
    assert problems_of(page) == []


def test_every_round_writes_it_anew_for_the_edge_and_into_the_store(me, folder):
    probes = dict.fromkeys(Component.values, lambda: None)
    probing.round_of_all(at=NOON, probes=probes)
    first = (folder / "now.html").read_text(encoding="utf-8")
    assert stored() == first

    def lost() -> None:
        raise OSError("a host name that is nobody's business")

    probing.round_of_all(at=NOON + timedelta(minutes=1), probes=probes | {"WEB": lost})
    second = (folder / "now.html").read_text(encoding="utf-8")
    assert "2026-11-23 12:01" in second
    assert '网页与接口</span><span class="bad">异常' in second
    assert "host name" not in second
    assert stored() == second
    assert [path.name for path in folder.iterdir()] == ["now.html"], "no draft stays behind"
    assert (folder / "now.html").stat().st_mode & 0o777 == 0o644, "the edge is another user"


def test_a_folder_or_store_that_fails_stops_neither_the_other_nor_the_probing(me, folder, settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.EDGE_FOLDER = str(tmp_path / "file" / "below")
    probing.round_of_all(at=NOON, probes=dict.fromkeys(Component.values, lambda: None))
    assert ProbeHour.objects.count() == len(Component.values)
    assert "2026-11-23 12:00" in stored()
    assert "the status snapshot was not written (_lay): NotADirectoryError" in caplog.text


def test_a_page_that_could_not_be_laid_leaves_no_draft_each_minute(me, folder, caplog):
    (folder / "now.html").mkdir(parents=True)
    snapshot.write(ALL_WELL, at=NOON)
    assert "was not written (_lay)" in caplog.text
    assert [path.name for path in folder.iterdir()] == ["now.html"]


def test_without_the_database_it_still_says_what_was_probed(me):
    told(me)
    before = transaction.savepoint()
    with pytest.raises(DataError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")  # from here on the server refuses every statement
    page = snapshot.page(ALL_WELL | {"DATABASE": False}, at=NOON)
    transaction.savepoint_rollback(before)
    assert "数据库没有应答，读不到公布的说明。" in page
    assert '数据库</span><span class="bad">异常' in page
    assert problems_of(page) == []
