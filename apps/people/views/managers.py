"""The owner's page of managers: invite, change a role, remove."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, history, managing, queries
from apps.people.models import Change, Manager
from apps.people.permissions import Permission
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

ROLES = {
    Manager.Role.OWNER: gettext_lazy("全部功能，并可邀请、变更和移除管理人员"),
    Manager.Role.TRAINING: gettext_lazy("人员、计划、线下课、课程、复核和申诉；不能变更管理人员"),
    Manager.Role.UNIT: gettext_lazy("只看本部门和下级部门的人员、进度、学习监控和档案"),
    Manager.Role.TRAINER: gettext_lazy("编写课程、主持自己的线下课、查看计划进度；看不到人员名单和档案"),
    Manager.Role.AUDITOR: gettext_lazy("查看全部人员、计划、档案和变更记录；不能修改"),
}


class RoleForm(forms.Form):
    """A role, and the unit of a supervisor."""

    role = forms.ChoiceField(label=gettext_lazy("角色"), choices=Manager.Role.choices, initial=Manager.Role.TRAINING)
    unit = forms.TypedChoiceField(
        label=gettext_lazy("主管的部门"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=gettext_lazy("只有部门主管需要选"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("请选择")), *queries.units()]  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    """Whom to invite."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=60, error_messages={"required": gettext_lazy("请填写姓名。")})
    mobile = forms.CharField(
        label=gettext_lazy("手机号"),
        max_length=30,
        help_text=gettext_lazy("对方用这个号码收短信验证码登录"),
        error_messages={"required": gettext_lazy("请填写手机号。")},
    )
    field_order = ("name", "mobile", "role", "unit")


@require_GET
@access.manager_page(Permission.MANAGERS_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List the managers with what each role may do."""
    rows = [(row, Manager.Role(row.role).label, ROLES[Manager.Role(row.role)]) for row in managing.managers()]
    me = access.manager_of(request)
    return render(request, "people/managers.html", {"rows": rows, "me": me.id})


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.MANAGERS_CHANGE)
def invite(request: HttpRequest) -> HttpResponseBase:
    """Invite one manager."""
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = managing.invite(
                name=said["name"], mobile=said["mobile"], role=said["role"], unit_id=said["unit"], **_by(request)
            )
        except DomainError as refusal:
            _on_field(form, refusal)
        else:
            _log(request, "people.manager_invited", row, after=managing.facts(row))
            words = _("已邀请%(name)s。请告诉对方：打开 %(host)s，用手机号和短信验证码登录。")
            messages.success(request, words % {"name": row.name, "host": request.get_host()})
            return redirect("console-managers")
    return _page(request, form, _("邀请管理人员"))


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.MANAGERS_SEE, post=Permission.MANAGERS_CHANGE)
def edit(request: HttpRequest, manager: int) -> HttpResponseBase:
    """Show one manager with what was changed; change the role."""
    row = managing.manager(manager)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": row.role, "unit": row.unit_id})
    if form.is_valid():
        said = form.cleaned_data
        try:
            was = managing.facts(row)
            row = managing.change_role(manager_id=manager, role=said["role"], unit_id=said["unit"], **_by(request))
        except DomainError as refusal:
            _on_field(form, refusal)
        else:
            _log(request, "people.manager_changed", row, before=was, after=managing.facts(row))
            messages.success(request, _("已保存，对方下一次打开页面时生效。"))
            return redirect("console-managers")
    return _page(request, form, row.name, row=row, changes=map(history.told, history.of(Change.Kind.MANAGER, row.pk)[:20]))


@require_POST
@access.manager_page(Permission.MANAGERS_CHANGE)
def remove(request: HttpRequest, manager: int) -> HttpResponseBase:
    """Remove one manager."""
    row = managing.manager(manager)
    try:
        managing.remove(manager_id=manager, **_by(request))
    except DomainError as refusal:
        if refusal.code != "last_owner":
            raise
        messages.error(request, str(refusal.message))
        return redirect("console-managers-edit", manager)
    _log(request, "people.manager_removed", row, before=managing.facts(row))
    messages.success(request, _("已移除%(name)s的管理权限。") % {"name": row.name})
    return redirect("console-managers")


def _by(request: HttpRequest) -> dict[str, Any]:
    return {"by": access.manager_of(request).id, "at": clock.now()}


def _log(request: HttpRequest, action: str, row: Manager, **sides: dict[str, str]) -> None:
    """Write down who was given, or lost, which rights; never the name."""
    who = f"manager:{access.manager_of(request).id}"
    said: dict[str, Any] = {side: {key: value for key, value in facts.items() if key != "name"} for side, facts in sides.items()}
    audit.record(action, actor=who, target=f"manager:{row.pk}", at=clock.now(), ip=client_ip(request), **said)


def _on_field(form: forms.Form, refusal: DomainError) -> None:
    field = refusal.details.get("field")
    form.add_error(field if field in form.fields else None, str(refusal.message))


def _page(request: HttpRequest, form: RoleForm, title: str, **values: Any) -> HttpResponse:
    values |= {
        "form": form,
        "title": title,
        "roles": [(label, ROLES[Manager.Role(value)]) for value, label in Manager.Role.choices],
    }
    return render(request, "people/manager_form.html", values, status=422 if form.errors else 200)
