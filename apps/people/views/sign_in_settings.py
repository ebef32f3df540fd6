"""The owner's page of how people come in: the three other systems, each with its own application."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access
from apps.people.joining import ldap, sso
from apps.people.joining.models import SsoSetup
from apps.people.permissions import Permission
from apps.people.views.people import by
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

_LABELS: dict[str, dict[str, Any]] = {
    "WECOM": {"app_id": gettext_lazy("企业 ID（CorpID）"), "secret": gettext_lazy("应用 Secret"), "agent_id": "AgentId"},
    "DINGTALK": {
        "app_id": "Client ID（AppKey）",
        "secret": "Client Secret（AppSecret）",
        "corp_id": gettext_lazy("本企业的 CorpId"),
    },
    "FEISHU": {"app_id": "App ID", "secret": "App Secret"},
}
_STEPS: dict[str, list[Any]] = {
    "WECOM": [
        gettext_lazy("企业微信管理后台 → 应用管理 → 自建应用，记下企业 ID、AgentId、Secret。"),
        gettext_lazy("“企业微信授权登录”和“网页授权”的回调域名都填本站域名；“企业可信 IP”填本平台的出口地址。"),
        gettext_lazy("要按手机号自动认出学员，请在“成员敏感信息授权”里勾选手机号。"),
    ],
    "DINGTALK": [
        gettext_lazy("钉钉开发者后台 → 企业内部应用，记下 Client ID 和 Client Secret；CorpId 在后台首页。"),
        gettext_lazy("“安全设置”的重定向 URL 填下面的回调地址。"),
        gettext_lazy("“权限管理”开通“通讯录个人信息读权限”和“个人手机号信息”。"),
    ],
    "FEISHU": [
        gettext_lazy("飞书开发者后台 → 企业自建应用，记下 App ID 和 App Secret，并发布应用。"),
        gettext_lazy("“安全设置”的重定向 URL 填下面的回调地址。"),
        gettext_lazy("“权限管理”开通“获取用户手机号”。"),
    ],
}


class SsoForm(forms.Form):
    """The enterprise's application at another system."""

    app_id = forms.CharField(max_length=80)
    agent_id = forms.CharField(max_length=20, required=False)
    corp_id = forms.CharField(max_length=80, required=False)
    secret = forms.CharField(
        max_length=200, required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"}), strip=True
    )
    is_open = forms.BooleanField(label=gettext_lazy("在登录页显示"), required=False)

    def __init__(self, *args: Any, kind: str, has_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = _LABELS[kind]
        for name in ("agent_id", "corp_id"):
            if name not in labels:
                del self.fields[name]
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].required = name != "secret" or not has_secret
            self.fields[name].error_messages["required"] = _("请填写，在对方的管理后台可以看到。")
        self.fields["secret"].help_text = _("已保存，不再显示。不换就留空。") if has_secret else _("加密保存，保存后不再显示。")


class DirectoryForm(forms.Form):
    """The enterprise's own LDAP directory."""

    host = forms.CharField(
        label=gettext_lazy("服务器"), max_length=253, error_messages={"required": gettext_lazy("请填写服务器的域名。")}
    )
    port = forms.IntegerField(label=gettext_lazy("端口"), initial=636, help_text=gettext_lazy("LDAPS 636，StartTLS 389"))
    starts_tls = forms.BooleanField(label=gettext_lazy("用 StartTLS（否则端口直接是 LDAPS）"), required=False)
    base_dn = forms.CharField(
        label="Base DN",
        max_length=255,
        help_text="ou=people,dc=example,dc=cn",
        error_messages={"required": gettext_lazy("请填写 Base DN。")},
    )
    bind_dn = forms.CharField(
        label=gettext_lazy("查询账号（Bind DN）"), max_length=255, error_messages={"required": gettext_lazy("请填写查询账号。")}
    )
    secret = forms.CharField(
        label=gettext_lazy("查询账号的密码"), max_length=200, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    login_attribute = forms.CharField(
        label=gettext_lazy("登录名的属性"), max_length=40, initial="uid", help_text=gettext_lazy("AD 填 sAMAccountName")
    )
    mobile_attribute = forms.CharField(
        label=gettext_lazy("手机号的属性"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("例如 mobile；填了才能自动认出学员"),
    )
    ca_pem = forms.CharField(
        label=gettext_lazy("自签 CA 证书（PEM）"), max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("证书由公共机构签发的不用填"),
    )  # fmt: skip
    is_open = forms.BooleanField(label=gettext_lazy("在登录页显示"), required=False, initial=True)

    def __init__(self, *args: Any, has_secret: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["secret"].required = not has_secret
        self.fields["secret"].error_messages["required"] = _("请填写查询账号的密码。")


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.SIGN_IN_SET)
def directory(request: HttpRequest) -> HttpResponseBase:
    """Write down how the directory is reached."""
    row = ldap.setup()
    initial = {name: getattr(row, name) for name in DirectoryForm.base_fields if name != "secret"} if row else {}
    form = DirectoryForm(request.POST if request.method == "POST" else None, has_secret=row is not None, initial=initial)
    if form.is_valid():
        try:
            ldap.write(**form.cleaned_data, **by(request))
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            _log(request, "people.ldap_changed", "LDAP")
            messages.success(request, _("已保存。请点“测试连接”核对一遍。"))
            return redirect("console-sign-in-ldap")
    status = 422 if form.errors else 200
    return render(request, "people/joining/directory_form.html", {"form": form, "row": row}, status=status)


@require_POST
@access.manager_page(Permission.SIGN_IN_SET)
def test_directory(request: HttpRequest) -> HttpResponse:
    """Bind and search once."""
    try:
        found = ldap.test(at=clock.now())
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
    else:
        words = (
            _("连接正常，查得到人。")
            if found
            else _("连接正常，但一个人也查不到：请核对 Base DN、登录名的属性和查询账号的权限。")
        )
        (messages.success if found else messages.warning)(request, words)
    return redirect("console-sign-in-ldap")


@require_GET
@access.manager_page(Permission.SIGN_IN_SET)
def listing(request: HttpRequest) -> HttpResponse:
    """List the systems with how each stands."""
    known = sso.setups()
    rows = [(kind.lower(), label, known.get(kind)) for kind, label in SsoSetup.Kind.choices]
    return render(request, "people/joining/sign_in_settings.html", {"rows": rows, "directory": ldap.setup()})


@sensitive_post_parameters("secret")
@never_cache
@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.SIGN_IN_SET)
def edit(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Write down one application."""
    wanted = _kind(kind)
    row = sso.setups().get(wanted)
    initial = {name: getattr(row, name) for name in ("app_id", "agent_id", "corp_id", "is_open")} if row else {"is_open": True}
    form = SsoForm(request.POST if request.method == "POST" else None, kind=wanted, has_secret=row is not None, initial=initial)
    if form.is_valid():
        try:
            sso.write(kind=wanted, **{"agent_id": "", "corp_id": "", **form.cleaned_data}, **by(request))
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            _log(request, "people.sso_changed", wanted)
            messages.success(request, _("已保存。请点“测试连接”核对一遍。"))
            return redirect("console-sign-in-edit", kind)
    values = {"form": form, "row": row, "kind": kind, "label": SsoSetup.Kind(wanted).label, "steps": _STEPS[wanted],
              "callback": request.build_absolute_uri(reverse("sso-callback", args=[kind]))}  # fmt: skip
    return render(request, "people/joining/sso_form.html", values, status=422 if form.errors else 200)


@require_POST
@access.manager_page(Permission.SIGN_IN_SET)
def test(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask the other system whether id and secret are right."""
    try:
        sso.test(kind=_kind(kind), **by(request))
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("连接正常：对方系统接受了应用编号和密钥。"))
    return redirect("console-sign-in-edit", kind)


def _kind(kind: str) -> str:
    if kind.upper() not in SsoSetup.Kind.values or kind != kind.lower():
        raise DomainError("not_found", _("没有这种登录方式，请从列表重新进入。"), status=404)
    return kind.upper()


def _log(request: HttpRequest, action: str, kind: str) -> None:
    who = f"manager:{access.manager_of(request).id}"
    audit.record(action, actor=who, target=f"sso:{kind}", at=clock.now(), ip=client_ip(request))
