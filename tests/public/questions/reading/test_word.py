"""Word files: numbers Word makes itself, underlined gaps, tables; and files that nobody should open."""

import io
import zipfile

import pytest

from infra.kit import packed
from public.questions import api as questions
from public.questions import reading

from . import papers
from .papers import docx, p, plain, table, under


def contents(data, topic="安全生产法"):
    return [draft.content for draft in reading.read(data, topic=topic).drafts]


@pytest.mark.req("R2.8")
def test_numbers_that_word_makes_itself_are_read():
    body = (
        p("单选题", numbered=(2, 0)) + p("甲（　）。", numbered=(1, 0)) + p("一", numbered=(1, 1)) + p("二", numbered=(1, 1)) + p("答案：B")
        + p("乙（　）。", numbered=(1, 0)) + p("三", numbered=(1, 1)) + p("四", numbered=(1, 1)) + p("答案：A")
        + p("判断题", numbered=(2, 0)) + p("丙。（√）", numbered=(1, 0))
    )  # fmt: skip
    found = contents(docx(body, numbering=papers.LISTS))
    assert [(one["kind"], one["answer"]) for one in found] == [("single", ["B"]), ("single", ["A"]), ("judge", ["A"])]
    assert [option["key"] for option in found[1]["options"]] == ["A", "B"]
    assert [questions.check(one) for one in found] == [[], [], []]


def test_runs_are_put_together_and_soft_breaks_begin_lines():
    body = p(
        "1",
        raw=plain(". 甲（")
        + plain(" A ")
        + plain("）？")
        + "<w:r><w:br/></w:r>"
        + plain("A. 一")
        + "<w:r><w:tab/></w:r>"
        + plain("B. 二"),
    )
    found = contents(docx(body))
    assert (found[0]["stem"], found[0]["answer"], [o["text"] for o in found[0]["options"]]) == ("甲（　）？", ["A"], ["一", "二"])


def test_underlined_space_is_a_gap_and_underlined_words_are_its_answer():
    body = (
        p("填空题")
        + p("1. 坚持", raw=under("  安全第一 ") + plain("、") + under("预防为主"))
        + p("2. 使用", raw=under("    ") + plain("灭火。"))
        + p("答案：水")
    )
    found = contents(docx(body))
    assert [(one["stem"], one["answer"]) for one in found] == [
        ("坚持____、____", [["安全第一"], ["预防为主"]]), ("使用____灭火。", [["水"]]),
    ]  # fmt: skip


def test_underlined_words_of_other_questions_are_only_words():
    found = contents(docx(p("1. 下列", raw=under("不") + plain("正确的是？")) + p("A. 一") + p("B. 二") + p("答案：A")))
    assert found[0]["stem"] == "下列不正确的是？"


def test_a_table_of_questions_is_read_by_its_headings():
    body = p("题库") + table(["题型", "题干", "选项", "答案"], ["单选题", "甲？", "A.一 B.二", "A"], ["判断题", "乙。", "", "错"])
    found = reading.read(docx(body), topic="甲")
    assert [(draft.content["kind"], draft.content["answer"]) for draft in found.drafts] == [("single", ["A"]), ("judge", ["B"])]


def test_a_table_of_answers_under_its_numbers():
    questions_ = "".join(p(f"{n}. 第{n}问？") + p("A. 一 B. 二 C. 三") for n in (1, 2, 3))
    body = p("一、单选题") + questions_ + p("参考答案") + table(["题号", "1", "2", "3"], ["答案", "C", "A", "B"])
    assert [one["answer"] for one in contents(docx(body))] == [["C"], ["A"], ["B"]]


def test_options_in_a_table_without_headings():
    body = p("1. 甲？") + table(["A. 一", "B. 二"], ["C. 三", "D. 四"]) + p("答案：D")
    found = contents(docx(body))
    assert [option["text"] for option in found[0]["options"]] == ["一", "二", "三", "四"]


def test_ticks_out_of_symbol_fonts():
    tick = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>'
    assert contents(docx(p("1. 甲。（", raw=tick + plain("）"))))[0]["answer"] == ["A"]


def test_a_picture_is_not_silently_lost():
    draft = reading.read(docx(p("1. 见图，对吗？", raw="<w:r><w:drawing/></w:r>") + p("答案：对")), topic="甲").drafts[0]
    assert [remark.code for remark in draft.remarks] == ["picture"]
    assert draft.remarks[0].is_doubt


def refused(data):
    with pytest.raises(reading.BadFile) as refusal:
        reading.read(data, topic="甲")
    return refusal.value.code


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def test_a_table_within_a_table_is_read_once():
    data = docx(_nested(p("1. 甲。（√）") + p("2. 乙。（×）"), depth=3))
    assert [one["stem"] for one in contents(data)] == ["甲。", "乙。"]


def _nested(body, *, depth):
    return "<w:tbl><w:tr><w:tc>" * depth + body + "</w:tc></w:tr></w:tbl>" * depth


@pytest.mark.req("R2.8")
def test_hostile_files_are_refused_in_words():
    good = docx(p("1. 甲。（√）"))
    doctype = f'<!DOCTYPE w [<!ENTITY a "b">]><w:document xmlns:w="{papers.W}"><w:body><w:p/></w:body></w:document>'
    types = {"[Content_Types].xml": papers.TYPES}
    cases = {
        b"": "empty",
        b"x" * (reading.MAX_BYTES + 1): "too_large",
        packed.OLD_OR_LOCKED + b"x": "old_or_locked",
        b"%PDF-1.7": "other_kind",
        b"\x89PNG\r\n": "other_kind",
        b"PK\x03\x04broken": "broken",
        good[:-40]: "broken",
        zipped({"a.txt": "1. x"}): "other_kind",
        zipped({**types, "word/document.xml": doctype}): "broken",
        zipped({**types, "word/document.xml": "<w:document"}): "broken",
        zipped({**types, "word/document.xml": "<a>" + " " * (packed.MAX_PLAIN_BYTES + 1)}): "bomb",
        docx(p("1. 甲。（√）"), more={"word/vbaProject.bin": b"macro"}): "with_macros",
        docx(p("没有题。")): "no_questions",
        docx("<w:sdt>" * 3000 + p("1. 甲。（√）") + "</w:sdt>" * 3000): "broken",
        docx(_nested(p("1. 甲。（√）") * 10, depth=30_000)): "broken",
        zipped({**types, "word/document.xml": '<?xml version="1.0" encoding="nonsense"?><w/>'}): "broken",
    }
    assert [refused(data) for data in cases] == list(cases.values())
    assert all(str(reading.refuse(code).message) for code in cases.values())


def test_a_sheet_that_is_wide_or_long_beyond_anybodys_work_is_refused():
    types = {"[Content_Types].xml": papers.TYPES, "xl/workbook.xml": "<workbook/>"}
    sheet = '<worksheet><sheetData><row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
    far = {"row": "900000", "cell": "A900000"}, {"row": "1", "cell": "XFD1"}
    assert [refused(zipped({**types, "xl/worksheets/sheet1.xml": sheet.format(**one)})) for one in far] == [
        "too_many_rows",
        "too_wide",
    ]
