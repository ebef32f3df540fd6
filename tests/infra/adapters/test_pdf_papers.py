"""Exam papers in print: everything readable, nothing executed, long papers go on over pages."""

import pypdfium2

from apps.exams.papers.ports import PAPER_PRINTER, PrintedPaper, PrintedQuestion, PrintedSection
from infra.kit import origin


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return len(document), "".join(one.get_textpage().get_text_bounded() for one in document)


def paper(questions, **changes):
    whole = {
        "title": "年度考试",
        "enterprise": "杭州甲机械有限公司",
        "facts": ["满分 100 分"],
        "blanks": ("姓名", "得分"),
        "foot": "第 1 版",
    }
    return PrintedPaper(**{**whole, "sections": [PrintedSection("一、单选题（共 2 题，4 分）", questions)], **changes})


def test_a_paper_prints_what_it_says_and_executes_nothing():
    hostile = '#panic("x") $a$ *b* \\ 甲\n乙'
    one = PrintedQuestion(
        "1", hostile, "（2 分）", [f"A. {hostile}", "B. 对"], lead="某厂清淤时两人中毒。", key="B", notes=[hostile]
    )
    _pages, text = text_of(PAPER_PRINTER.get().paper(paper([one])))
    for words in ("年度考试", "杭州甲机械有限公司", "#panic", "$a$", "某厂清淤", "答案：B", "（2 分）", "姓名", "1 / 1"):
        assert words in text


def test_a_paper_carries_the_mark_of_whoever_prints_it():
    with origin.on_behalf_of("manager:1", "安全员"):
        _pages, text = text_of(PAPER_PRINTER.get().paper(paper([PrintedQuestion("1", "先断电吗？", "（2 分）")])))
    assert "安全员（manager:1）" in text
    assert "先断电吗？" in text


def test_a_long_paper_goes_on_over_pages_with_room_for_texts():
    choices = [PrintedQuestion(str(n), f"第 {n} 题怎样做才安全？", "（2 分）", ["A. 先断电", "B. 先通风"]) for n in range(1, 100)]
    essay = PrintedQuestion("100", "简述触电急救。", "（10 分）", space=6)
    pages, text = text_of(PAPER_PRINTER.get().paper(paper([*choices, essay], blanks=())))
    assert pages > 3
    assert "100." in text
