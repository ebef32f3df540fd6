"""``manage.py catalogue_audit``: every published version with its four signatures, rights, subtitles, trainer and next review.

Exits 1 if one lacks any, so that a schedule or a pipeline notices. ``--json`` prints one object a line and the summary last.
"""

import json
import sys
from typing import Any

from django.core.management import BaseCommand
from django.utils import translation

from infra.kit import clock
from infra.wiring.catalogue_audit import Audited, audited
from public.review import api as review
from tenants.scope import platform_scope


class Command(BaseCommand):
    """Print and judge."""

    help = __doc__ or ""

    def add_arguments(self, parser: Any) -> None:
        """Add options."""
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk through the catalogue; lines appear as they are found.

        :raises SystemExit: 1 when a version lacks something
        """
        total = lacking = 0
        with platform_scope(), translation.override("zh-hans"):
            for row in audited(at=clock.now()):
                total, lacking = total + 1, lacking + bool(row.lacks)
                self.stdout.write(json.dumps(row.as_dict(), ensure_ascii=False) if options["json"] else _line(row))
        if options["json"]:
            self.stdout.write(json.dumps({"versions": total, "complete": total - lacking, "lacking": lacking}))
        else:
            self.stdout.write(f"{total} 个已发布版本，{total - lacking} 个齐全，{lacking} 个有缺项")
        if lacking:
            sys.exit(1)


def _line(row: Audited) -> str:
    marks = (
        f"签名 {len(row.signatures)}/{len(review.ANGLES)}（{'、'.join(dict.fromkeys(row.signatures.values())) or '无'}）",
        f"版权 {row.rights} 项{_mark(row.rights_ok)}",
        f"字幕{_mark(row.subtitles_ok)}",
        f"讲师 {row.trainer}{_mark(row.trainer_ok)}",
        f"复审 {row.review_due_on or '无'}",
    )
    head = f"{'!' if row.lacks else '✓'} {row.code} V{row.number} {row.title}"
    return "\n    ".join([head, " · ".join(marks), *(f"缺：{text}" for text in row.lacks)])


def _mark(is_there: bool) -> str:
    return " ✓" if is_there else " ✗"
