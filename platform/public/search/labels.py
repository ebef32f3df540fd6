"""What the codes of the index are called on the page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

AUDIENCES: dict[str, Any] = {
    "FZ": _("主要负责人"),
    "GL": _("安全生产管理人员"),
    "BZ": _("班组长"),
    "CY": _("从业人员"),
    "TZ": _("特种作业人员"),
    "XF": _("相关方人员"),
}
TOPICS: dict[str, Any] = {
    "FL": _("法律法规"),
    "SC": _("双重预防"),
    "GL": _("安全管理"),
    "SJ": _("三级教育"),
    "XF": _("消防安全"),
    "DQ": _("电气安全"),
    "DH": _("动火作业"),
    "YX": _("有限空间"),
    "GC": _("高处作业"),
    "QZ": _("起重吊装"),
    "WH": _("危险化学品"),
    "JX": _("机械安全"),
    "TS": _("特种设备"),
    "FC": _("粉尘防爆"),
    "ZJ": _("职业健康与防护"),
    "YJ": _("应急处置"),
    "AL": _("事故案例"),
    "SX": _("四新与换岗"),
}
HOURS: dict[str, Any] = {
    "0": _("不足 1 学时"),
    "1": _("1–2 学时"),
    "2": _("2–4 学时"),
    "4": _("4 学时以上"),
}
RATINGS: dict[str, Any] = {
    "4": _("4 分以上"),
    "3": _("3–4 分"),
    "1": _("3 分以下"),
    "0": _("评价不足"),
}
ASPECTS: dict[str, Any] = {
    "useful": _("内容实用"),
    "clear": _("讲解清楚"),
    "picture": _("画面与声音"),
    "level": _("难易合适"),
}
NAMES: dict[str, Any] = {
    "audience": _("培训对象"),
    "industry": _("行业"),
    "topic": _("主题"),
    "hours": _("时长"),
    "category": _("培训类别"),
    "rating": _("评分"),
    "trainer": _("讲师"),
    "provider": _("提供方"),
}
IN_ORDER = {"hours": list(HOURS), "rating": list(RATINGS), "audience": list(AUDIENCES)}
"""Facets whose values have an order of their own; the others begin with the most courses."""
_KNOWN = {"audience": AUDIENCES, "topic": TOPICS, "hours": HOURS, "rating": RATINGS, "provider": {"": _("安学平台")}}


def label(facet: str, value: str) -> Any:
    """Return what a facet's value is called; names of people, trades and enterprises stand for themselves."""
    return _KNOWN.get(facet, {}).get(value, value)


def where(fit: float) -> Any:
    """Say why a course was found, from how well it fits; "" where its title tells."""
    if fit >= 14:
        return ""
    if fit >= 6:
        return _("要点、讲师或拼音相符")
    if fit >= 5:
        return _("几个词分别提到")
    return _("课件或字幕中提到") if fit >= 4 else _("相近结果")
