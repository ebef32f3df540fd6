"""The first promised times. The provincial list of 六.(一).6 is lost; these follow the nearest published ones (赣应急字〔2024〕24号: answer within
2 hours, settled within 3 working days) and common practice of service desks. The page of supervision says so.
"""

from datetime import date
from typing import Any

FIRST_DAY = date(2026, 11, 1)


def promises() -> list[dict[str, Any]]:
    """Return one row for each category."""
    same = {"valid_from": FIRST_DAY, "by": "seed"}
    return [
        {**same, "category": "INQUIRY", "answer_minutes": 5, "office_only": True, "settle_hours": 24},
        {**same, "category": "FAULT", "answer_minutes": 120, "settle_hours": 24},
        {**same, "category": "GENERAL", "answer_minutes": 120, "settle_days": 3, "extend_days": 2},
        {**same, "category": "COMPLEX", "answer_minutes": 24 * 60, "settle_days": 5, "extend_days": 5},
        {**same, "category": "CONTENT", "answer_minutes": 120, "settle_days": 3, "hides_first": True},
        {**same, "category": "PRIVACY", "answer_minutes": 24 * 60, "settle_days": 15},
    ]
