"""`manage.py catalogue_audit`: what every published version has to show, and the exit code when one does not."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import call_command

from infra.kit import clock
from public.catalogue.models import TrainerQualification
from public.rights.models import RightsAsset
from public.subtitles.models import SubtitleTrack
from tests.public.review.ground import AT, House, draft, house
from tests.public.rights import ground as register

pytestmark = pytest.mark.req("R3.1", "R3.2", "R3.4")


@pytest.fixture
def people(platform: None) -> House:
    return house()


@pytest.fixture
def version(people: House, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(clock, "now", lambda: AT)
    found = draft(people.author.credential_id)
    people.publish(found)
    return found


def audit(*options: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("catalogue_audit", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def test_an_empty_catalogue_lacks_nothing(platform: None) -> None:
    assert audit() == (0, "0 个已发布版本，0 个齐全，0 个有缺项\n")


def test_a_version_that_went_the_whole_way_is_complete(version: int) -> None:
    code, text = audit()
    assert code == 0
    assert "签名 4/4（审核员甲）" in text
    assert "版权 4 项 ✓" in text
    assert "字幕 ✓" in text
    assert "讲师 讲师甲 ✓" in text
    assert "复审 2027-11-20" in text
    assert text.endswith("1 个已发布版本，1 个齐全，0 个有缺项\n")


def test_json_has_one_object_a_line_and_the_summary_last(version: int) -> None:
    code, text = audit("--json")
    row, summary = (json.loads(line) for line in text.splitlines())
    assert code == 0
    assert set(row["signatures"]) == {"POLITICAL", "COMPLIANCE", "COMPLETENESS", "FIT"}
    assert (row["version_id"], row["rights"], row["lacks"]) == (version, 4, [])
    assert summary == {"versions": 1, "complete": 1, "lacking": 0}


def test_a_version_published_past_its_review_lacks_everything(people: House, version: int) -> None:
    bare = register.draft(people.author.credential_id, code="AQ-CY-ALL-SJ-0999")
    register.move(bare, "PUBLISHED")
    code, text = audit("--json")
    rows = {row["version_id"]: row for row in map(json.loads, text.splitlines()[:-1])}
    assert code == 1
    assert rows[version]["lacks"] == []
    words = "\n".join(rows[bare]["lacks"])
    for lack in ("签名", "还没有登记字体的版权", "还没有中文字幕", "还没有登记资格", "没有复审日期"):
        assert lack in words
    assert json.loads(text.splitlines()[-1]) == {"versions": 2, "complete": 1, "lacking": 1}


@pytest.mark.parametrize("what", ["subtitles", "trainer", "rights", "review"])
def test_each_single_lack_is_enough_for_exit_one(version: int, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if what == "subtitles":
        SubtitleTrack.objects.update(cues=[])
    if what == "trainer":
        TrainerQualification.objects.update(valid_to=date(2026, 11, 1))
    if what == "rights":
        row = RightsAsset.objects.filter(kind="AUDIO").first()
        assert row is not None
        row.pk, row.title, row.may_transmit = None, "未授权配乐", False
        row.save(force_insert=True)
    if what == "review":
        monkeypatch.setattr(clock, "now", lambda: AT.replace(year=2028))
    code, text = audit()
    assert code == 1
    assert "缺：" in text
    assert "1 个有缺项" in text
