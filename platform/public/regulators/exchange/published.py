"""What everybody may read: the contract, and for an authority what its systems have and lack."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from infra.kit import clock
from infra.kit.exchange import contract
from public.regulators.accounts import Authority
from public.regulators.exchange import board, wording
from public.regulators.exchange.models import Partner
from public.regulators.views import page_frame, regulator_page
from tenants import divisions


@require_GET
@regulator_page
def coverage(request: HttpRequest, who: Authority) -> HttpResponse:
    """Show an authority the systems of its own area: how they stand, and for the chosen one day by day what it has and lacks."""
    get, at = request.GET, clock.now()
    page, lines = board.page(search=get.get("q", ""), state="", number=get.get("page", "1"), at=at, prefix=who.division_prefix)
    chosen = next((line for line in lines if line.partner.code == get.get("system")), lines[0] if lines else None)
    context = {
        "page_title": _("数据报送"),
        "area": divisions.full_name(who.division_prefix),
        "page": page,
        "lines": lines,
        "one": chosen,
        "days": board.days(chosen.partner, at=at) if chosen else [],
        "kinds": board.kinds(chosen.partner, at=at) if chosen else [],
        "problem": wording.problem(chosen.partner.problem) if chosen else "",
        "pulls": chosen is not None and chosen.partner.channel == Partner.Channel.PULL,
        "chosen": get,
    }
    return render(request, "regulator/exchange/coverage.html", {**page_frame(who, "regulator-exchange"), **context})


@require_GET
def contract_index(request: HttpRequest) -> HttpResponse:
    """Show what is published for partners: schemas, WSDL, examples, how to sign."""
    context = {
        "page_title": _("监管数据接口"),
        "names": contract.names(),
        "api_url": request.build_absolute_uri("/api/exchange/v1"),
    }
    return render(request, "regulator/exchange/contract.html", context)


@require_GET
def contract_file(request: HttpRequest, name: str) -> HttpResponse:
    """Give one file of the contract; a WSDL names the address under which it was asked for."""
    try:
        content = contract.read(name)
    except KeyError as error:
        raise Http404 from error
    suffix = f".{name.rpartition('.')[2]}"
    if name == "exchange-1.wsdl":
        content = content.replace(b"https://platform.invalid", request.build_absolute_uri("/")[:-1].encode())
    return HttpResponse(content, content_type=f"{contract.TYPES[suffix]}; charset=utf-8")
