"""Pages of load: the board, one warning, the log of warnings, the design load."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from infra.kit.marking import PLAIN
from public.audit import api as audit
from public.load import design, noting, queries, words
from public.load.forms import DesignForm, LogFilter, NoteForm
from public.load.models import LoadWarning, Meter
from public.operators.api import Me, Role, desk_page, frame
from tenants.addresses import client_ip

REFRESH_S = 60
MOST_ROWS = 10_000
_SPANS = {"1": 1, "30": 30}
READERS = (Role.OPERATIONS, Role.SYSTEM)


@require_GET
@desk_page(*READERS)
def board(request: HttpRequest, me: Me) -> HttpResponse:
    """Show each meter with its chart and the newest warnings; it asks again each minute."""
    at, days = clock.now(), _SPANS.get(request.GET.get("days", ""), 1)
    lines = queries.board(at=at, days=days)
    context = {
        "page_title": _("系统负荷"),
        "lines": lines,
        "open": [one for one in lines if one.level],
        "unknown": [one for one in lines if one.is_stale and one.meter not in queries.QUIET],
        "days": str(days),
        "newest": [_entry(row) for row in queries.warnings()[:5]],
        "may_choose": me.role == Role.SYSTEM,
        "refresh_s": REFRESH_S,
        "at": at,
    }
    return render(request, "load/board.html", {**frame(request, me, "desk-load"), **context})


@require_GET
@desk_page(*READERS)
def log(request: HttpRequest, me: Me) -> HttpResponse:
    """List the log of warnings; ``export=xlsx`` gives what is listed as a file."""
    form = LogFilter(request.GET)
    form.is_valid()
    chosen: dict[str, Any] = {name: form.cleaned_data.get(name) or "" for name in form.fields}
    rows = queries.warnings(
        meter=chosen["meter"], stage=chosen["stage"], since=chosen["since"] or None, until=chosen["until"] or None
    )
    if request.GET.get("export") == "xlsx":
        return _exported(request, me, list(rows[: MOST_ROWS + 1]))
    page = Paginator(rows, queries.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("预警记录"),
        "page": page,
        "entries": [_entry(row) for row in page],
        "form": form,
        "chosen": request.GET,
        "is_filtered": any(chosen.values()),
    }
    return render(request, "load/log.html", {**frame(request, me, "desk-load"), **context})


def _exported(request: HttpRequest, me: Me, rows: list[LoadWarning]) -> HttpResponse:
    if len(rows) > MOST_ROWS:
        raise DomainError("export_too_large", _("一次最多导出 1 万条，请缩短时间范围。"), status=422)
    heads = [_("时间"), _("指标"), _("类型"), _("级别"), _("数值"), _("设计负荷"), _("占比"), _("人员"), _("说明")]
    cells = [
        [
            f"{localtime(row.at):%Y-%m-%d %H:%M}", row.get_meter_display(), row.get_stage_display(), str(words.LEVELS[row.level][1]),
            words.amount(row.value, row.meter), words.amount(row.design, row.meter), words.percent(row.share), row.by_name, row.text,
        ]
        for row in rows
    ]  # fmt: skip
    audit.record("load.exported", actor=me.reference, target="load:log", at=clock.now(), ip=client_ip(request), count=len(rows))
    response = HttpResponse(sheets.xlsx_file(_("负荷预警记录"), heads, cells, label=PLAIN), content_type=sheets.XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{_('负荷预警记录')}.xlsx") or ""
    return response


def _entry(row: LoadWarning) -> dict[str, Any]:
    tone = {"OVER": "proven", "NOTED": "info"}.get(row.stage) or words.LEVELS[row.level][0]
    return {
        "row": row,
        "tone": tone,
        "value": words.amount(row.value, row.meter),
        "design": words.amount(row.design, row.meter),
        "percent": words.percent(row.share),
    }


@require_http_methods(["GET", "POST"])
@desk_page(*READERS)
def warning(request: HttpRequest, me: Me, episode: UUID) -> HttpResponse:
    """Show one warning from its beginning and take down what was done about it."""
    rows = queries.episode(episode)
    if not rows:
        raise DomainError("not_found", _("没有找到这次预警，请从列表重新进入。"), status=404)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        noting.note(episode=episode, text=form.cleaned_data["text"], me=me, at=clock.now(), ip=client_ip(request))
        messages.success(request, _("已记下。"))
        return redirect("desk-load-warning", episode)
    entries = [_entry(row) for row in reversed(rows)]
    context = {
        "page_title": _("%(meter)s预警") % {"meter": rows[0].get_meter_display()},
        "first": _entry(rows[0]),
        "is_over": any(row.stage == LoadWarning.Stage.OVER for row in rows),
        "timeline": [
            {
                "at": one["row"].at,
                "title": _title(one["row"]),
                "text": one["row"].text or _("%(value)s，设计值的 %(percent)s") % one,
                "tone": one["tone"],
            }
            for one in entries
        ],
        "form": form,
    }
    return render(
        request, "load/warning.html", {**frame(request, me, "desk-load"), **context}, status=422 if form.errors else 200
    )


def _title(row: LoadWarning) -> str:
    return f"{row.get_stage_display()} · {row.by_name}" if row.by_name else str(row.get_stage_display())


@require_http_methods(["GET", "POST"])
@desk_page(Role.SYSTEM)
def choose(request: HttpRequest, me: Me, meter: str) -> HttpResponse:
    """Show the design load of one meter and what it was before; take another one."""
    if meter not in Meter.values:
        raise DomainError("not_found", _("没有这个指标，请刷新页面。"), status=404)
    line = next(one for one in queries.board(at=clock.now()) if one.meter == meter)
    form = DesignForm(request.POST if request.method == "POST" else None, initial={"value": line.designed or None})
    if form.is_valid():
        try:
            design.choose(meter=meter, me=me, at=clock.now(), ip=client_ip(request), **form.cleaned_data)
        except DomainError as error:
            field = error.details.get("field")
            if error.status != 422 or field not in form.fields:
                raise
            form.add_error(field, str(error.message))
        else:
            messages.success(request, _("已保存，从下一分钟起按新的设计负荷预警。"))
            return redirect("desk-load")
    context = {
        "page_title": _("设计负荷：%(meter)s") % {"meter": line.title},
        "line": line,
        "unit": words.UNITS[meter],
        "form": form,
        "history": design.history(meter),
    }
    return render(request, "load/design.html", {**frame(request, me, "desk-load"), **context}, status=422 if form.errors else 200)
