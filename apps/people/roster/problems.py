"""What can be wrong with a list, as short codes that are kept, and the words made of them when they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.people.roster.headings import COLUMNS

WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "no_headings": (_("没有找到表头"), _("第一行请写：姓名、身份证号、手机号……，或使用下载的模板。")),
    "heading_missing": (_("缺少这一列"), _("请加上这一列并逐行填写。")),
    "heading_twice": (_("这一列出现了两次"), _("请删除多余的一列。")),
    "no_rows": (_("名单里没有人员"), _("请在表头下面逐行填写人员。")),
    "too_many_rows": (_("名单超过 20,000 行"), _("请分成几个文件上传。")),
    "name_missing": (_("没有填姓名"), _("请填写与身份证一致的姓名。")),
    "name_invalid": (_("姓名不正确"), _("姓名为 2–50 个字，不含数字和符号。")),
    "id_missing": (_("没有填身份证号"), _("请填写 18 位身份证号。")),
    "id_mangled": (
        _("身份证号被 Excel 变成了数字，末几位已丢失"),
        _("请先把这一列设为“文本”格式（或使用下载的模板），再重新填写完整的 18 位号码。"),
    ),
    "id_zeros": (_("身份证号末三位是 000，可能被 Excel 改成了 0"), _("请对照身份证核对；其他行改好后，这一行会重新判断。")),
    "id_of_another": (
        _("这个身份证号在学员名单里是%(name)s，姓名不同"),
        _("请核对号码和姓名；如本人已改名，请先在学员名单里修改姓名。"),
    ),
    "id_fifteen": (_("这是 15 位旧身份证号"), _("请填写现在的 18 位号码。")),
    "id_length": (_("身份证号不是 18 位"), _("请核对号码，不要有多余的字。")),
    "id_check": (_("身份证号校验位不对，可能抄错了"), _("请对照身份证逐位核对。")),
    "id_birth": (_("身份证号里的出生日期不对，或未满 16 周岁"), _("请核对第 7–14 位；未满 16 周岁不能导入。")),
    "id_twice": (_("与第 %(other)s 行是同一个身份证号"), _("同一个人只保留一行。")),
    "mobile_missing": (_("没有填手机号"), _("请填写本人的 11 位手机号，用于登录。")),
    "mobile_invalid": (_("手机号不正确"), _("请填写 11 位手机号，以 1 开头。")),
    "mobile_twice": (_("与第 %(other)s 行是同一个手机号"), _("每人请填写本人的手机号。")),
    "mobile_taken": (_("手机号已被%(name)s使用"), _("请核对；如已换号，请先在学员名单里修改对方的手机号。")),
    "mobile_manager": (_("此人是管理员，手机号与管理员账号不同"), _("请填写管理员账号的手机号，或由本人先修改账号。")),
    "too_long": (_("内容太长"), _("请缩短到 %(most)s 个字以内。")),
    "role_unknown": (
        _("人员类别不认识"),
        _("请填写：主要负责人、安全生产管理人员、班组长、从业人员、特种作业人员、相关方人员之一，或留空。"),
    ),
    "date_invalid": (_("入职日期不正确"), _("请写成 2026-03-01 这样，或留空。")),
    "interrupted": (_("导入被中断"), _("没有写入任何数据，请重新上传。")),
    "changed_meanwhile": (_("导入时学员名单被其他人修改"), _("没有写入任何数据，请再导入一次。")),
    "not_all_right": (_("还有行没有改好"), _("没有写入任何数据。请改好标红的格子，或只导入正确的行。")),
    "nobody_right": (_("没有可以导入的行"), _("请改好标红的格子再导入。")),
    "stopped": (_("已停止写入"), _("没有写入任何数据；名单和改过的格子都还在，可以再次导入。")),
}
"""Code -> (what is wrong, how to mend it)."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. ``row`` as Excel shows it (0: the file), ``column`` one of ours or "". Holds no personal data."""

    row: int
    column: str
    code: str
    details: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the form that `ImportJob.errors` keeps."""
        return {"row": self.row, "column": self.column, "code": self.code, **self.details}


def words(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a kept problem as ``{"row", "column", "what", "how"}`` in the reader's language."""
    what, how = WORDS[kept["code"]]
    column = COLUMNS.get(kept["column"], kept["column"])
    return {"row": kept["row"], "column": str(column), "what": str(what) % kept, "how": str(how) % kept}
