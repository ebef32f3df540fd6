"""Reports: many rows over many pages with numbers, harmless input, fast enough for a request."""

import time

import pypdfium2
import pytest

from apps.plans.ports import Report, ReportTable
from infra.adapters.pdf import TypstReports
from infra.kit import origin


def report(rows, summary="完成 1 人次"):
    table = ReportTable("学员进度", ["姓名", "部门", "状态"], rows, (2, 3, 1))
    return Report("安全培训总览", "杭州甲机械有限公司", summary, [("在册学员", "3")], [table], "生成于 2026-11-23 12:00")


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return len(document), "".join(page.get_textpage().get_text_bounded() for page in document).replace(" ", "")


def test_a_table_of_many_people_goes_over_many_pages_with_heads_and_numbers():
    pages, text = text_of(TypstReports().report(report([[f"学员{n}", "一车间", "已完成"] for n in range(200)])))
    assert pages > 2
    assert text.count("姓名") == pages
    assert f"1/{pages}" in text
    assert "学员199" in text


@pytest.mark.parametrize("name", ['#panic("x") *b* _i_ $x$ \\', "<script>", "买买提·阿不都热合曼", "𠮷田", ""])
def test_what_people_wrote_is_printed_and_never_executed(name):
    _pages, text = text_of(TypstReports().report(report([[name, name, name]], summary=name)))
    assert "安全培训总览" in text


def test_behind_each_page_stands_for_whom_it_was_made():
    with origin.on_behalf_of("manager:1", "安全员"):
        pages, text = text_of(TypstReports().report(report([[f"学员{n}", "一车间", "已完成"] for n in range(60)])))
    assert text.count("安全员（manager:1）") >= pages > 1
    assert "安全员（manager:1）" not in text_of(TypstReports().report(report([])))[1]


def test_an_empty_table_says_so():
    assert "（无）" in text_of(TypstReports().report(report([])))[1]


def test_two_thousand_lines_take_seconds_not_minutes():
    TypstReports().report(report([]))
    began = time.perf_counter()
    TypstReports().report(report([[f"学员{n}", "一车间", "已完成"] for n in range(2000)]))
    assert time.perf_counter() - began < 10
