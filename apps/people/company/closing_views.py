"""Console pages of closing an enterprise, and of taking that back; the owner's alone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.people import access, queries
from apps.people.company.forms import ClosingForm, UndoForm, on_field
from apps.people.company.views import by, site_id
from apps.people.permissions import Permission
from apps.records.retention import api as retention
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from public.lifecycle import api as lifecycle
from tenants import limits
from tenants.api import current_site, platform_scope

PASSWORD_TRIES = "5/15 minutes"  # noqa: S105 - a rate


def taken_export() -> retention.Order | None:
    """Return the newest package of everything that somebody has really taken along within the week, or None."""
    since = clock.now() - lifecycle.EXPORT_FRESH
    taken = {target.removeprefix("order:") for _at, target in audit.latest("retention.export_taken", since=since)}
    rows = retention.orders(retention.Order.Kind.EXPORT).filter(uuid__in=taken)
    return rows.exclude(sha256="").first() if taken else None


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.COMPANY_CLOSE)
def closing(request: HttpRequest) -> HttpResponse:
    """Say what closing means, and begin it; while it runs, take it back."""
    site, export = current_site(), taken_export()
    if site.status in {"CLOSING", "CLOSED"}:
        return redirect("console-company")
    posted = request.POST if request.method == "POST" else None
    form = ClosingForm(posted, expected=site.name, has_export=export is not None)
    if form.is_valid():
        try:
            _check_password(request, form.cleaned_data["password"])
            with platform_scope():
                lifecycle.ask_to_close(
                    enterprise_id=site.id, reason=form.cleaned_data["reason"], export=export.uuid if export else None,
                    sha256=export.sha256 if export else "", by=by(request),
                )  # fmt: skip
        except DomainError as refusal:
            on_field(form, refusal)
        else:
            messages.success(request, _("已开始注销。撤销期内随时可以在这里撤销。"))
            return redirect("console-company")
    values = {
        "form": form,
        "export": export,
        "learners": queries.count_learners(),
        "grace_days": lifecycle.GRACE.days,
        "kept_until": _kept_until(),
        "page_title": _("注销企业"),
    }
    return render(request, "people/company/closing.html", values, status=422 if form.errors else 200)


def _kept_until() -> object:
    with platform_scope():
        return lifecycle.kept_until_of(clock.shanghai_date(clock.now() + lifecycle.GRACE))


def _check_password(request: HttpRequest, password: str) -> None:
    credential = access.profile(request).credential
    limits.spend(PASSWORD_TRIES, "closing-password", str(credential.pk if credential else 0), current_site().schema_name)
    if credential is None or not credential.check_password(password):
        words = _("密码不正确。没有设置过密码的话，请先在“我的”里设置。")
        raise DomainError("password_wrong", words, status=422, field="password")


@require_POST
@access.manager_page(Permission.COMPANY_CLOSE)
def undo(request: HttpRequest) -> HttpResponse:
    """Take the closing back."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise DomainError("words_missing", _("请写明为什么撤销注销（至少 4 个字）。"), status=422)
    with platform_scope():
        lifecycle.undo_closing(enterprise_id=site_id(request), reason=form.cleaned_data["reason"], who=by(request))
    messages.success(request, _("已撤销注销，企业恢复到注销前的状态。"))
    return redirect("console-company")
