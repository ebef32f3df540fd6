"""What people mean by a cell: text, an ID number, a date, a kind of person. Touches no database."""

import re
from datetime import date, datetime, timedelta

from apps.people.roster import headings
from infra.kit import identity
from infra.kit.workbooks import Cell

_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T].*)?")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_EXCEL_EPOCH = date(1899, 12, 30)
_DEFUSED = re.compile(r"'+[=+@＝＋－＠-]")
_LIKE_X = str.maketrans("×✕ХхΧχ＊*", "XXXXXXXX")
"""The multiplication sign, Cyrillic and Greek letters and the star that stand for the X of an ID number."""
_ROLES = {
    "FZ": "主要负责人 负责人 企业负责人 法定代表人 总经理 PERSONINCHARGE",
    "GL": "安全生产管理人员 安全管理人员 安全管理员 安管人员 安全员 专职安全员 管理人员 SAFETYMANAGER",
    "BZ": "班组长 班长 组长 TEAMLEADER",
    "CY": "从业人员 一般从业人员 员工 普通员工 职工 工人 操作工 一线员工 WORKER",
    "TZ": "特种作业人员 特种作业 特种作业操作人员 特种工 SPECIALOPERATOR",
    "XF": "相关方人员 相关方 承包商 承包商人员 外包 外包人员 外来人员 CONTRACTOR",
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in (role, *words.split())}


def text(cell: Cell) -> str:
    """Return a cell as people meant it: whole numbers without ``.0``, no invisible marks, no mark of an export (``'=``)."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    shown = str(cell)
    if not shown.isprintable():
        shown = "".join(c for c in shown if c.isprintable() or c.isspace())
    shown = " ".join(shown.split())
    return shown[1:] if _DEFUSED.match(shown) else shown


def read_id(cell: Cell, *, on: date) -> tuple[str, str]:
    """Return (normalised ID number or "", problem code or "")."""
    typed = text(cell)
    if not typed:
        return "", "id_missing"
    value = identity.normalise_resident_id(typed).translate(_LIKE_X)
    number = isinstance(cell, int | float) and not isinstance(cell, bool)
    # Excel keeps 15 digits of a number: the rest became zeros, whatever the cell shows.
    if _SCIENTIFIC.fullmatch(value) or (number and len(value) > 15):
        return "", "id_mangled"
    if identity.is_resident_id(value, on=on):
        return value, ""
    return "", _id_problem(value)


def _id_problem(value: str) -> str:
    if re.fullmatch(r"[0-9]{15}", value):
        return "id_fifteen"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        return "id_length"
    if identity.has_check_digit(value):
        return "id_birth"
    return "id_mangled" if value.endswith("000") else "id_check"


def read_role(cell: Cell) -> tuple[str, bool]:
    """Return (FZ … XF or "", whether the cell was empty or a kind we know)."""
    word = headings.plain(cell).upper()
    role = _ROLE_OF.get(word, "")
    return role, bool(role) or not word


def read_date(cell: Cell) -> tuple[date | None, bool]:
    """Return (date or None, whether the cell was empty or a date)."""
    if isinstance(cell, datetime):
        return cell.date(), True
    if isinstance(cell, date):
        return cell, True
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 10_000 < cell < 80_000:
        return _EXCEL_EPOCH + timedelta(days=int(cell)), True
    typed = text(cell)
    if not typed:
        return None, True
    parts = _DATE.fullmatch(typed.replace(" ", "")) or _DATE.fullmatch(typed) or _COMPACT_DATE.fullmatch(typed)
    try:
        return (date(*(int(part) for part in parts.groups())), True) if parts else (None, False)
    except ValueError:
        return None, False
