"""Lists as they really come: CSV in any encoding, merged cells, ID numbers that Excel hurt, headings nobody knows."""

import io
from datetime import date

import pytest
import xlsxwriter

from apps.people.roster import cells, checks, headings, sheets, workbook

from .rosters import HEADINGS, A, B, resident_id, with_check_digit

ON = date(2026, 11, 23)


def csv_text(rows, mark=","):
    return "\r\n".join(mark.join(row) for row in rows) + "\r\n"


def drafts(data, **options):
    found = checks.check(workbook.rows(data), on=ON, **options)
    assert found.problems == []
    assert [line.problems for line in found.lines] == [[] for _ in found.lines]
    return [line.draft for line in found.lines]


@pytest.mark.req("R2.1")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_reads_csv_in_every_encoding_and_separator_of_an_office(encoding, mark):
    data = csv_text([["名单"], [], HEADINGS, A, B], mark).encode(encoding)
    first, second = drafts(data)
    assert (first.row, first.name, first.id_number, first.unit) == (4, "学员甲", A[1], "生产部/一车间")
    assert (second.row, second.role) == (5, "TZ")


def test_reads_quoted_cells_and_text_formulas_of_csv():
    data = f'姓名,身份证号,手机号,部门,岗位\r\n学员甲,="{A[1]}",\'{A[2]},"生产部,一车间","车工\r\n钳工"\r\n'.encode("gbk")
    (draft,) = drafts(data)
    assert (draft.id_number, draft.mobile, draft.unit, draft.position) == (A[1], A[2], "生产部,一车间", "车工 钳工")


def test_a_rare_character_of_gb18030_comes_through():
    assert drafts(csv_text([HEADINGS, ["学员㐂", *A[1:]]]).encode("gb18030"))[0].name == "学员㐂"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (csv_text([HEADINGS, *([A] * (workbook.MAX_ROWS + 30))]).encode(), "too_many_rows"),
        (csv_text([["x"] * 61]).encode(), "too_wide"),
        (csv_text([HEADINGS, A]).encode() + b'"never closed', "quotes"),
        (b'a,b\r\n"x' + b"y" * 200_000 + b'",c', "quotes"),
        ("姓名".encode("utf-16")[:-1], "not_a_list"),
        (b"\x81\x00\xff\xfe\xfd", "not_a_list"),
    ],
)
def test_refuses_csv_that_would_lose_something(data, code):
    with pytest.raises(workbook.BadWorkbook) as refusal:
        workbook.check(data)
    assert refusal.value.code == code


@pytest.mark.req("R2.1")
def test_a_department_merged_over_several_people_belongs_to_each():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 3, "2026 年名单")
        for index, title in enumerate(("部门", "姓名", "身份证号", "手机号")):
            sheet.write_string(1, index, title)
        sheet.merge_range(2, 0, 3, 0, "一车间")
        for row, person in ((2, A), (3, B), (4, ("学员丙", resident_id(3), "13800000003"))):
            for index, value in enumerate(person[:3], 1):
                sheet.write_string(row, index, value)
        sheet.merge_range(5, 0, 19_000, 0, "合计")
    found = checks.check(workbook.rows(buffer.getvalue()), on=ON)
    assert [(line.row, line.draft.unit) for line in found.lines][:3] == [(3, "一车间"), (4, "一车间"), (5, "")]
    assert len(found.lines) == 4, "a merged cell below does not make people of empty rows"


def test_headings_in_two_rows_are_read_from_the_one_that_says_more():
    rows = [["基本信息", "", "", "工作"], ["姓名", "身份证号", "手机号", "部门"], [*A[:4]]]
    assert drafts(csv_text(rows).encode())[0].unit == "生产部/一车间"


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    "typed",
    [
        "'330106199003070014", "‘330106199003070014", " 330106 19900307 0014 ", "３３０１０６１９９００３０７００１４", "330106-19900307-0014",
        "\u202a330106199003070014\u202c", "330106199003070014\xa0",
    ],
)  # fmt: skip
def test_an_id_number_is_read_however_it_was_typed(typed):
    assert cells.read_id(typed, on=ON) == (A[1], "")


@pytest.mark.parametrize("last", ["x", "X", "ｘ", "Ｘ", "×", "х", "*"])
def test_the_x_of_an_id_number_is_read_however_it_was_typed(last):
    number = next(resident_id(n) for n in range(1000) if resident_id(n).endswith("X"))
    assert cells.read_id(number[:17] + last, on=ON) == (number, "")


@pytest.mark.req("R2.1")
@pytest.mark.parametrize("cell", [3.30106199003070e17, 330106199003070014, "3.30106E+17", "３.30106E+17", "330106199003070000"])
def test_an_id_number_that_lost_its_end_is_refused_with_how_to_mend_it(cell):
    assert cells.read_id(cell, on=ON) == ("", "id_mangled")


def test_zeros_that_pass_the_check_digit_are_doubted_beside_others_that_do_not():
    numbers = (with_check_digit(f"330106199003{day:02d}100") for day in range(1, 29))
    number = next(number for number in numbers if number.endswith("000"))
    rows = [["学员甲", number, "13800000001"], *(["学员乙", f"33010619900307{n}000", f"1380000001{n}"] for n in (1, 2))]
    head = ["姓名", "身份证号", "手机号"]
    lone, with_others = (checks.check(workbook.rows(csv_text([head, *some]).encode()), on=ON) for some in (rows[:1], rows))
    assert checks.across(lone.lines).problems == []
    assert [(p.row, p.code) for p in checks.across(with_others.lines).problems] == [(2, "id_zeros")]


@pytest.mark.req("R2.1")
def test_five_thousand_rows_that_say_the_same_are_one_person():
    found = checks.check(workbook.rows(csv_text([HEADINGS, *[A] * 5_000]).encode()), on=ON)
    beside = checks.across(found.lines)
    assert (beside.problems, len(beside.repeats), len(found.lines)) == ([], 4_999, 5_000)


def test_five_thousand_rows_of_one_person_that_differ_are_each_named():
    rows = [[*A[:3], "", f"岗位{n}"] for n in range(5_000)]
    found = checks.check(workbook.rows(csv_text([HEADINGS[:5], *rows]).encode()), on=ON)
    beside = checks.across(found.lines)
    assert len(beside.problems) == 4_999
    assert {(p.column, p.code, p.details["other"]) for p in beside.problems} == {("id_number", "id_twice", 2)}


def test_headings_that_were_explained_once_are_known():
    head = ["员工", "公民号", "手机", "联系电话"]
    read = headings.read(head, 1, {"员工": "name", "公民号": "id_number", "联系电话": headings.IGNORED})
    assert (read.places, read.is_clear) == ({"name": 0, "id_number": 1, "mobile": 2}, True)
    assert not headings.read(head).is_clear


@pytest.mark.parametrize("start", ["=1+1", "+86", "-2", "@SUM(A1)", "'=1", "＝1", "''+2"])
def test_what_looks_like_a_formula_goes_out_harmless_and_comes_back_as_it_was(start):
    for data in (sheets.export([[*A[:4], start]], HEADINGS[:5]), sheets.people_csv([[*A[:4], start, "", "", ""]])):
        (_head, (_number, row)) = workbook.rows(data)
        assert row[4].startswith("'")
        assert cells.text(row[4]) == start


def test_nothing_in_an_annotated_list_can_run_as_a_formula():
    back = dict(workbook.rows(sheets.annotated([(1, ["备注"]), (2, ["=cmd|' /C calc'!A0"])], [])))
    assert back[2][1].startswith("'=")


def test_the_csv_template_is_taken_back_as_it_is():
    ((number, row),) = workbook.rows(sheets.people_csv([]))
    assert (number, headings.read(row).is_clear) == (1, True)
