"""Subtitle files of all encodings and faults."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.kit.errors import DomainError
from public.subtitles.cues import Cue, clock, srt, webvtt
from public.subtitles.reading import MOST_BYTES, read

pytestmark = pytest.mark.req("R3.4")
LINE = "进入受限空间前必须先通风、再检测、后作业。"
SRT = f"1\r\n00:00:01,000 --> 00:00:03,500\r\n{LINE}\r\n第二行\r\n\r\n2\r\n00:00:04,000 --> 00:00:06,000\r\n监护人不得离开。\r\n"
CUES = [Cue(1_000, 3_500, f"{LINE}\n第二行"), Cue(4_000, 6_000, "监护人不得离开。")]


def refused(data: bytes) -> DomainError:
    with pytest.raises(DomainError) as found:
        read(data)
    return found.value


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("gbk", "GBK/GB18030"),
        ("gb18030", "GBK/GB18030"),
    ],
)
def test_reads_every_encoding_and_says_when_it_converted(codec, name):
    found = read(SRT.encode(codec))
    assert (found.cues, found.encoding, found.form) == (CUES, name, "SRT")
    assert found.notes == ([] if name == "UTF-8" else [f"文件编码为 {name}，已转换为 UTF-8。"])


def test_reads_characters_that_only_gb18030_has_and_traditional_text_in_gbk_and_big5():
    rare = SRT.replace("监护人", "监护人龦㐂𠮷")
    assert "龦㐂𠮷" in read(rare.encode("gb18030")).cues[1].text
    traditional = SRT.replace(LINE, "進入受限空間前必須先通風、再檢測。").replace("监护人不得离开", "監護人不得離開")
    assert read(traditional.encode("gbk")).cues[1].text == "監護人不得離開。"
    assert read(traditional.encode("big5")).cues[1].text == "監護人不得離開。"


@pytest.mark.parametrize(
    "data", [bytes(range(128, 256)) * 20, "テスト字幕です、安全教育".encode("shift_jis") * 3, LINE.encode()[:-2] + b"\n"]
)
def test_refuses_bytes_that_make_no_sense_in_any_encoding(data):
    assert refused(b"1\n00:00:01,000 --> 00:00:03,000\n" + data).code == "unknown_encoding"


def test_reads_webvtt_with_everything_that_is_not_shown():
    text = (
        "WEBVTT - 标题\nKind: captions\n\nNOTE 作者的话\n两行\n\nSTYLE\n::cue{color:red}\n\n开场\n00:01.5 --> 00:02.500 align:start\n"
        "<v 讲师>压力 &lt; 1 MPa <b>才能</b>开盖\n\n01:00:00.000 --> 01:00:02.000\n一小时后\n"
    )
    assert read(text.encode()).cues == [Cue(1_500, 2_500, "压力 < 1 MPa 才能开盖"), Cue(3_600_000, 3_602_000, "一小时后")]


def test_reads_what_careless_tools_write():
    text = "1\n00:00:04,000 --> 00:00:05,000\n{\\an8}<i>后</i>\n2\n00:00:01.000 --> 00:00:02.000\n先\n"
    found = read(text.encode())
    assert [cue.text for cue in found.cues] == ["先", "后"]
    assert found.notes == ["文件中的字幕没有按时间排列，已重新排序。"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("1\n00:00:01,000 --> 00:00:xx,000\n甲\n", 2, "时间格式不对"),
        ("1\n00:61:01,000 --> 00:62:02,000\n甲\n", 2, "小于 60"),
        ("WEBVTT\n\n00:05.000 --> 00:03.000\n甲\n", 3, "结束时间应晚于开始时间"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\n甲\n\n这句没有时间\n", 6, "不属于任何一条字幕"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\n\n00:04.000 --> 00:05.000\n乙\n", 3, "没有文字"),
        ("WEBVTT\n", 1, "没有找到任何字幕时间"),
        ("会议记录\n第二行", 1, "不属于任何一条字幕"),
        ("1\n00:00:01,000 --> 00:00:02,000\n" + "长" * 501, 2, "超过 500 字"),
    ],
)
def test_names_the_line_that_is_wrong(text, line, words):
    error = refused(text.encode())
    assert error.code == "bad_subtitles"
    assert f"第 {line} 行" in str(error.message)
    assert words in error.details["lines"][0]["text"]


def test_counts_all_wrong_lines_and_names_the_first_twenty():
    error = refused("\n".join(f"{n}\n00:00:05,000 --> 00:00:01,000\n甲\n" for n in range(30)).encode())
    assert "共有 30 处" in str(error.message)
    assert len(error.details["lines"]) == 20


@pytest.mark.parametrize("data", [b"", b"\n \r\n", b"\xef\xbb\xbf", b"\0\0\0", "\xa0\n".encode()])
def test_refuses_an_empty_file(data):
    assert refused(data).code in {"empty_file", "bad_subtitles"}


def test_refuses_a_file_over_two_megabytes_before_reading_it():
    error = refused(b"x" * (MOST_BYTES + 1))
    assert (error.code, error.status) == ("too_large", 413)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(data):
    try:
        cues, words = read(data).cues, "read"
    except DomainError as error:
        cues, words = [], str(error.message)
    assert words
    assert all(cue.end_ms > cue.start_ms and cue.text for cue in cues)


@given(
    st.lists(
        st.tuples(st.integers(0, 7_200_000), st.integers(1, 9_000), st.text(min_size=1, max_size=40)), min_size=1, max_size=20
    )
)
def test_what_is_written_is_read_back(parts):
    from public.subtitles.cues import in_order, tidy

    cues = in_order(Cue(start, start + length, tidy(text.replace("-->", ""))) for start, length, text in parts)
    cues = [cue for cue in cues if cue.text]
    if cues:
        assert read(webvtt(cues).encode()).cues == cues


def test_srt_keeps_an_arrow_in_the_words_from_ending_the_cue():
    cues = [Cue(0, 1_000, "甲 --> 乙")]
    assert read(srt(cues).encode()).cues == [Cue(0, 1_000, "甲 → 乙")]
    assert clock(3_723_004, ",") == "01:02:03,004"
