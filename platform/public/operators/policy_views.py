"""Pages of the security policy: networks of administrators, clearances of roles. Asked by the security administrator, decided by the system's."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import changes, policies
from public.operators.admin_forms import ClearanceForm, NetworksForm, ReasonForm
from public.operators.desk import Me, Role, desk_page, frame
from public.operators.models import ADMINISTRATORS, OperatorChange
from tenants.addresses import client_ip

Kind = OperatorChange.Kind


@require_GET
@desk_page(*ADMINISTRATORS)
def page(request: HttpRequest, me: Me) -> HttpResponse:
    """Show the policy that holds and, to the security administrator, the forms to change it."""
    return _page(request, me)


def _page(
    request: HttpRequest,
    me: Me,
    *,
    networks: NetworksForm | None = None,
    clearance: ClearanceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    held = policies.chosen_networks()
    may_ask = me.role == Role.SECURITY
    context = {
        "page_title": _("安全策略"),
        "networks": held,
        "my_ip": client_ip(request),
        "clearances": [(Role(role).label, label.words) for role, label in policies.clearances()],
        "networks_form": (networks or NetworksForm(initial={"networks": "\n".join(held)}, prefix="networks"))
        if may_ask
        else None,
        "clearance_form": (clearance or ClearanceForm(prefix="clearance")) if may_ask else None,
    }
    return render(request, "desk/policies.html", {**frame(request, me, "desk-policies"), **context}, status=status)


def _asked(request: HttpRequest, me: Me, form: ReasonForm, kind: str, wanted: dict[str, object]) -> HttpResponse | DomainError:
    """Ask; the refusal comes back for the form to show."""
    try:
        made = changes.ask(
            kind=kind,
            subject=None,
            wanted=wanted,
            reason=form.cleaned_data["reason"],
            me=me,
            at=clock.now(),
            ip=client_ip(request),
        )
    except DomainError as error:
        field = error.details.get("field")
        form.add_error(field if field in form.fields else None, str(error.message))
        return error
    messages.success(request, _("申请已提交，等待系统管理员审批。"))
    return redirect("desk-change", made.uuid)


@require_POST
@desk_page(Role.SECURITY)
def networks(request: HttpRequest, me: Me) -> HttpResponse:
    """Ask for another list of networks."""
    form = NetworksForm(request.POST, prefix="networks")
    if not form.is_valid():
        return _page(request, me, networks=form, status=422)
    answer = _asked(request, me, form, Kind.NETWORKS, {"networks": form.lines()})
    return _page(request, me, networks=form, status=answer.status) if isinstance(answer, DomainError) else answer


@require_POST
@desk_page(Role.SECURITY)
def clearance(request: HttpRequest, me: Me) -> HttpResponse:
    """Ask for another clearance of a role."""
    form = ClearanceForm(request.POST, prefix="clearance")
    if not form.is_valid():
        return _page(request, me, clearance=form, status=422)
    answer = _asked(request, me, form, Kind.CLEARANCE, {"role": form.cleaned_data["role"], "label": form.code()})
    return _page(request, me, clearance=form, status=answer.status) if isinstance(answer, DomainError) else answer
