"""What good subtitles are, to the millisecond and the character."""

from __future__ import annotations

import pytest

from public.subtitles.chinese import simplified
from public.subtitles.cues import Cue
from public.subtitles.finding import find
from public.subtitles.rules import check, covered_ms, gaps
from tests.public.subtitles.ground import FILM_MS, cues

pytestmark = pytest.mark.req("R3.4")


def found(*track: Cue, duration_ms: int = 0) -> set[tuple[str, str, int]]:
    return {(one.code, one.level, one.cue) for one in check(track, duration_ms)}


def test_finds_nothing_wrong_with_good_subtitles():
    assert check(cues(), FILM_MS) == []


@pytest.mark.parametrize(
    ("track", "problem"),
    [
        ([Cue(0, 2_000, "先通风"), Cue(1_999, 4_000, "再检测")], ("overlap", "error", 2)),
        ([Cue(0, 499, "先")], ("too_short", "error", 1)),
        ([Cue(2_000, 1_000, "先")], ("too_short", "error", 1)),
        ([Cue(0, 1_000, "一二三四五六七八九十")], ("fast", "warning", 1)),
        ([Cue(0, 1_000, "一二三四五六七八九十一二三")], ("too_fast", "error", 1)),
        ([Cue(0, 9_000, "一" * 21)], ("long_line", "error", 1)),
        ([Cue(0, 9_000, "一\n二\n三")], ("many_lines", "error", 1)),
        ([Cue(0, 2_000, "")], ("empty", "error", 1)),
        ([Cue(0, 2_000, "檢測")], ("traditional", "warning", 1)),
    ],
)
def test_finds_each_fault(track, problem):
    assert problem in found(*track)


@pytest.mark.parametrize(
    "track",
    [
        [Cue(0, 2_000, "先通风"), Cue(2_000, 4_000, "再检测")],
        [Cue(0, 500, "先")],
        [Cue(0, 1_000, "一二三四五六七八九")],
        [Cue(0, 9_000, "一" * 20)],
        [Cue(0, 9_000, "a" * 40)],
        [Cue(0, 9_000, "一\n二")],
        [Cue(0, 1_000, "，。！？、；：“”（）…先通风 再检测")],
        [Cue(0, 4_000, "乾坤、瞭望、著名、干燥、台阶、征求、后台")],
    ],
)
def test_leaves_alone_what_is_just_within_the_limits(track):
    assert found(*track) == set()


def test_asks_for_subtitles_to_the_end_and_over_95_percent_of_the_film():
    assert found(*cues(57_000), duration_ms=60_000) == set()
    assert ("ends_early", "error", 0) in found(*cues(56_000), duration_ms=60_000)
    holed = [cue for cue in cues() if cue.start_ms not in {12_000, 18_000}]
    assert found(*holed, duration_ms=FILM_MS) == {("coverage", "error", 0), ("gap", "warning", 0)}
    assert found(duration_ms=60_000) >= {("ends_early", "error", 0), ("coverage", "error", 0)}


def test_a_breath_between_cues_counts_as_covered_and_a_longer_silence_is_shown_where_it_is():
    track = [Cue(3_000, 20_000, "甲"), Cue(23_000, 40_000, "乙"), Cue(44_000, 60_000, "丙")]
    assert gaps(track, 60_000) == [(40_000, 44_000)]
    assert covered_ms(track, 60_000) == 56_000
    assert [one.at_ms for one in check(track, 60_000) if one.code == "gap"] == [40_000]


def test_nothing_has_to_be_shown_while_nothing_is_heard():
    track = cues(30_000)
    assert {one.code for one in check(track, 60_000)} == {"ends_early", "coverage", "gap"}
    assert check(track, 60_000, [(29_000, 60_000)]) == []
    assert {one.code for one in check(track, 120_000, [(30_000, 60_000)])} == {"ends_early", "coverage", "gap"}


def test_a_cue_past_the_end_is_an_error_but_a_frame_more_is_not():
    assert ("past_the_end", "error", 1) in found(Cue(0, 60_200, "甲"), duration_ms=60_000)
    assert found(Cue(0, 60_090, "甲"), duration_ms=60_000) == set()


def test_each_problem_says_where_what_and_how_to_mend_it():
    (one,) = check([Cue(5_000, 8_000, "嚴禁煙火，必須檢測")], 0)
    assert one.as_json() == {
        "code": "traditional",
        "level": "warning",
        "cue": 1,
        "at_ms": 5_000,
        "message": "含繁体字：嚴煙須檢測",
        "suggestion": "转为简体",
        "fix": "严禁烟火，必须检测",
    }
    assert all(str(each.suggestion) for each in check([Cue(0, 100, "")], 60_000))


def test_errors_come_before_warnings():
    levels = [one.level for one in check([Cue(0, 9_000, "檢測"), Cue(9_000, 9_100, "一")], 60_000)]
    assert levels == sorted(levels)


def test_simplified_text_comes_back_unchanged():
    from public.questions import seed

    for question in seed.questions():
        assert simplified(question["stem"]) == question["stem"]


def test_finds_words_across_cues_lines_width_and_case():
    track = [Cue(0, 1, "先通风、再"), Cue(1_000, 2, "检测，后\n作业 PLC"), Cue(2_000, 3, "检测合格")]
    assert [spot.at_ms for spot in find(track, "检测")] == [1_000, 2_000]
    assert [(spot.at_ms, spot.snippet) for spot in find(track, "再检 测")] == [(0, "先通风、再检测，后作业PLC检测合格")]
    assert [spot.at_ms for spot in find(track, "ｐlc")] == [1_000]
    assert [spot.snippet for spot in find([Cue(0, 1, "面积一共有一百二十五㎡，属于较大的密闭空间")], "M2")] == [
        "面积一共有一百二十五㎡，属于较大的密闭空间"
    ]
    assert find(track, " ") == find(track, "没有") == find([], "甲") == []


def test_finds_at_most_one_place_in_a_cue_and_no_more_than_asked_for():
    assert len(find([Cue(0, 1, "通风通风通风")], "通风")) == 1
    assert len(find([Cue(n, n + 1, "通风") for n in range(50)], "通风", most=7)) == 7
