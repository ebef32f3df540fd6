"""Pages of learners' files: the list, one file, its prints, the second signature; the learner's own file."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from apps.people import api as people
from apps.plans import archive, workbooks
from apps.plans.filing import queries
from apps.plans.filing.forms import InChargeForm
from apps.plans.filing.views import asking
from apps.plans.signing.rules import is_own_name
from apps.records import api as records
from infra.kit import clock, sheets
from infra.kit.errors import DomainError
from tenants.addresses import client_ip

PAGE, ENTRIES, SHOWN = 25, 50, 30
MOST_EXPORTED = 10_000
SEE, SIGN = people.Permission.ARCHIVE_SEE, people.Permission.PLANS_CHANGE
CERTIFICATE = "AQPX-"
"""How numbers of certificates begin: whoever types one means its holder."""
STATUSES = {"ACTIVE": "ACTIVE", "ARCHIVED": "ARCHIVED", "ALL": ""}


def filters(get: QueryDict) -> dict[str, object]:
    """Return what the address asks for, as arguments of `people.search_learners`; nonsense counts as not asked."""
    unit, role, text = get.get("unit", ""), get.get("role", ""), get.get("q", "")[:60].strip()
    is_number = text.upper().startswith(CERTIFICATE)
    return {
        "text": "" if is_number else text,
        "uuids": records.subjects_of_number(text) if is_number else None,
        "unit_id": int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        "role": role if role in dict(people.ROLES) else "",
        "status": STATUSES.get(get.get("status", ""), "ACTIVE"),
    }


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List learners with what is in their files; search, filters, order and page live in the address."""
    asked, within, sort = filters(request.GET), people.within(request), request.GET.get("sort", "") or "name"
    if request.GET.get("export") == "xlsx":
        return _export(asked, within, sort)
    total = people.count_learners(**asked, within=within)  # type: ignore[arg-type]
    page = Paginator(range(total), PAGE).get_page(request.GET.get("page"))
    found = people.search_learners(**asked, sort=sort, within=within, limit=PAGE, offset=max(0, page.start_index() - 1))  # type: ignore[arg-type]
    values = {
        "page": page,
        "lines": queries.lines(found),
        "units": people.units(within=within),
        "roles": people.ROLES,
        "chosen": request.GET,
        "is_narrowed": any(request.GET.get(name) for name in ("q", "unit", "role", "status")),
        "most": records.MOST_FILES,
        "waiting": records.waiting_corrections() if within is None else 0,
    }
    return render(request, "plans/filing/learners.html", values)


def _export(asked: dict[str, object], within: people.Units, sort: str) -> HttpResponse:
    sheets.require_at_most(MOST_EXPORTED, people.count_learners(**asked, within=within))  # type: ignore[arg-type]
    found = people.search_learners(**asked, sort=sort, within=within, limit=MOST_EXPORTED)  # type: ignore[arg-type]
    heads = [_("档案号"), _("姓名"), _("证件号"), _("工号"), _("部门"), _("岗位"), _("人员类别"), _("培训"), _("完成"), _("学员签名"), _("档案记录"), _("已封存")]  # fmt: skip
    rows: list[list[str | int | float]] = [
        [records.file_number(one.learner.uuid), one.learner.name, one.learner.masked_id, one.learner.employee_no, one.learner.unit,
         one.learner.position, one.learner.role_label, one.trainings, one.done, one.signed, one.sums.entries, one.sums.sealed]
        for one in queries.lines(found)
    ]  # fmt: skip
    day = clock.shanghai_date(clock.now()).isoformat()
    return workbooks.response([(_("一人一档目录"), heads, rows)], _("一人一档目录-%(day)s") % {"day": day})


@require_GET
@people.manager_page(SEE)
def file(request: HttpRequest, learner: UUID) -> HttpResponse:
    """Show one learner's file; every entry leads to where it may be corrected."""
    view = asking.seen(request, learner)
    values = _content(request, view.uuid)
    values |= {
        "learner": view,
        "waiting": queries.waiting(within=people.within(request), learner=learner),
        "form": InChargeForm(),
        "is_own": asking.own(request) == learner,
        "in_console": True,
    }
    return render(request, "plans/filing/learner.html", values)


def _content(request: HttpRequest, subject: UUID) -> dict[str, object]:
    document = records.learner_file(subject, at=clock.now())
    entries = records.entries_of(subject)
    lines = list(zip(reversed(entries), archive.timeline(entries), strict=True))
    page = Paginator(lines, ENTRIES).get_page(request.GET.get("page"))
    return {
        "document": document.first(SHOWN),
        "sections": document.first(SHOWN).sections[:-1],
        "page": page,
        "corrections": records.corrections_by_entry(subject),
    }


@require_GET
@people.manager_page(SEE)
def pdf(request: HttpRequest, learner: UUID) -> HttpResponse:
    """Give a learner's file as PDF."""
    return _taken(request, learner, "pdf")


@require_GET
@people.manager_page(SEE)
def xlsx(request: HttpRequest, learner: UUID) -> HttpResponse:
    """Give a learner's file as workbook."""
    return _taken(request, learner, "xlsx")


def _taken(request: HttpRequest, learner: UUID, ending: str) -> HttpResponse:
    view = asking.seen(request, learner)
    asking.note_taken(request, "learner", view.uuid)
    return asking.printed(request, records.learner_file(view.uuid, at=clock.now()), ending)


@require_POST
@people.manager_page(SIGN)
def sign(request: HttpRequest, learner: UUID) -> HttpResponse:
    """Sign the records of a learner that wait, as the person in charge of training."""
    view = asking.seen(request, learner)
    found = queries.waiting(within=people.within(request), learner=view.uuid)
    chosen = {str(one) for one in asking.uuids(request.POST.getlist("ids"))}
    sign_all(request, [one for one in found if str(one.assignment) in chosen])
    return redirect("console-archive-file", learner)


def sign_all(request: HttpRequest, found: list[queries.Waits]) -> None:
    """Sign these records with the typed name; what becomes of it is told by a message."""
    form = InChargeForm(request.POST)
    who = asking.manager(request)
    if not form.is_valid() or not is_own_name(form.cleaned_data["name"], who.name):
        messages.error(request, _("与登记的姓名不一致。请输入您本人的姓名签署。"))
        return
    if not found:
        messages.error(request, _("请先勾选要签署的培训记录。"))
        return
    by = records.InCharge(asking.ref(request), who.name, who.role_label, asking.own(request))
    try:
        pairs = [(one.subject, one.assignment) for one in found]
        n = records.countersign(pairs=pairs, by=by, ip=client_ip(request), at=clock.now())
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, ngettext("已签署 %(n)d 份培训记录。", "已签署 %(n)d 份培训记录。", n) % {"n": n})


@require_GET
@people.learner_page
@people.open_when_restricted
def own_file(request: HttpRequest) -> HttpResponse:
    """Show a learner the own file as the enterprise keeps it (clause 四.5)."""
    view = asking.learner(request)
    return render(request, "plans/filing/own.html", {**_content(request, view.uuid), "learner": view})


@require_GET
@people.learner_page
@people.open_when_restricted
def own_pdf(request: HttpRequest) -> HttpResponse:
    """Give a learner the own file as PDF."""
    return asking.printed(request, records.learner_file(asking.learner(request).uuid, at=clock.now()), "pdf")


@require_GET
@people.learner_page
@people.open_when_restricted
def own_xlsx(request: HttpRequest) -> HttpResponse:
    """Give a learner the own file as workbook."""
    return asking.printed(request, records.learner_file(asking.learner(request).uuid, at=clock.now()), "xlsx")
