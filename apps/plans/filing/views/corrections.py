"""Pages of corrections: propose one for an entry, see which wait, decide as the second person."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans import archive, workbooks
from apps.plans.filing import queries
from apps.plans.filing.forms import CorrectionForm, DecideForm
from apps.plans.filing.views import asking
from apps.records import api as records
from infra.kit import clock, sheets
from infra.kit.errors import DomainError

PAGE = 25
MOST_EXPORTED = 5_000
SEE, CORRECT = people.Permission.ARCHIVE_SEE, people.Permission.ARCHIVE_CORRECT


@require_http_methods(["GET", "POST"])
@people.manager_page(CORRECT)
def propose(request: HttpRequest, learner: UUID, n: int) -> HttpResponse:
    """Show one entry as it stands, and take what should hold instead."""
    view = asking.seen(request, learner)
    found = records.correctable(view.uuid, n)
    form = CorrectionForm(request.POST or None, request.FILES or None, found=found)
    if request.method == "POST" and form.is_valid():
        try:
            made = records.propose_correction(
                subject=view.uuid, n=n, values=form.values(), reason=form.cleaned_data["reason"], evidence=form.proof(),
                by=asking.acting(request), at=clock.now(),
            )  # fmt: skip
        except DomainError as refusal:
            asking.refused(form, refusal)
        else:
            messages.success(request, _("已提出更正，等另一位管理人员批准。"))
            return redirect("console-correction", made.uuid)
    entries = [one for one in records.entries_of(view.uuid) if one.n == n]
    values = {
        "learner": view,
        "found": found,
        "lines": archive.timeline(entries),
        "hash": entries[0].hash_hex,
        "form": form,
        "is_own": asking.own(request) == learner,
        "accept": records.EVIDENCE_ACCEPT,
    }
    return render(request, "plans/filing/correct.html", values, status=422 if form.errors else 200)


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List corrections, those that wait first; every filter lives in the address."""
    get, within = request.GET, people.within(request)
    text = get.get("q", "")[:60].strip()
    rows = records.corrections(
        subjects=None if within is None else people.subjects(within=within),
        about=people.subjects(text=text, within=within) if text else None,
        text=text,
        state=get.get("state", ""),
    )
    if get.get("export") == "xlsx":
        return _export(list(sheets.not_too_many(rows, MOST_EXPORTED)))
    page = Paginator(rows, PAGE).get_page(get.get("page"))
    known = queries.names_of(row.entry.subject for row in page)
    lines = [(row, known.get(row.entry.subject, ("—", "")), records.correction_lines(row.changes)) for row in page]
    values = {
        "page": page,
        "lines": lines,
        "states": records.Correction.State.choices,
        "chosen": get,
        "is_narrowed": bool(text or get.get("state")),
        "waiting": records.waiting_corrections() if within is None else 0,
    }
    return render(request, "plans/filing/corrections.html", values)


def _export(rows: list[records.Correction]) -> HttpResponse:
    known = queries.names_of(row.entry.subject for row in rows)
    heads = [_("学员"), _("部门"), _("被更正的记录"), _("更正内容"), _("理由"), _("提出"), _("提出时间"), _("状态"), _("处理"), _("处理时间"), _("意见")]  # fmt: skip
    lines = []
    for row in rows:
        name, unit = known.get(row.entry.subject, ("—", ""))
        what = "；".join(f"{label}：{before} → {after}" for label, before, after in records.correction_lines(row.changes))
        which = _("第 %(n)d 条 %(kind)s") % {"n": row.entry.n, "kind": row.entry.get_kind_display()}
        lines.append([name, unit, which, what, row.reason, row.proposed_name, queries.moment(row.proposed_at), str(row.get_state_display()),
                      row.decided_name, queries.moment(row.decided_at), row.words])  # fmt: skip
    day = clock.shanghai_date(clock.now()).isoformat()
    return workbooks.response([(_("档案更正"), heads, lines)], _("档案更正-%(day)s") % {"day": day})


@require_GET
@people.manager_page(SEE)
def correction(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Show one correction: the entry as it was, what should hold, why, and who decided."""
    return _page(request, correction, DecideForm())


def _page(request: HttpRequest, correction: UUID, form: DecideForm, *, status: int = 200) -> HttpResponse:
    row, view = _seen(request, correction)
    entries = {one.n: one for one in records.entries_of(view.uuid)}
    values = {
        "row": row,
        "learner": view,
        "lines": records.correction_lines(row.changes),
        "original": archive.timeline([entries[row.entry.n]]),
        "result": archive.timeline([entries[row.result.n]]) if row.result else [],
        "form": form,
        "is_mine": row.proposed_by == asking.ref(request),
        "is_own": asking.own(request) == view.uuid,
    }
    return render(request, "plans/filing/correction.html", values, status=status)


def _seen(request: HttpRequest, correction: UUID) -> tuple[records.Correction, people.LearnerView]:
    row = records.correction(correction)
    return row, asking.seen(request, row.entry.subject)


@require_POST
@people.manager_page(CORRECT)
def decide(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Approve (``answer=yes``) or refuse, with words, what somebody else proposed."""
    _seen(request, correction)
    approve, form = request.POST.get("answer") == "yes", DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, correction, form, status=422)
    try:
        words = form.cleaned_data["words"]
        records.decide_correction(correction=correction, approve=approve, words=words, by=asking.acting(request), at=clock.now())
    except DomainError as refusal:
        form.add_error("words" if refusal.code in {"reason", "personal"} else None, str(refusal.message))
        return _page(request, correction, form, status=422 if refusal.status == 400 else refusal.status)
    messages.success(request, _("已批准，更正已写入档案。") if approve else _("未批准，档案不变。"))
    return redirect("console-correction", correction)


@require_POST
@people.manager_page(CORRECT)
def withdraw(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Take back the own proposal."""
    _seen(request, correction)
    try:
        records.withdraw_correction(correction=correction, by=asking.acting(request), at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("已撤回，档案不变。"))
    return redirect("console-correction", correction)


@require_GET
@people.manager_page(SEE)
def evidence(request: HttpRequest, correction: UUID) -> HttpResponse:
    """Give the file that lies beside a correction.

    :raises DomainError: 404 ``not_found``; 410 ``file_gone``
    """
    row, _view = _seen(request, correction)
    kind = row.evidence_type
    shown = kind.startswith("image/") or kind == asking.PDF
    return asking.given(records.evidence_content(row), row.evidence_name, kind, shown=shown)
