"""The page by which somebody takes over a new account."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import activation
from public.operators.admin_forms import ActivationForm
from tenants.addresses import client_ip


@never_cache
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest, uuid: UUID, token: str) -> HttpResponse:
    """Ask for the code and the own password."""
    person = activation.waiting(uuid, token)
    form, status = ActivationForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                activation.activate(
                    uuid=uuid,
                    token=token,
                    code_said=data["code"],
                    password=data["password"],
                    at=clock.now(),
                    ip=client_ip(request),
                )
            except DomainError as error:
                form.add_error(error.details.get("field"), str(error.message))
                status = error.status
            else:
                messages.success(request, _("密码已设置。请登录，并按提示绑定动态口令。"))
                return redirect("desk-sign-in")
    return render(request, "desk/activate.html", {"form": form, "person": person}, status=status)
