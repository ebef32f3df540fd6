"""Lays out reports: A4, facts and tables of any length, Chinese, page numbers."""

import json
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from apps.plans.ports import Report
from infra.adapters.media.slides import fonts
from infra.kit import marking

TEMPLATE = Path(__file__).with_name("report.typ")


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """One for the whole process: it keeps the parsed fonts."""
    return typst.Compiler(input=str(TEMPLATE), font_paths=fonts(), ignore_system_fonts=True)


_lock = Lock()
"""The compiler is one object; threads of a web worker take turns."""


class TypstReports:
    """Plug for `apps.plans.ports.REPORTS`."""

    def report(self, report: Report) -> bytes:
        """Return pages of A4 as PDF."""
        with _lock:
            return bytes(
                _compiler().compile(format="pdf", sys_inputs={"data": json.dumps(page_data(report), ensure_ascii=False)})
            )


def page_data(report: Report) -> dict[str, Any]:
    """Return what the template prints; nothing in it is executed."""
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "summary": report.summary,
        "facts": [list(fact) for fact in report.facts],
        "tables": [
            {"title": one.title, "heads": list(one.heads), "rows": [list(row) for row in one.rows], "widths": list(one.widths)}
            for one in report.tables
        ],
        "foot": report.foot,
        "mark": marking.here_in_words(marking.PERSONS),
    }
