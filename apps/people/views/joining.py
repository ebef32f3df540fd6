"""The console's pages of joining: links and posters, who waits, who wants another number."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access, queries
from apps.people.belonging import Units
from apps.people.joining import deciding, links, phones
from apps.people.joining.models import Decision, Invite
from apps.people.permissions import Permission
from apps.people.ports import POSTER, PosterFields
from apps.people.views.people import by, download
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

PER_PAGE = 50


class InviteForm(forms.Form):
    """Where those who register will belong, and how long and how often a link is good."""

    unit = forms.TypedChoiceField(label=gettext_lazy("登记到的部门"), required=False, coerce=int, empty_value=None)
    position = forms.CharField(label=gettext_lazy("岗位"), max_length=60, required=False)
    days = forms.IntegerField(
        label=gettext_lazy("有效天数"), initial=30, error_messages={"invalid": gettext_lazy("请填 1–365 的整数。")}
    )
    most = forms.IntegerField(
        label=gettext_lazy("人数上限"), required=False, help_text=gettext_lazy("不限就留空"),
        error_messages={"invalid": gettext_lazy("请填整数，不限就留空。")},
    )  # fmt: skip

    def __init__(self, *args: Any, within: Units, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = [("", _("（暂不分部门）"))] if within is None else [("", _("请选择"))]
        self.fields["unit"].required = within is not None
        self.fields["unit"].error_messages["required"] = _("请选择您管理的部门。")
        self.fields["unit"].choices = [*first, *queries.units(within=within)]  # type: ignore[attr-defined]


@require_GET
@access.manager_page(Permission.PEOPLE_ADMIT)
def invites(request: HttpRequest) -> HttpResponse:
    """List the links with how many came by each."""
    now = clock.now()
    page = Paginator(links.links(within=access.within(request)), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, links.state_of(row, at=now)) for row in page]
    return render(request, "people/joining/invites.html", {"rows": rows, "page": page, **_counts(request)})


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.PEOPLE_ADMIT)
def add_invite(request: HttpRequest) -> HttpResponseBase:
    """Make a link."""
    within = access.within(request)
    form = InviteForm(request.POST if request.method == "POST" else None, within=within)
    if form.is_valid():
        said = form.cleaned_data
        try:
            row = links.make(
                unit_id=said["unit"],
                position=said["position"],
                days=said["days"],
                most=said["most"],
                within=within,
                **by(request),
            )
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            _log(request, "people.invite_made", f"invite:{row.uuid}")
            return redirect("console-invite", row.uuid)
    return render(request, "people/joining/invite_form.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_GET
@access.manager_page(Permission.PEOPLE_ADMIT)
def invite(request: HttpRequest, invite: UUID) -> HttpResponse:
    """Show one link: address, QR code, poster, end."""
    row = links.one(invite, within=access.within(request))
    state = links.state_of(row, at=clock.now())
    values: dict[str, Any] = {"row": row, "state": state}
    if state == "open":
        url = _address(request, row)
        values |= {"url": url, "qr": mark_safe(POSTER.get().qr(url))}  # noqa: S308 - drawn by us from our own address
    return render(request, "people/joining/invite.html", values)


@require_GET
@access.manager_page(Permission.PEOPLE_ADMIT)
def poster(request: HttpRequest, invite: UUID) -> HttpResponse:
    """Download the poster of a link that is open.

    :raises DomainError: 410 ``invite_over``
    """
    row = links.one(invite, within=access.within(request))
    if links.state_of(row, at=clock.now()) != "open":
        raise DomainError("invite_over", _("这个邀请已失效，请新建一个再打印海报。"), status=410)
    fields = PosterFields(
        enterprise=request.enterprise.name,  # type: ignore[attr-defined]
        unit=row.unit.name if row.unit else "",
        position=row.position,
        url=_address(request, row),
        until=clock.shanghai_date(row.expires_at).isoformat(),
        most=row.most,
        support=_support(),
    )
    name = "-".join(filter(None, [_("登记海报"), fields.unit]))
    return download(POSTER.get().poster(fields), name, "pdf", "application/pdf")


@require_POST
@access.manager_page(Permission.PEOPLE_ADMIT)
def end_invite(request: HttpRequest, invite: UUID) -> HttpResponse:
    """Make a link worthless."""
    links.revoke(invite=invite, within=access.within(request), **by(request))
    _log(request, "people.invite_ended", f"invite:{invite}")
    messages.success(request, _("已停用，扫这个码的人不能再登记。等待审核的人不受影响。"))
    return redirect("console-invites")


@require_GET
@access.manager_page(Permission.PEOPLE_ADMIT)
def requests(request: HttpRequest) -> HttpResponse:
    """List those who wait, or those who were decided."""
    return _requests(request)


@require_POST
@access.manager_page(Permission.PEOPLE_ADMIT)
def decide(request: HttpRequest) -> HttpResponse:
    """Let in or refuse the chosen ones (``ids``), all or none."""
    chosen, within = _uuids(request.POST.getlist("ids")), access.within(request)
    do = request.POST.get("do")
    try:
        if not chosen or do not in {"approve", "reject"}:
            raise DomainError("nothing_chosen", _("请先勾选要处理的人。"))
        if do == "approve":
            done = deciding.approve(applications=chosen, within=within, **by(request))
            words = _("已通过 %(n)d 人，现在就可以登录学习，结果已发短信。")
        else:
            done = deciding.reject(applications=chosen, reason=request.POST.get("reason", ""), within=within, **by(request))
            words = _("已退回 %(n)d 人，结果会发短信告诉对方。")
    except DomainError as refusal:
        if refusal.code not in {"nothing_chosen", "reason_missing", "cannot_join", "too_many"}:
            raise
        return _requests(request, problem=str(refusal.message), chosen=chosen)
    for application in chosen:
        _log(request, f"people.application_{do}", f"application:{application}")
    messages.success(request, words % {"n": done})
    return redirect("console-requests")


@require_GET
@access.manager_page(Permission.PEOPLE_ADMIT)
def phone_changes(request: HttpRequest) -> HttpResponse:
    """List who wants another number."""
    return _phones(request)


@require_POST
@access.manager_page(Permission.PEOPLE_ADMIT)
def decide_phone(request: HttpRequest) -> HttpResponse:
    """Grant or refuse one wish."""
    chosen, do = _uuids(request.POST.getlist("ids")), request.POST.get("do")
    try:
        if not chosen or do not in {"approve", "reject"}:
            raise DomainError("nothing_chosen", _("请先选择要处理的申请。"))
        phones.decide(
            changes=chosen, approved=do == "approve", reason=request.POST.get("reason", ""), within=access.within(request),
            **by(request),
        )  # fmt: skip
    except DomainError as refusal:
        if refusal.code == "not_found":
            raise
        return _phones(request, problem=str(refusal.message))
    for change in chosen:
        _log(request, f"people.phone_{do}", f"phone-change:{change}")
    messages.success(request, _("已处理，对方会收到消息。"))
    return redirect("console-phones")


def _requests(request: HttpRequest, *, problem: str = "", chosen: Iterable[UUID] = ()) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in Decision.values else Decision.WAITING.value
    text = request.GET.get("q", "")[:60]
    found = deciding.queue(state=state, text=text, within=access.within(request))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "rows": [(row, *deciding.masked(row)) for row in page],
        "page": page,
        "state": state,
        "states": Decision.choices,
        "text": text,
        "problem": problem,
        "chosen": {str(one) for one in chosen},
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "people/joining/requests.html", values | _counts(request), status=422 if problem else 200)


def _phones(request: HttpRequest, *, problem: str = "") -> HttpResponse:
    page = Paginator(phones.queue(within=access.within(request)), PER_PAGE).get_page(request.GET.get("page"))
    values = {"rows": [(row, *phones.masked(row)) for row in page], "page": page, "problem": problem}
    return render(request, "people/joining/phones.html", values | _counts(request), status=422 if problem else 200)


def _counts(request: HttpRequest) -> dict[str, int]:
    """Return what the tabs show: how many wait here and there."""
    within = access.within(request)
    return {"n_requests": deciding.queue(within=within).count(), "n_phones": phones.queue(within=within).count()}


def _address(request: HttpRequest, row: Invite) -> str:
    return request.build_absolute_uri(reverse("join", args=[links.token_of(row.uuid)]))


def _support() -> str:
    from django.conf import settings

    return str(settings.SUPPORT_PHONE)


def _uuids(values: Iterable[str]) -> list[UUID]:
    try:
        return [UUID(value) for value in values]
    except ValueError as error:
        raise DomainError("not_found", _("有的登记没有找到，请刷新后再试。"), status=404) from error


def _log(request: HttpRequest, action: str, target: str) -> None:
    audit.record(action, actor=f"manager:{access.manager_of(request).id}", target=target, at=clock.now(), ip=client_ip(request))
