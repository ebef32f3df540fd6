"""The desk's page of notices: which version holds, what comes next, and publishing one."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import api as operators
from public.privacy import queries, services
from public.privacy.forms import VersionForm
from public.privacy.models import NoticeVersion
from tenants.addresses import client_ip

PER_PAGE = 20
_ROLES = (operators.Role.OPERATIONS,)


@require_GET
@operators.desk_page(*_ROLES)
def listing(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List all versions, newest first."""
    kind = request.GET.get("kind", "")
    page = Paginator(queries.versions(kind if kind in NoticeVersion.Kind.values else ""), PER_PAGE).get_page(
        request.GET.get("page")
    )
    today = clock.shanghai_date(clock.now())
    holding = {(one, queries.notice(one, today).version) for one in NoticeVersion.Kind.values}
    values = {
        "page_title": _("隐私告知"),
        "page": page,
        "lines": [
            (
                row,
                queries.notice_view(row),
                (row.kind, row.version) in holding and row.valid_from <= today,
                row.valid_from > today,
            )
            for row in page
        ],
        "kinds": NoticeVersion.Kind.choices,
        "kind": kind,
        "rule": queries.rule(today),
    }
    return render(request, "privacy/listing.html", {**operators.frame(request, me, "desk-privacy"), **values})


@require_http_methods(["GET", "POST"])
@operators.desk_page(*_ROLES)
def publish(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """Write another version; the form begins with the text that holds."""
    form = VersionForm(request.POST) if request.method == "POST" else VersionForm(initial=_present(request.GET.get("kind", "")))
    if form.is_valid():
        try:
            row = services.publish(**form.cleaned_data, me=me, at=clock.now(), ip=client_ip(request))
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("已登记，%(day)s 生效，学员会再次看到。") % {"day": row.valid_from.isoformat()})
            return redirect("desk-privacy")
    values = {"page_title": _("隐私告知"), "form": form}
    return render(
        request,
        "privacy/publish.html",
        {**operators.frame(request, me, "desk-privacy"), **values},
        status=422 if form.errors else 200,
    )


def _present(kind: str) -> dict[str, str]:
    kind = kind if kind in NoticeVersion.Kind.values else NoticeVersion.Kind.PRIVACY
    row = queries.versions(kind).first()
    if row is None:
        return {"kind": kind}
    return {"kind": kind, "text": "\n".join(row.paragraphs), "text_en": "\n".join(row.paragraphs_en)}
