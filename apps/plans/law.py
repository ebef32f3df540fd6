"""The dated rows of the law as templates: which fit a role, stage and hazard class, and which refresher follows which row."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.plans import rules
from public.catalogue import api as catalogue

STAGES: dict[str, Any] = {
    "INITIAL": _("初次培训"),
    "ANNUAL": _("年度再培训"),
    "EVENT": _("换岗、四新、入厂"),
}
"""When training is due, in words."""
HAZARDS: dict[str, Any] = {"GENERAL": _("一般企业"), "HIGH": _("高危企业（学时更多）")}
"""Hazard classes; a general enterprise may take the stricter one."""


def templates(*, on: date, hazard: str, role: str = "", stage: str = "") -> list[catalogue.RequirementView]:
    """Return the rows in force that fit, the asked role's own first, in one query.

    :param role: FZ GL BZ CY TZ XF, or "" for all
    :param stage: INITIAL ANNUAL EVENT, or "" for all
    """
    rows = [row for row in catalogue.requirements(on=on) if rules.fits_hazard(row.code, hazard)]
    if stage:
        rows = [row for row in rows if row.stage == stage]
    if role:
        rows = [row for row in rows if rules.fits_role(row.code, role)]
        rows.sort(key=lambda row: row.code in rules.FOR_ALL_ROLES)
    return rows


def refresher(requirement_code: str, *, on: date, hazard: str) -> catalogue.RequirementView | None:
    """Return the row of the law for the yearly refresher that follows a row, None where there is none.

    Dispatched workers and interns are trained as own staff (安全生产法 art. 28); who was moved or works with something new is too.
    """
    rows = {row.code: row for row in catalogue.requirements(on=on) if row.stage == "ANNUAL"}
    if requirement_code in rows:
        return rows[requirement_code]
    if rules.category_code(requirement_code) != "CY":
        return None
    return next((row for code, row in rows.items() if code.startswith("CY-") and rules.fits_hazard(code, hazard)), None)
