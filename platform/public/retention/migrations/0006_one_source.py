"""How long records are kept is said here alone: which laws mean special operations, and what the rules of privacy said beyond."""

from typing import Any, ClassVar

from django.db import migrations
from django.db.models import Q

SPECIAL = "特种作业"


def move(apps: Any, editor: Any) -> None:
    """Mark the laws on special operations, and take over each dated rule of privacy that asked for more than the laws of its time."""
    here = editor.connection.alias
    periods = apps.get_model("retention", "Period").objects.using(here)
    periods.filter(law__contains=SPECIAL).update(is_special=True)
    rules = list(apps.get_model("privacy", "PrivacyRule").objects.using(here).order_by("valid_from"))
    for number, rule in enumerate(rules):
        until = rules[number + 1].valid_from if number + 1 < len(rules) else None
        for is_special, months, law in (
            (False, rule.record_months, rule.record_law),
            (True, rule.special_months, rule.special_law),
        ):
            held = periods.filter(Q(until=None) | Q(until__gt=rule.valid_from), what="PROCESS", since__lte=rule.valid_from)
            held = held if is_special else held.filter(is_special=False)
            known = list(held.values_list("months_total", flat=True))
            if months is None or None in known or months <= max(known, default=0):
                continue
            values = {"months_total": months, "until": until, "is_special": is_special}
            periods.get_or_create(what="PROCESS", law=law[:120], since=rule.valid_from, defaults=values)


class Migration(migrations.Migration):
    """Data only; nothing that was said is lost."""

    dependencies: ClassVar = [("retention", "0005_special"), ("privacy", "0002_laws")]
    operations: ClassVar = [migrations.RunPython(move, migrations.RunPython.noop)]
