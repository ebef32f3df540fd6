"""Which column means what, in any order and under the names people use."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.people.roster.workbook import Cell

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


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each column stands. ``places``: our name -> index from column A; ``missing``, ``twice``: our names."""

    places: dict[str, int]
    missing: tuple[str, ...]
    twice: tuple[str, ...]


def plain(heading: Cell) -> str:
    """Return a heading without spaces, marks, remarks in brackets and 「必填」."""
    text = re.sub(r"[（(【\[].*?[）)】\]]", "", str(heading))
    return re.sub(r"[\s*＊:：/／、_-]|必填|选填", "", text).lower()


def read(cells: Sequence[Cell]) -> Headings:
    """Read one row as headings."""
    places: dict[str, int] = {}
    twice: list[str] = []
    for index, cell in enumerate(cells):
        column = _MEANINGS.get(plain(cell))
        if column in places:
            twice.append(column)
        elif column:
            places[column] = index
    return Headings(places, tuple(c for c in REQUIRED if c not in places), tuple(twice))
