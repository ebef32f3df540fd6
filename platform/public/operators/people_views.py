"""Pages of the three administrators about accounts. System and security administrators act, the auditor looks on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators import activation, changes, people
from public.operators.admin_forms import OpenForm, ReasonForm, RoleForm
from public.operators.desk import Me, Role, desk_page, frame
from public.operators.models import ADMINISTRATORS, Operator, OperatorChange
from tenants.addresses import client_ip

Kind = OperatorChange.Kind


@require_GET
@desk_page(*ADMINISTRATORS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List accounts; every filter lives in the address."""
    get = request.GET
    rows = people.listing(search=get.get("q", ""), role=get.get("role", ""), state=get.get("state", ""), sort=get.get("sort", ""))
    context = {
        "page_title": _("平台人员"),
        "page": people.page(rows, get.get("page", "1")),
        "roles": Operator.Role.choices,
        "chosen": get,
        "thin": people.thin_offices(),
        "may_open": me.role == Role.SYSTEM,
    }
    return render(request, "desk/people.html", {**frame(request, me, "desk-people"), **context})


@require_http_methods(["GET", "POST"])
@desk_page(Role.SYSTEM)
def new(request: HttpRequest, me: Me) -> HttpResponse:
    """Ask for a new account."""
    form, status = OpenForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            data = form.cleaned_data
            try:
                made = changes.ask_open(
                    login=data["login"],
                    name=data["name"],
                    role=data["role"],
                    identity_number=data["identity"],
                    reason=data["reason"],
                    me=me,
                    at=clock.now(),
                    ip=client_ip(request),
                )
            except DomainError as error:
                form.add_error(error.details.get("field"), str(error.message))
                status = error.status
            else:
                messages.success(request, _("申请已提交，等待安全保密管理员审批。"))
                return redirect("desk-change", made.uuid)
    context = {"page_title": _("开设账号"), "form": form}
    return render(request, "desk/person_new.html", {**frame(request, me, "desk-people"), **context}, status=status)


@require_GET
@desk_page(*ADMINISTRATORS)
def detail(request: HttpRequest, me: Me, credential_id: int) -> HttpResponse:
    """Show one account: what it is on the left, what can be asked on the right."""
    return _detail(request, me, credential_id)


def _detail(
    request: HttpRequest, me: Me, credential_id: int, *, form: ReasonForm | None = None, kind: str = "", status: int = 200
) -> HttpResponse:
    row = changes.operator(credential_id)
    others = row.credential_id != me.credential_id
    asks = changes.ASKS.get(me.role, frozenset()) if others else frozenset()
    is_active = row.credential.is_active
    is_administrator = row.role in ADMINISTRATORS
    context = {
        "page_title": row.credential.name,
        "row": row,
        "is_me": not others,
        "is_waiting": activation.is_waiting(row.credential),
        "activation": _activation(request, me, row),
        "history": [{"at": one.at, "title": one.title, "text": one.text, "tone": one.tone} for one in people.history(row)],
        "role_form": (form if kind == Kind.ROLE else RoleForm()) if Kind.ROLE in asks and is_active else None,
        "reset_form": (form if kind == Kind.RESET else ReasonForm(prefix="reset")) if Kind.RESET in asks and is_active else None,
        "unblock_form": (form if kind == Kind.UNBLOCK else ReasonForm(prefix="unblock"))
        if Kind.UNBLOCK in asks and not is_active
        else None,
        "block_form": (form if kind == Kind.BLOCK else ReasonForm(prefix="block")) if Kind.BLOCK in asks and is_active else None,
        "block_needs_two": is_administrator,
    }
    return render(request, "desk/person.html", {**frame(request, me, "desk-people"), **context}, status=status)


def _activation(request: HttpRequest, me: Me, row: Operator) -> dict[str, str]:
    """Return the half of an activation that this office hands over: the link, or the code."""
    if row.credential_id == me.credential_id or not activation.is_waiting(row.credential):
        return {}
    if me.role == Role.SYSTEM:
        return {"link": request.build_absolute_uri(activation.link(row.credential))}
    return {"code": activation.code(row.credential)} if me.role == Role.SECURITY else {}


_FORMS: dict[str, tuple[type[ReasonForm], str]] = {
    Kind.ROLE: (RoleForm, ""),
    Kind.RESET: (ReasonForm, "reset"),
    Kind.UNBLOCK: (ReasonForm, "unblock"),
    Kind.BLOCK: (ReasonForm, "block"),
}


@require_POST
@desk_page(Role.SYSTEM, Role.SECURITY)
def ask(request: HttpRequest, me: Me, credential_id: int, kind: str) -> HttpResponse:
    """Ask for a change of one account; an ordinary operator is blocked at once."""
    if kind not in _FORMS:
        raise DomainError("not_found", _("没有找到这项操作。"), status=404)
    kind_of_form, prefix = _FORMS[kind]
    form = kind_of_form(request.POST, prefix=prefix or None)
    if not form.is_valid():
        return _detail(request, me, credential_id, form=form, kind=kind, status=422)
    wanted = {"role": form.cleaned_data["role"]} if kind == Kind.ROLE else {}
    reason, at, ip = form.cleaned_data["reason"], clock.now(), client_ip(request)
    try:
        if kind == Kind.BLOCK and changes.operator(credential_id).role not in ADMINISTRATORS:
            changes.block(credential_id=credential_id, reason=reason, me=me, at=at, ip=ip)
            messages.success(request, _("账号已停用，此人已被登出。"))
            return redirect("desk-person", credential_id)
        made = changes.ask(kind=kind, subject=credential_id, wanted=wanted, reason=reason, me=me, at=at, ip=ip)
    except DomainError as error:
        field = error.details.get("field")
        form.add_error(field if field in form.fields else None, str(error.message))
        return _detail(request, me, credential_id, form=form, kind=kind, status=error.status)
    messages.success(request, _("申请已提交，等待另一岗位的管理员审批。"))
    return redirect("desk-change", made.uuid)
