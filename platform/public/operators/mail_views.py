"""The own address for reminders, on the page of the own ways in: ask for a code, type it, take the address away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.desk import Me, Role, desk_page
from public.operators.forms import MailCodeForm, MailForm
from public.operators.notices import addresses
from public.operators.passkey_views import own_page
from tenants.addresses import client_ip

EVERYBODY = tuple(Role.values)


@require_POST
@desk_page(*EVERYBODY)
def ask(request: HttpRequest, me: Me) -> HttpResponse:
    """Send a code to an address."""
    form = MailForm(request.POST)
    if not form.is_valid():
        return own_page(request, me, mail_form=form, status=422)
    try:
        addresses.send_code(me=me, mail=form.cleaned_data["mail"], ip=client_ip(request))
    except DomainError as error:
        form.add_error("mail", str(error.message))
        return own_page(request, me, mail_form=form, status=error.status)
    messages.success(request, _("验证码已发出，请到邮箱中查看。"))
    return redirect("desk-security")


@require_POST
@desk_page(*EVERYBODY)
def confirm(request: HttpRequest, me: Me) -> HttpResponse:
    """Keep the address whose code is typed."""
    form = MailCodeForm(request.POST)
    if not form.is_valid():
        return own_page(request, me, mail_code_form=form, status=422)
    try:
        addresses.confirm(me=me, code=form.cleaned_data["code"], at=clock.now(), ip=client_ip(request))
    except DomainError as error:
        form.add_error("code", str(error.message))
        return own_page(request, me, mail_code_form=form, status=error.status)
    messages.success(request, _("邮箱已启用，工作提醒会同时发到这里。"))
    return redirect("desk-security")


@require_POST
@desk_page(*EVERYBODY)
def remove(request: HttpRequest, me: Me) -> HttpResponse:
    """Forget the address."""
    addresses.remove(me=me, at=clock.now(), ip=client_ip(request))
    messages.success(request, _("已移除邮箱，提醒只在工作台显示。"))
    return redirect("desk-security")
