"""What the portal gives out as sheets: figures and notices, nobody's name. Each leaves with label and watermark, and the log keeps its digest."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Model
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from infra.kit import clock, marking, sheets
from public.audit import api as audit
from public.portal.shapes import Asker
from public.portal.shapes import Line as Notice
from public.portal.statistics import Area, Line, Totals

MOST = 20_000
Row = TypeVar("Row", bound=Model)


def heads() -> list[str]:
    """Return the words over the figures, in the order of :func:`cells`."""
    return [
        _("在册人员"), _("参训人数"), _("覆盖率"), _("学时"), _("考试次数"), _("合格率"), _("培训证明"), _("办结投诉"), _("按期办结率"),
    ]  # fmt: skip


def cells(one: Totals) -> list[sheets.Cell]:
    """Return the figures of a line."""
    return [
        one.on_books, one.people, share(one.coverage), one.hours, one.exams, share(one.passed), one.certificates,
        one.complaints, share(one.in_time),
    ]  # fmt: skip


def share(value: float | None) -> str:
    """Return a share in whole percent, cut: nobody reads 100 % where somebody is missing."""
    return "—" if value is None else f"{int(value * 100)}%"


def of_areas(found: Sequence[Area], total: Totals) -> list[list[sheets.Cell]]:
    """Return the lines of areas, with their sum."""
    rows: list[list[sheets.Cell]] = [[one.name, one.totals.enterprises, one.totals.active, *cells(one.totals)] for one in found]
    return [*rows, [_("合计"), total.enterprises, total.active, *cells(total)]]


def of_enterprises(found: Sequence[Line]) -> list[list[sheets.Cell]]:
    """Return the lines of enterprises."""
    return [
        [one.enterprise.name, one.enterprise.uscc, one.division, str(one.enterprise.get_status_display()), *cells(one.totals)]
        for one in found
    ]


def of_notices(found: Sequence[Notice]) -> list[list[sheets.Cell]]:
    """Return the lines of notices: where each stands, none of its words but the title."""
    return [
        [
            one.number, one.title, one.enterprise, one.organisation, clock.shanghai_date(one.asked_at).isoformat(),
            one.due_on.isoformat(), str(_("已逾期")) if one.is_late else one.state_label,
        ]
        for one in found
    ]  # fmt: skip


def answer(name: str, head: Sequence[str], rows: Sequence[Sequence[sheets.Cell]], *, what: str, asker: Asker) -> HttpResponse:
    """Return a workbook as a download, and note that it left."""
    mark = marking.mark_of(marking.PLAIN, who=f"{asker.who.organisation} {asker.who.name}", at=asker.at)
    content = sheets.xlsx_file(name, head, rows, label=marking.PLAIN, mark=mark)
    audit.exchanged(
        "regulator.figures_exported",
        audit.Direction.OUT,
        actor=asker.actor,
        target="figures",
        at=asker.at,
        ip=asker.ip,
        party=asker.party,
        what=what,
        rows=len(rows),
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        label=marking.PLAIN.code,
    )
    response = HttpResponse(content, content_type=sheets.XLSX)
    response["Content-Disposition"] = content_disposition_header(True, mark.file_name(f"{name}.xlsx")) or ""
    response["Cache-Control"] = "no-store"
    return response
