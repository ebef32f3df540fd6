"""Which column means what, in any order and under the names people use."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from infra.kit.workbooks import Cell

COLUMNS = {
    "name": _("姓名"),
    "id_number": _("身份证号"),
    "mobile": _("手机号"),
    "unit": _("部门"),
    "position": _("岗位"),
    "employee_no": _("工号"),
    "role": _("人员类别"),
    "hired_on": _("入职日期"),
}
"""Our columns in the order of the template."""

REQUIRED = ("name", "id_number", "mobile")
LOOK_THROUGH = 15
"""Rows from the top in which the headings may stand, below a title."""

_SYNONYMS = {
    "name": "姓名 员工姓名 学员姓名 人员姓名 名字 name fullname",
    "id_number": "身份证号 身份证号码 身份证 公民身份号码 证件号 证件号码 居民身份证号 居民身份证号码 id idnumber idcard",
    "mobile": "手机号 手机号码 手机 联系电话 电话 联系方式 移动电话 电话号码 mobile mobilenumber phone phonenumber",
    "unit": "部门 所属部门 单位 所在部门 车间 班组 部门名称 所属单位 组织 车间班组 department unit team",
    "position": "岗位 职务 岗位名称 工种 职位 岗位工种 职务岗位 position jobtitle title",
    "employee_no": "工号 员工编号 员工号 编号 职工号 人员编号 employeeno employeenumber staffno",
    "role": "人员类别 人员类型 类别 培训对象 人员分类 身份类别 role category",
    "hired_on": "入职日期 入职时间 入厂日期 入厂时间 进厂日期 参加工作日期 hiredate hiredon datehired startdate",
}
_MEANINGS = {word: column for column, words in _SYNONYMS.items() for word in words.split()}


IGNORED = ""
"""The meaning of a heading whose column is left out."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each column stands. ``places``: our name -> index from column A; ``missing``, ``twice``: our names."""

    row: int
    places: dict[str, int]
    missing: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether the list can be read without asking anybody."""
        return not self.missing and not self.twice


def chosen(row: int, places: Mapping[str, int]) -> Headings:
    """Return what a manager has laid down: the headings stand in ``row``, the columns at ``places``."""
    return Headings(row, dict(places), tuple(c for c in REQUIRED if c not in places), ())


def plain(heading: Cell) -> str:
    """Return a heading without spaces, marks, remarks in brackets and 「必填」."""
    text = re.sub(r"[（(【\[].*?[）)】\]]", "", str(heading))
    return re.sub(r"[\s*＊:：/／、_-]|必填|选填", "", text).lower()


def known(word: str) -> str:
    """Return what a plain heading means to everybody, ``IGNORED`` when nothing."""
    return _MEANINGS.get(word, IGNORED)


def find(head: Sequence[tuple[int, Sequence[Cell]]], meanings: Mapping[str, str] | None = None) -> Headings:
    """Return the row of the first ones that means most to us; of two alike the first."""
    read_rows = [read(cells, number, meanings) for number, cells in head]
    return max(read_rows, key=lambda one: (len(one.places), one.is_clear), default=Headings(0, {}, REQUIRED, ()))


def read(cells: Sequence[Cell], row: int = 1, meanings: Mapping[str, str] | None = None) -> Headings:
    """Read one row as headings.

    :param meanings: plain heading -> our name or ``IGNORED``, as told for earlier lists; stronger than what is known here
    """
    places: dict[str, int] = {}
    twice: list[str] = []
    for index, cell in enumerate(cells):
        word = plain(cell)
        column = (meanings or {}).get(word, known(word))
        if column in places:
            twice.append(column)
        elif column:
            places[column] = index
    return Headings(row, places, tuple(c for c in REQUIRED if c not in places), tuple(twice))
