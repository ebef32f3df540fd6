"""Console pages of the enterprise as a customer: papers and their verification, state, history."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access
from apps.people.company.forms import on_field
from apps.people.permissions import Permission
from billing import api as billing
from infra.kit import clock
from infra.kit.errors import DomainError
from public.lifecycle import api as lifecycle
from public.uploads import api as uploads
from tenants import divisions
from tenants.addresses import client_ip
from tenants.api import current_site, platform_scope

PAPERS = (
    ("LICENCE", gettext_lazy("营业执照"), gettext_lazy("原件的彩色扫描件或照片，PDF、PNG 或 JPEG。")),
    ("AUTHORITY", gettext_lazy("授权书"), gettext_lazy("办理人不是法定代表人时，上传盖公章的授权书。")),
    ("PERMIT", gettext_lazy("安全生产许可证"), gettext_lazy("矿山、危险化学品、烟花爆竹、建筑施工等须上传。")),
)


def by(request: HttpRequest) -> lifecycle.By:
    """Return who acts for the enterprise."""
    manager = access.manager_of(request)
    return lifecycle.By(f"manager:{manager.id}", manager.name, clock.now(), client_ip(request))


@require_GET
@access.manager_page(Permission.COMPANY_SEE)
def company(request: HttpRequest) -> HttpResponse:
    """Show what the platform knows of the enterprise, how far its verification is, who looks on, and what was done."""
    site, at = current_site(), clock.now()
    with platform_scope():
        rounds, visit = lifecycle.rounds(site.id), lifecycle.open_visit(site.id, at=at)
        service = billing.subscription(enterprise_id=site.id)
        values = {
            "site": site,
            "service": service,
            "days_left": service.days_left(at) if service else 0,
            "is_over": service is not None and service.ends_at <= at,
            "division": divisions.full_name(site.division_code),
            "industry": divisions.industry_name(site.industry_code),
            "newest": rounds[0] if rounds else None,
            "rounds": rounds,
            "visit": visit,
            "visit_holds": visit is not None and visit.holds(at),
            "closure": lifecycle.closure(site.id),
            "history": [
                {"at": one.at, "title": one.title, "text": one.text, "tone": one.tone}
                for one in lifecycle.history(f"enterprise:{site.uuid}")
            ],
        }
    return render(request, "people/company/company.html", values)


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.COMPANY_CHANGE)
def verify(request: HttpRequest) -> HttpResponse:
    """Hand the company's papers in."""
    site = current_site()
    if request.method == "GET":
        with platform_scope():
            newest = next(iter(lifecycle.rounds(site.id)), None)
        if newest is not None and newest.is_open:
            messages.info(request, _("上一次提交还在核验，有结果会通知您，到时可以重新提交。"))
            return redirect("console-company")
    if request.method == "POST":
        form = lifecycle.HandInForm(request.POST)
    else:
        form = lifecycle.HandInForm(initial={"name": site.name, "uscc": site.uscc})
    papers = form.papers(request.POST.getlist("paper"))
    if form.is_bound and form.is_valid():
        said = lifecycle.HandIn(papers=papers, **form.cleaned_data)
        try:
            with platform_scope():
                lifecycle.submit(enterprise_id=site.id, said_=said, by=by(request))
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            messages.success(request, _("已提交。核验由平台两名工作人员先后办理，有结果会通知您。"))
            return redirect("console-company")
    values = {"form": form, "kinds": PAPERS, "papers": _named(papers, site.schema_name), "page_title": _("企业核验")}
    return render(request, "people/company/verify.html", values, status=422 if form.errors else 200)


def _named(papers: list[tuple[str, UUID]], schema: str) -> list[tuple[str, str, uploads.UploadView]]:
    """Return the papers chosen so far as (kind, its name, upload); others' and lost ones are left out."""
    found = []
    for kind, upload in papers:
        try:
            view = uploads.upload(upload)
        except DomainError:
            continue
        if view.provider_schema == schema:
            found.append((kind, str(lifecycle.Paper.Kind(kind).label), view))
    return found


@require_POST
@access.manager_page(Permission.COMPANY_CHANGE)
def arrived(request: HttpRequest) -> HttpResponse:
    """Answer the upload widget: put the finished file into the form that is being filled in."""
    papers = lifecycle.HandInForm.papers([f"{request.GET.get('kind', '')}:{request.POST.get('upload', '')}"])
    named = _named(papers, current_site().schema_name)
    if not named:
        raise DomainError("unknown_upload", _("没有收到文件，请重新上传。"), status=422)
    return render(request, "people/company/_papers.html", {"papers": named, "arrived": True})


@require_GET
@access.manager_page(Permission.COMPANY_SEE)
def paper(request: HttpRequest, verification: UUID, upload: UUID) -> HttpResponseBase:
    """Give a paper that was handed in."""
    with platform_scope():
        return lifecycle.paper_file(lifecycle.paper(verification, upload, enterprise_id=site_id(request)))


def site_id(request: HttpRequest) -> int:
    """Return the id of the enterprise whose host was asked, wherever one stands."""
    return int(request.enterprise.id)  # type: ignore[attr-defined]
