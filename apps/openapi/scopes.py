"""What a key may be used for. An operation asks for exactly one scope; ``None`` asks for any good key."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Scope(StrEnum):
    """One thing that one operation may ask for."""

    LEARNERS_READ = "learners:read"
    LEARNERS_WRITE = "learners:write"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    RECORDS_READ = "records:read"
    CERTIFICATES_READ = "certificates:read"
    STATISTICS_READ = "statistics:read"


LABELS: dict[Scope, tuple[Any, Any]] = {
    Scope.LEARNERS_READ: (_("读取学员"), _("部门、姓名、岗位；身份证号和手机号打码。")),
    Scope.LEARNERS_WRITE: (_("维护学员"), _("新增、修改、归档、恢复学员。请只给人事系统。")),
    Scope.PLANS_READ: (_("读取培训计划"), _("计划、每名学员的学时和完成情况。")),
    Scope.PLANS_WRITE: (_("安排培训"), _("把学员加入进行中的计划。")),
    Scope.RECORDS_READ: (_("读取学习档案"), _("学习、考试、签名等档案记录和它们的指纹。")),
    Scope.CERTIFICATES_READ: (_("读取培训证明"), _("证明编号、内容、有效状态。")),
    Scope.STATISTICS_READ: (_("读取统计"), _("人数、完成情况、证明数量，不含个人信息。")),
}
"""Scope to (what it is called, what it opens)."""

WRITING = frozenset({Scope.LEARNERS_WRITE, Scope.PLANS_WRITE})
"""Scopes that change something; the page warns of them."""


READING = frozenset({Scope.LEARNERS_READ, Scope.PLANS_READ, Scope.RECORDS_READ, Scope.CERTIFICATES_READ})
"""Scopes by which data about persons leave; each reading is written down."""


def label(value: str) -> str:
    """Return what a scope is called, also one that a later version knew."""
    return str(LABELS[Scope(value)][0]) if value in set(Scope) else value
