"""Tables as files: no cell is ever a formula, Excel reads the Chinese of a CSV."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from infra.kit import sheets


@pytest.mark.parametrize("nasty", ["=1+2", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_becomes_a_formula(nasty):
    book = sheets.xlsx_file("t", ["甲"], [[nasty]])
    assert CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()[1] == [f"'{nasty}"]
    text = sheets.csv_file(["甲"], [[nasty]]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [f"'{nasty}"]


def test_numbers_stay_numbers_and_heads_stand_first():
    book = sheets.xlsx_file("t", ["甲", "乙"], [[1, "二"], [2.5, ""]])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows == [["甲", "乙"], [1.0, "二"], [2.5, ""]]


def test_a_csv_begins_with_the_mark_that_excel_needs():
    assert sheets.csv_file(["甲"], []).startswith(b"\xef\xbb\xbf")
