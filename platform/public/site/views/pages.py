"""Landing page and the pages the law asks for."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from infra.kit import clock
from public.operators.api import Me, Role, desk_page, frame
from public.privacy import api as notices
from public.regulators import api as regulators
from public.seals import api as seals
from public.site.announcing import queries as announcing
from public.site.facts import facts, missing, save_facts
from public.site.forms import FactsForm, VerifyForm
from public.site.models import SiteFact
from public.site.papers import showing
from tenants.addresses import client_ip


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """Explain in ten seconds; let a company start."""
    context = {"form": VerifyForm(), "facts": facts(), "dev_tools": settings.DEV_TOOLS, "announced": _announced()}
    return render(request, "site/landing.html", context)


def _announced() -> list[tuple[str, str]]:
    """Return what is pinned for everybody, at most two, as (title, text)."""
    rows = announcing.live(audiences=announcing.STRANGER, division="", at=clock.now()).filter(is_pinned=True)[:2]
    return [announcing.words_of(row) for row in rows]


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a person, why, how long."""
    return render(request, "site/privacy.html", showing.privacy(clock.shanghai_date(clock.now())))


@require_GET
def privacy_versions(request: HttpRequest) -> HttpResponse:
    """Every version of what people are told, newest first; coming ones too, so that nobody is surprised."""
    today = clock.shanghai_date(clock.now())
    rows = list(notices.versions())
    holding = {kind: notices.notice(kind, today).version for kind in {row.kind for row in rows}}
    lines = [(row, notices.notice_view(row), row.version == holding[row.kind], row.valid_from > today) for row in rows]
    return render(request, "site/privacy_versions.html", {"lines": lines})


@require_GET
@cache_control(public=True, max_age=3600)
def keys(request: HttpRequest) -> JsonResponse:
    """Return the public keys with which certificates, feeds and heads of ledgers (``log``) can be checked."""
    return JsonResponse({"keys": regulators.public_keys(), "log": seals.public_keys()})


@require_GET
@cache_control(public=True, max_age=3600)
def document_root(request: HttpRequest) -> HttpResponse:
    """Return the root certificate of signed PDF files, for readers that shall trust them."""
    response = HttpResponse(regulators.document_key().root_pem, content_type="application/x-pem-file")
    response["Content-Disposition"] = 'attachment; filename="anxue-ca.pem"'
    return response


@require_http_methods(["GET", "POST"])
@desk_page(Role.OPERATIONS)
def edit_facts(request: HttpRequest, me: Me) -> HttpResponse:
    """Keep the public texts."""
    form = FactsForm(request.POST) if request.method == "POST" else FactsForm(initial=_initial())
    if form.is_bound and form.is_valid():
        save_facts(texts=form.texts(), me=me, at=clock.now(), ip=client_ip(request))
        messages.success(request, _("公示信息已保存。"))
        return redirect("desk-facts")
    context = {**frame(request, me, "desk-facts"), "page_title": _("公示信息"), "form": form, "missing": missing()}
    return render(request, "site/edit_facts.html", context, status=422 if form.errors else 200)


def _initial() -> dict[str, str]:
    rows = SiteFact.objects.all()
    return {f"{row.key}_{language}": text for row in rows for language, text in (("zh", row.text_zh), ("en", row.text_en))}
