"""What is printed about a class: every person on it, harmless input, pages that go on."""

from dataclasses import replace

import pypdfium2
import pytest

from apps.plans.classes.ports import RecordFields, SheetFields, SheetLine
from infra.adapters.pdf import ClassPrinter
from infra.kit import origin

SHEET = SheetFields(
    "车间防火与灭火器实操", "杭州甲机械有限公司", "2026-001", [("时间", "2026-12-01 09:00–12:00"), ("地点", "培训室")],
    [SheetLine("1", "学员甲", "生产部", "焊工")], "https://jia.example/learn/classes/1",
)  # fmt: skip
RECORD = RecordFields(
    "车间防火与灭火器实操", "杭州甲机械有限公司", "2026-001", [("期号", "2026-001"), ("大纲与内容", "灭火器\n演练")],
    [("学员名册与到课学时", ["序号", "姓名"], [["1", "学员甲"]]), ("成绩与发证清单", ["姓名"], [])], "打印时间 2026-12-01",
)  # fmt: skip


def read(pdf):
    document = pypdfium2.PdfDocument(pdf)
    return len(document), "".join(page.get_textpage().get_text_bounded() for page in document).replace(" ", "")


def test_the_sheet_has_everybody_and_goes_on_over_pages():
    many = [SheetLine(str(n), f"学员{n}", "部门名称特别特别特别长的一个部门", "岗位") for n in range(1, 61)]
    pages, text = read(ClassPrinter().sign_in_sheet(replace(SHEET, lines=many)))
    assert pages > 1
    assert text.count("本人签名") == pages
    assert all(f"学员{n}" in text for n in range(1, 61))


@pytest.mark.parametrize("name", ['#panic("x") *b* _i_ $x$ \\', "<script>", "𠮷田"])
def test_a_text_is_printed_and_never_executed(name):
    for pdf in (
        ClassPrinter().sign_in_sheet(replace(SHEET, title=name)),
        ClassPrinter().class_record(replace(RECORD, title=name, facts=[(name, name)])),
    ):
        _pages, text = read(pdf)
        assert name.isascii() is False or name.replace(" ", "") in text


def test_both_carry_the_mark_of_whoever_prints_them():
    with origin.on_behalf_of("manager:1", "安全员"):
        marked = [ClassPrinter().sign_in_sheet(SHEET), ClassPrinter().class_record(RECORD)]
    for pdf in marked:
        assert "敏感·培训　安全员（manager:1）" in read(pdf)[1]
    assert "manager:1" not in read(ClassPrinter().sign_in_sheet(SHEET))[1]


def test_the_record_has_facts_and_tables():
    many = [[str(n), f"学员{n}"] for n in range(1, 200)]
    pages, text = read(ClassPrinter().class_record(replace(RECORD, tables=[("名册", ["序号", "姓名"], many), RECORD.tables[1]])))
    assert pages > 1
    for word in ("一期一档", "大纲与内容", "演练", "学员199", "成绩与发证清单"):
        assert word in text, word
