"""Reading worker lists: hostile files, headings in any order, every bad cell in words."""

import io
import re
import struct
import zipfile
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from apps.people.roster import cells, checks, headings, problems, sheets, workbook
from infra.kit import packed

from .rosters import HEADINGS, A, B, resident_id, with_check_digit, xlsx

ON = date(2026, 11, 23)
SHEET = "xl/worksheets/sheet1.xml"


def check(rows, head=HEADINGS):
    return checks.check(workbook.rows(xlsx(rows, head)), on=ON)


def drafts(found):
    return [line.draft for line in found.lines]


def wrong(found):
    alone = [problem for line in found.lines for problem in line.problems]
    return sorted([*found.problems, *alone, *checks.across(found.lines).problems], key=lambda problem: problem.row)


def codes(found):
    return [(problem.row, problem.column, problem.code) for problem in wrong(found)]


def with_cell(column, value):
    row = list(A)
    row[list(headings.COLUMNS).index(column)] = value
    return row


def repacked(data, change, compression=zipfile.ZIP_DEFLATED):
    """Return the workbook with parts replaced: ``change`` maps a part's name to new bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", compression) as new:
        parts = {name: old.read(name) for name in old.namelist()} | change
        for name, content in parts.items():
            new.writestr(name, content)
    return buffer.getvalue()


def worksheet(inner):
    head = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return {SHEET: f"{head}{inner}</sheetData></worksheet>".encode()}


@pytest.mark.req("R2.1")
def test_reads_good_rows():
    found = check([A, B])
    assert wrong(found) == []
    first = drafts(found)[0]
    assert (first.row, first.name, first.id_number, first.mobile) == (2, "学员甲", A[1], A[2])
    assert (first.unit, first.position, first.employee_no, first.role, first.hired_on) == (
        "生产部/一车间", "车工", "G001", "CY", date(2026, 3, 1),
    )  # fmt: skip
    assert (drafts(found)[1].role, drafts(found)[1].hired_on) == ("TZ", None)


@pytest.mark.req("R2.1")
def test_takes_columns_in_any_order_under_common_names():
    head = ["备注", "联系电话", " 身份证号码（必填）", "* 员工姓名", "车间/班组", "工种"]
    found = check([["x", 13800000001.0, A[1], "学员甲", "一车间", "车工"]], head)
    assert wrong(found) == []
    assert (drafts(found)[0].mobile, drafts(found)[0].unit, drafts(found)[0].position) == ("13800000001", "一车间", "车工")


def test_finds_the_headings_below_a_title():
    found = checks.check(workbook.rows(xlsx([["2026 年学员名单"], [], HEADINGS, A], [])), on=ON)
    assert wrong(found) == []
    assert drafts(found)[0].row == 4


@pytest.mark.req("R2.1")
@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("name", "", "name_missing"),
        ("name", "甲", "name_invalid"),
        ("name", "学员1", "name_invalid"),
        ("name", "=HYPERLINK(1)", "name_invalid"),
        ("id_number", "", "id_missing"),
        ("id_number", 330106199003070014, "id_mangled"),
        ("id_number", 3.30106e17, "id_mangled"),
        ("id_number", "3.30106E+17", "id_mangled"),
        ("id_number", "330106199003070000", "id_mangled"),
        ("id_number", "33010219900307783X", "id_check"),
        ("id_number", "110105194912310021", "id_check"),
        ("id_number", "110105491231002", "id_fifteen"),
        ("id_number", 110105491231002, "id_fifteen"),
        ("id_number", "3301061990030700", "id_length"),
        ("id_number", "33010619900307001A", "id_length"),
        ("id_number", resident_id(0).replace("1960", "2060"), "id_check"),
        ("id_number", with_check_digit("33010620150307001"), "id_birth"),
        ("id_number", with_check_digit("33010619901301001"), "id_birth"),
        ("mobile", "", "mobile_missing"),
        ("mobile", "1380000", "mobile_invalid"),
        ("mobile", "12800000001", "mobile_invalid"),
        ("mobile", 13800000001.5, "mobile_invalid"),
        ("unit", "部" * 61, "too_long"),
        ("position", "岗" * 61, "too_long"),
        ("employee_no", "9" * 31, "too_long"),
        ("role", "经理的朋友", "role_unknown"),
        ("hired_on", "去年", "date_invalid"),
        ("hired_on", "2026-02-30", "date_invalid"),
        ("hired_on", -5, "date_invalid"),
    ],
)
def test_names_what_is_wrong_with_a_cell(column, value, code):
    found = check([B, with_cell(column, value)])
    assert codes(found) == [(3, column, code)]
    said = problems.words(wrong(found)[0].as_json())
    assert said["column"] == str(headings.COLUMNS[column])
    assert said["what"]
    assert said["how"]


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("2026/3/1", date(2026, 3, 1)), ("2026.03.01", date(2026, 3, 1)), ("2026年3月1日", date(2026, 3, 1)),
        ("2026-03-01 00:00:00", date(2026, 3, 1)), ("20260301", date(2026, 3, 1)), (46082, date(2026, 3, 1)),
        (46082.0, date(2026, 3, 1)), ("", None), (datetime(2026, 3, 1, 8, tzinfo=UTC), date(2026, 3, 1)), (date(2026, 3, 1), date(2026, 3, 1)),
    ],
)  # fmt: skip
def test_reads_dates_as_people_write_them(value, meant):
    assert cells.read_date(value) == (meant, True)


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ("安全员", "GL"),
        ("cy", "CY"),
        (" 班组长 ", "BZ"),
        ("承包商", "XF"),
        ("", ""),
        ("法定代表人", "FZ"),
        ("Safety manager", "GL"),
    ],
)
def test_reads_roles_as_people_write_them(typed, role):
    assert drafts(check([with_cell("role", typed)]))[0].role == role


def test_names_both_rows_of_a_pair():
    found = check([A, B, [*B[:1], A[1], "13800000003", *B[3:]], ["学员丁", resident_id(7), B[2], *B[3:]]])
    assert codes(found) == [(4, "id_number", "id_twice"), (5, "mobile", "mobile_twice")]
    assert "第 2 行" in problems.words(wrong(found)[0].as_json())["what"]


def test_several_problems_of_a_row_all_show():
    assert [code for _, _, code in codes(check([["1", "2", "3", "", "", "", "4", "5"]]))] == [
        "name_invalid", "id_length", "mobile_invalid", "role_unknown", "date_invalid",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (["甲", "乙", "丙"], [(0, "", "no_headings")]),
        (["姓名", "手机号"], [(0, "id_number", "heading_missing")]),
        ([*HEADINGS, "手机"], [(0, "mobile", "heading_twice")]),
    ],
)
def test_says_which_headings_are_wrong(head, expected):
    assert codes(check([A], head)) == expected


def test_refuses_a_list_without_people():
    assert codes(check([])) == [(0, "", "no_rows")]


def test_no_personal_data_are_kept_with_a_problem():
    found = check([with_cell("id_number", "33010219900307783X"), with_cell("mobile", "12800000001")])
    assert "783X" not in str([p.as_json() for p in wrong(found)])
    assert "128000" not in str([p.as_json() for p in wrong(found)])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"x" * (workbook.MAX_BYTES + 1), "too_large"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "old_or_locked"),
        (b"%PDF-1.7 something", "not_a_list"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_list"),
        (b"name\x00\x01\x02,b", "not_a_list"),
        (b'name,id\n"never closed,1\n', "quotes"),
        (b"PK\x03\x04 cut off", "broken"),
        (xlsx([A])[:-200], "broken"),
    ],
)
def test_refuses_files_that_are_no_workbook(data, code):
    with pytest.raises(workbook.BadWorkbook) as refusal:
        workbook.check(data)
    assert refusal.value.code == code


def test_refuses_a_zip_that_is_no_workbook():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(workbook.BadWorkbook, match="not_a_list"):
        workbook.check(buffer.getvalue())


def test_refuses_a_zip_bomb_by_what_it_says_and_by_what_it_holds():
    bomb = repacked(xlsx([A]), {"xl/media.xml": b"<a>" + b" " * (packed.MAX_PLAIN_BYTES + 1) + b"</a>"})
    assert len(bomb) < 200_000
    with pytest.raises(workbook.BadWorkbook, match="bomb"):
        workbook.check(bomb)


def test_a_zip_that_lies_about_its_size_gives_the_reader_nothing_more():
    honest = repacked(xlsx([A]), {"xl/media.xml": b"<a>" + b" " * 1_000_000 + b"</a>"})
    place = honest.rindex(b"xl/media.xml") - 46
    liar = bytearray(honest)
    liar[place + 24 : place + 28] = struct.pack("<I", 10)
    with pytest.raises(workbook.BadWorkbook, match="broken"):
        workbook.check(bytes(liar))


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        ('<row r="1048576"><c r="A1048576" t="n"><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1"><c r="XFD1" t="n"><v>1</v></c></row>', "too_wide"),
        ('<row r="1048576"><c t="inlineStr"><is><t>x</t></is></c></row>', "too_many_rows"),
        ("<row>" + "<c><v>1</v></c>" * 61 + "</row>", "too_wide"),
    ],
)
def test_refuses_a_cell_so_far_out_that_a_reader_would_reserve_gigabytes(inner, code):
    with pytest.raises(workbook.BadWorkbook, match=code):
        workbook.check(repacked(xlsx([A]), worksheet(inner)))


def test_formatted_but_empty_cells_far_out_do_no_harm():
    inner = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert list(workbook.rows(repacked(xlsx([A]), worksheet(inner)))) == [(1, ["x"])]


def test_refuses_entity_tricks():
    dtd = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>'
    with pytest.raises(workbook.BadWorkbook, match="broken"):
        workbook.check(repacked(xlsx([A]), {SHEET: dtd}))


def test_refuses_broken_xml_inside():
    with pytest.raises(workbook.BadWorkbook, match="broken"):
        list(workbook.rows(repacked(xlsx([A]), {SHEET: b"<worksheet><sheetData><row>"})))


def test_refuses_more_rows_than_the_limit():
    found = checks.check(iter([(1, list(HEADINGS)), *((n, [""]) for n in range(2, workbook.MAX_ROWS + 3))]), on=ON)
    assert "too_many_rows" in {problem.code for problem in found.problems}


def test_reads_the_first_visible_sheet_only():
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        hidden, shown = book.add_worksheet("旧"), book.add_worksheet("新")
        hidden.write_string(0, 0, "hidden")
        shown.write_string(0, 0, "shown")
        shown.activate()
        shown.set_first_sheet()
        hidden.hide()
    assert list(workbook.rows(buffer.getvalue())) == [(1, ["shown"])]


def test_the_template_is_taken_back_as_it_is():
    rows = list(workbook.rows(sheets.template()))
    assert headings.read(rows[0][1]).places == {column: index for index, column in enumerate(headings.COLUMNS)}
    with zipfile.ZipFile(io.BytesIO(sheets.template())) as archive:
        sheet = archive.read(SHEET).decode()
        assert "dataValidation" in sheet
        assert re.search(r'<col min="2" max="2" [^>]*style="1"', sheet)
        assert re.search(r'<cellXfs[^>]*><xf [^>]*/><xf numFmtId="49"', archive.read("xl/styles.xml").decode())


def test_the_annotated_list_says_what_is_wrong_and_can_be_sent_in_again():
    data = xlsx([A, with_cell("id_number", "33010219900307783X")])
    found = checks.check(workbook.rows(data), on=ON)
    back = sheets.annotated(workbook.rows(data), [problems.words(p.as_json()) for p in wrong(found)])
    rows = dict(workbook.rows(back))
    assert rows[1][:3] == ["问题", "姓名", "身份证号"]
    assert rows[2][0] == ""
    assert "校验位" in rows[3][0]
    again = checks.check(workbook.rows(back), on=ON)
    assert codes(again) == codes(found)


@pytest.mark.parametrize("start", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_in_an_export_can_run_as_a_formula(start):
    data = sheets.export([[start]], ["姓名"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert "<f>" not in archive.read(SHEET).decode()
    shown = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1][0]
    assert shown.startswith("'")
