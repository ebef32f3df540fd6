"""One event in words for the auditor: what was before and after, and everything else that it says of itself."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from infra.kit.labels import Label
from public.audit.api import exchanged_words, reference_words
from public.operators.models import Operator, OperatorChange

_HIDDEN_FACTS = {"before", "after"}


def differences(row: Any) -> list[tuple[str, str, str]]:
    """Return (field, before, after) of a change, by field."""
    before, after = row.details.get("before") or {}, row.details.get("after") or {}
    return [(_field(key), _text(before.get(key), key), _text(after.get(key), key)) for key in sorted({*before, *after})]


def facts(row: Any) -> list[tuple[str, str]]:
    """Return everything else that an event says of itself."""
    found = [(key, value) for key, value in sorted(row.details.items()) if key not in _HIDDEN_FACTS]
    return [(_field(key), _text(value, key)) for key, value in found if value not in ("", None)]


_FIELDS: dict[str, Any] = {
    "angle": gettext_lazy("审核方面"),
    "answer": gettext_lazy("对方回应"),
    "area": gettext_lazy("行政区划"),
    "asked": gettext_lazy("查询条件"),
    "asset": gettext_lazy("版权项"),
    "audience": gettext_lazy("对象"),
    "by": gettext_lazy("经办"),
    "bytes": gettext_lazy("字节数"),
    "cause": gettext_lazy("停用原因"),
    "channel": gettext_lazy("来源"),
    "code": gettext_lazy("编号"),
    "count": gettext_lazy("数量"),
    "day": gettext_lazy("日期"),
    "days": gettext_lazy("天数"),
    "digest": gettext_lazy("摘要"),
    "direction": gettext_lazy("方向"),
    "due_on": gettext_lazy("期限"),
    "episode": gettext_lazy("预警"),
    "email": gettext_lazy("邮箱"),
    "end": gettext_lazy("结束"),
    "everything": gettext_lazy("全部核验"),
    "first": gettext_lazy("发现"),
    "host": gettext_lazy("地址"),
    "ip": gettext_lazy("地址"),
    "is_active": gettext_lazy("可登录"),
    "kept_until": gettext_lazy("保存到"),
    "keys": gettext_lazy("密钥"),
    "kind": gettext_lazy("类型"),
    "kinds": gettext_lazy("类别"),
    "label": gettext_lazy("密级"),
    "manager_role": gettext_lazy("管理角色"),
    "message": gettext_lazy("消息编号"),
    "method": gettext_lazy("请求方式"),
    "minutes": gettext_lazy("分钟"),
    "name": gettext_lazy("姓名"),
    "networks": gettext_lazy("地址范围"),
    "number": gettext_lazy("编号"),
    "papers": gettext_lazy("材料份数"),
    "party": gettext_lazy("对方"),
    "people": gettext_lazy("人数"),
    "problems": gettext_lazy("不一致"),
    "reason": gettext_lazy("理由"),
    "result": gettext_lazy("结果"),
    "role": gettext_lazy("岗位"),
    "round": gettext_lazy("第几次"),
    "rows": gettext_lazy("行数"),
    "schema_name": gettext_lazy("企业"),
    "scopes": gettext_lazy("授权范围"),
    "sha256": gettext_lazy("文件摘要"),
    "shifts": gettext_lazy("班次"),
    "size": gettext_lazy("大小（字节）"),
    "start": gettext_lazy("开始"),
    "state": gettext_lazy("状态"),
    "status": gettext_lazy("状态"),
    "subject": gettext_lazy("对象"),
    "submission": gettext_lazy("第几次提交"),
    "suite": gettext_lazy("加密算法"),
    "text": gettext_lazy("内容"),
    "title": gettext_lazy("标题"),
    "unit": gettext_lazy("部门"),
    "until": gettext_lazy("截止"),
    "upload": gettext_lazy("上传文件"),
    "uscc": gettext_lazy("统一社会信用代码"),
    "verdict": gettext_lazy("意见"),
    "wanted": gettext_lazy("申请内容"),
    "value": gettext_lazy("数值"),
    "what": gettext_lazy("内容"),
    "which": gettext_lazy("哪一个"),
    "why": gettext_lazy("原因"),
}


_WHY: dict[str, Any] = {
    "altered": gettext_lazy("与收到时登记的内容不符"),
    "lost": gettext_lazy("原文件已丢失"),
}


def _field(key: str) -> str:
    return str(_FIELDS.get(key, key))


def _text(value: Any, key: str = "") -> str:
    """Return a value in words where it has some."""
    if value is None or value == []:
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return "、".join(_text(part, key) for part in value)
    if isinstance(value, Mapping):
        return "；".join(f"{_field(name)}：{_text(part, name)}" for name, part in value.items())
    return _coded(str(value), key)


def _coded(value: str, key: str) -> str:
    """Return the words of a role, a kind of change or a label, and any other text as it is."""
    if key in {"what", "why"}:
        return exchanged_words(value) if key == "what" else str(_WHY.get(value, value))
    if key in {"party", "by", "subject"}:
        return reference_words(value)
    if key == "role" and value in Operator.Role.values:
        return str(Operator.Role(value).label)
    if key == "kind" and value in OperatorChange.Kind.values:
        return str(OperatorChange.Kind(value).label)
    try:
        return Label.parse(value).words if key == "label" else value
    except ValueError:
        return value
