"""Marks on files: what a workbook says about itself, and for whom none is made."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from PIL import Image

from infra.kit import marking, origin, sheets
from infra.kit.labels import Category, Level, label

pytestmark = pytest.mark.req("R5.7")
AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LABEL = label(Level.SENSITIVE, Category.TRAINING)


def parts(content: bytes) -> tuple[str, list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml")), book.namelist()


def test_a_workbook_carries_label_taker_time_and_trace():
    mark = marking.Mark(LABEL, "安全员（manager:1）", AT, "ab" * 16)
    text, names = parts(sheets.xlsx_file("名单", ["姓名"], [["学员甲"]], mark=mark))
    for words in ("敏感 · 培训", "安全员（manager:1）", "2026-11-23 12:00", "2-TRAINING", "ab" * 16):
        assert words in text, words
    assert "xl/media/image1.png" in names
    assert mark.file_name("名单.xlsx") == "名单（敏感）.xlsx"


def test_an_ampersand_in_a_name_is_no_command_of_the_header():
    text, _names = parts(sheets.xlsx_file("名单", ["姓名"], [], mark=marking.Mark(LABEL, "甲&D乙", AT)))
    assert "甲&amp;&amp;D乙" in text


def test_a_request_marks_for_whom_it_recognised():
    with origin.coming_from():
        assert marking.here(LABEL) is None, "nobody yet"
        origin.recognised("manager:1", "安全员")
        found = marking.here(LABEL)
        assert found is not None
        assert found.who == "安全员（manager:1）"
        origin.recognised("learner:1", "学员甲")
        assert marking.here(LABEL) is None, "their own"
    assert marking.here(LABEL) is None


def test_without_a_request_a_sheet_is_plain():
    _text, names = parts(sheets.xlsx_file("名单", ["姓名"], [["学员甲"]]))
    assert not [name for name in names if "media" in name]


def test_the_picture_is_pale_enough_to_read_through():
    picture = Image.open(io.BytesIO(marking.watermark("敏感 · 培训　安全员　2026-11-23 12:00")))
    alpha = picture.getchannel("A")
    assert 0 < (alpha.getextrema()[1]) <= 60
