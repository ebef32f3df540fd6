"""Worker lists made on the spot."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

HEADINGS = ("姓名", "身份证号", "手机号", "部门", "岗位", "工号", "人员类别", "入职日期")
A = ("学员甲", "330106199003070014", "13800000001", "生产部/一车间", "车工", "G001", "从业人员", "2026-03-01")
B = ("学员乙", "330203198511120024", "13800000002", "生产部", "焊工", "G002", "特种作业人员", "")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def xlsx(rows: Iterable[Sequence[Any]], headings: Sequence[Any] = HEADINGS) -> bytes:
    """Return a workbook with ``headings`` and ``rows``; strings stay strings, numbers numbers."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([headings, *rows] if headings else rows):
            for index, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, index, value)
                else:
                    sheet.write(number, index, value)
    return buffer.getvalue()


def resident_id(n: int) -> str:
    """Return the n-th made-up ID number with a right check digit."""
    body = f"330106{1960 + n // 10_000 % 40}{1 + n // 1_000 % 12:02d}{1 + n // 500 % 28:02d}{n % 1_000:03d}"
    return with_check_digit(body)


def with_check_digit(body: str) -> str:
    """Return 17 digits with their check digit."""
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def crowd(count: int) -> Iterable[tuple[str, ...]]:
    """Give many different good rows."""
    letters = "甲乙丙丁戊己庚辛壬癸"
    for n in range(count):
        name = "学员" + "".join(letters[int(digit)] for digit in str(n))
        yield name, resident_id(n), f"139{n:08d}", f"生产部/{n % 20 + 1}车间", "操作工", f"E{n}", "从业人员", "2026-03-01"
