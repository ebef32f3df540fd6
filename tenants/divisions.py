"""Where an enterprise is and what it does: Zhejiang's divisions (GB/T 2260, 2021 and later) and industries (GB/T 4754-2017).

Data, not law: functional areas may use codes outside the list, so nothing but sign-up insists on it.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

_PROVINCE = "33"
_CITIES = {
    "01 杭州": "02上城 05拱墅 06西湖 08滨江 09萧山 10余杭 11富阳 12临安 13临平 14钱塘 22桐庐 27淳安 82建德",
    "02 宁波": "03海曙 05江北 06北仑 11镇海 12鄞州 13奉化 25象山 26宁海 81余姚 82慈溪",
    "03 温州": "02鹿城 03龙湾 04瓯海 05洞头 24永嘉 26平阳 27苍南 28文成 29泰顺 81瑞安 82乐清 83龙港",
    "04 嘉兴": "02南湖 11秀洲 21嘉善 24海盐 81海宁 82平湖 83桐乡",
    "05 湖州": "02吴兴 03南浔 21德清 22长兴 23安吉",
    "06 绍兴": "02越城 03柯桥 04上虞 24新昌 81诸暨 83嵊州",
    "07 金华": "02婺城 03金东 23武义 26浦江 27磐安 81兰溪 82义乌 83东阳 84永康",
    "08 衢州": "02柯城 03衢江 22常山 24开化 25龙游 81江山",
    "09 舟山": "02定海 03普陀 21岱山 22嵊泗",
    "10 台州": "02椒江 03黄岩 04路桥 22三门 23天台 24仙居 81温岭 82临海 83玉环",
    "11 丽水": "02莲都 21青田 22缙云 23遂昌 24松阳 25云和 26庆元 27景宁畲族自治 81龙泉",
}


@dataclass(frozen=True, slots=True)
class Division:
    """One city (``330100``) or county-level division (``330106``)."""

    code: str
    name: str


def _suffix(two: str) -> str:
    """Say 区, 县 or 市: GB/T 2260 gives 01-20 to districts, 21-80 to counties, 81 and above to county-level cities."""
    return "区" if int(two) <= 20 else "县" if int(two) <= 80 else "市"


def _counties(prefix: str, names: str) -> tuple[Division, ...]:
    return tuple(Division(prefix + word[:2], word[2:] + _suffix(word[:2])) for word in names.split())


CITIES: tuple[Division, ...] = tuple(Division(f"{_PROVINCE}{head[:2]}00", f"{head[3:]}市") for head in _CITIES)
"""The 11 cities of Zhejiang."""
COUNTIES: dict[str, tuple[Division, ...]] = {
    f"{_PROVINCE}{head[:2]}00": _counties(_PROVINCE + head[:2], names) for head, names in _CITIES.items()
}
"""City code to its counties, 90 in all."""
_BY_CODE = {division.code: division for group in (CITIES, *COUNTIES.values()) for division in group}

INDUSTRIES: tuple[tuple[str, object], ...] = (
    ("A", _("农、林、牧、渔业")),
    ("B", _("采矿业")),
    ("C", _("制造业")),
    ("D", _("电力、热力、燃气及水生产和供应业")),
    ("E", _("建筑业")),
    ("F", _("批发和零售业")),
    ("G", _("交通运输、仓储和邮政业")),
    ("H", _("住宿和餐饮业")),
    ("I", _("信息传输、软件和信息技术服务业")),
    ("J", _("金融业")),
    ("K", _("房地产业")),
    ("L", _("租赁和商务服务业")),
    ("M", _("科学研究和技术服务业")),
    ("N", _("水利、环境和公共设施管理业")),
    ("O", _("居民服务、修理和其他服务业")),
    ("P", _("教育")),
    ("Q", _("卫生和社会工作")),
    ("R", _("文化、体育和娱乐业")),
    ("S", _("公共管理、社会保障和社会组织")),
    ("T", _("国际组织")),
)
"""Sections of GB/T 4754-2017."""

SUPERVISION_TYPES: tuple[tuple[str, object, bool], ...] = (
    ("MINE", _("矿山"), True),
    ("CHEMICAL", _("危险化学品"), True),
    ("FIREWORKS", _("烟花爆竹"), True),
    ("SMELTING", _("金属冶炼"), True),
    ("BUILDING", _("建筑施工"), True),
    ("TRANSPORT", _("道路运输"), True),
    ("INDUSTRY", _("工贸（冶金、有色、建材、机械、轻工、纺织、烟草、商贸）"), False),
    ("OTHER", _("其他"), False),
)
"""How the authority sorts enterprises: code, name, whether 安全生产法 art. 24 asks for stricter management."""


def county(code: str) -> Division | None:
    """Return the county-level division, or None when the code is not one of Zhejiang's 90."""
    found = _BY_CODE.get(code)
    return None if found is None or code in COUNTIES else found


def full_name(code: str) -> str:
    """Return e.g. ``杭州市西湖区``; an unknown code comes back as it is, a prefix names its city."""
    city = _BY_CODE.get(f"{code[:4]}00") if len(code) >= 4 else None
    if code[:2] == _PROVINCE and city is None:
        return "浙江省" if len(code) <= 2 else code
    below = county(code)
    return (city.name if city else code) + (below.name if below else "")


def industry_name(code: str) -> object:
    """Return the name of the section an industry code (``C34``) belongs to."""
    return dict(INDUSTRIES).get(code[:1], code)


def is_industry(code: str) -> bool:
    """Say whether ``code`` is a section letter, alone or with 2-4 digits (GB/T 4754)."""
    return code[:1] in dict(INDUSTRIES) and (len(code) == 1 or (code[1:].isdigit() and 3 <= len(code) <= 5))


def high_hazard_names() -> list[str]:
    """Return the kinds of enterprises that the law holds to stricter management, in words."""
    return [str(name) for _code, name, high in SUPERVISION_TYPES if high]
