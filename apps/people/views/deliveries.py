"""The manager's pages of what leaves the house: deliveries, settings, robots."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import access
from apps.people.models import Delivery, Robot
from apps.people.notify import choosing, delivering, desk, kinds, robots
from apps.people.permissions import Permission
from apps.people.ports import MAILER
from apps.people.views.people import by, download, number
from infra.kit import clock, marking, sheets
from infra.kit.errors import DomainError
from public.audit import api as audit
from tenants.addresses import client_ip

PAGE = 50
MOST_AT_ONCE = 200
COLUMNS = (kinds.SMS, kinds.MAIL, kinds.ROBOT)


@require_GET
@access.manager_page(Permission.MANAGE)
def listing(request: HttpRequest) -> HttpResponse:
    """List deliveries; filters live in the address, ``export=xlsx`` gives what is listed as a file."""
    get = request.GET
    chosen = {"text": get.get("q", "")[:60], **{key: get.get(key, "")[:40] for key in ("state", "channel", "kind")}}
    rows = desk.listing(**chosen)
    if get.get("export") == "xlsx":
        return _export(request, list(desk.exported(rows)))
    page = Paginator(rows, PAGE).get_page(get.get("page"))
    values = {
        "page": page,
        "lines": [desk.line(row) for row in page],
        "figures": desk.figures(at=clock.now()),
        "states": Delivery.State.choices,
        "channels": Delivery.Channel.choices,
        "kinds": [(kind.name, kinds.label_of(kind)) for kind in kinds.kinds()],
        "chosen": chosen,
        "is_narrowed": any(chosen.values()),
        "robots": Robot.objects.order_by("name", "pk"),
    }
    return render(request, "people/notices/deliveries.html", values)


@require_POST
@access.manager_page(Permission.MANAGE)
def resend(request: HttpRequest) -> HttpResponse:
    """Try the chosen deliveries again (``ids`` of uuids)."""
    asked = [_uuid(value) for value in request.POST.getlist("ids")[:MOST_AT_ONCE]]
    done = delivering.resend(delivery_ids=desk.ids_of(asked), at=clock.now())
    _log(request, "people.notices_resent", "deliveries", count=done)
    if done:
        messages.success(request, _("已重新排入发送：%(n)d 条。") % {"n": done})
    else:
        messages.info(request, _("所选消息已发出或正在发送，没有需要重发的。"))
    return redirect("console-deliveries")


@require_POST
@access.manager_page(Permission.MANAGE)
def test(request: HttpRequest) -> HttpResponse:
    """Send a test message to oneself or through a robot."""
    channel, _sep, robot = request.POST.get("channel", "").partition(":")
    at, me = clock.now(), access.manager_of(request).id
    desk.send_test(manager_id=me, channel=channel, robot_id=number(robot, 0) or None, at=at)
    messages.success(request, _("测试消息已排入发送，结果会显示在列表第一行。"))
    return redirect("console-deliveries")


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SettingsForm(forms.Form):
    """Quiet hours, digest and limit of the enterprise."""

    quiet_from = forms.TimeField(label=gettext_lazy("免打扰开始"), widget=_clock())
    quiet_to = forms.TimeField(
        label=gettext_lazy("免打扰结束"),
        help_text=gettext_lazy("按北京时间。其间只发紧急消息，其余等结束后再发；两个时间相同表示不设免打扰。"),
        widget=_clock(),
    )
    digest = forms.BooleanField(
        label=gettext_lazy("全员每日汇总"),
        required=False,
        help_text=gettext_lazy("短信、邮件和群机器人每天合并成一条；紧急消息仍立即发送。"),
    )
    digest_at = forms.TimeField(label=gettext_lazy("汇总时间"), widget=_clock())
    sms_per_day = forms.IntegerField(
        label=gettext_lazy("每天短信上限"),
        min_value=0,
        max_value=choosing.MOST_SMS,
        help_text=gettext_lazy("按条计费：70 个字以内算 1 条。超出的等到第二天；填 0 表示不发短信。登录验证码不计在内。"),
    )


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.MANAGE)
def settings(request: HttpRequest) -> HttpResponseBase:
    """Show and keep what the enterprise has chosen."""
    known = choosing.settings_of()
    names = ("quiet_from", "quiet_to", "digest", "digest_at", "sms_per_day")
    form = SettingsForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(known, name) for name in names}
    )
    if form.is_valid():
        choosing.save_settings(**form.cleaned_data, on=request.POST.getlist("on"), **by(request))
        messages.success(request, _("消息设置已保存。"))
        return redirect("console-notice-settings")
    off = known.off if request.method == "GET" else None
    values = {
        "form": form,
        "rows": [_row(kind, off, request.POST.getlist("on")) for kind in kinds.free_first()],
        "robots": Robot.objects.order_by("name", "pk"),
        "mail_ready": MAILER.get().is_ready,
    }
    return render(request, "people/notices/settings.html", values, status=422 if form.errors else 200)


def _row(kind: kinds.Kind, off: list[str] | None, on: list[str]) -> dict[str, Any]:
    cells: list[dict[str, Any] | None] = []
    for channel in COLUMNS:
        entry = f"{kind.name}/{channel}"
        is_on = bool(kind.must) or (entry not in off if off is not None else entry in on)
        cells.append(
            {"entry": entry, "on": is_on, "free": not kind.must, "channel": channel} if channel in kind.channels else None
        )
    return {"label": kinds.label_of(kind), "must": kind.must, "cells": cells}


class RobotForm(forms.Form):
    """One robot of a group chat."""

    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=40,
        error_messages={"required": gettext_lazy("请给群机器人起个名字，例如 安全生产群。")},
    )
    vendor = forms.ChoiceField(label=gettext_lazy("平台"), choices=Robot.Vendor.choices)
    address = forms.CharField(label=gettext_lazy("Webhook 地址"), max_length=500, required=False)
    secret = forms.CharField(
        label=gettext_lazy("加签密钥"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("钉钉机器人的安全设置选择“加签”时填写，以 SEC 开头。企业微信不用填。"),
    )
    is_on = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("发送到这个群的消息"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, is_new: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["kinds"].choices = [(kind.name, kinds.label_of(kind)) for kind in robots.postable()]  # type: ignore[attr-defined]
        words = (
            _("在群里添加机器人后复制，地址里的密钥只加密保存。")
            if is_new
            else _("不更换就留空。地址里的密钥已加密保存，不再显示。")
        )
        self.fields["address"].help_text, self.fields["address"].required = words, is_new
        self.fields["address"].error_messages["required"] = _("请粘贴完整地址，在群里添加机器人后可以复制。")
        if not is_new:
            del self.fields["vendor"]


@require_http_methods(["GET", "POST"])
@access.manager_page(Permission.MANAGE)
def robot(request: HttpRequest, robot: int | None = None) -> HttpResponseBase:
    """Add a robot, or change one."""
    row = robots.robot(robot) if robot is not None else None
    known = {"name": row.name, "is_on": row.is_on, "kinds": row.kinds} if row else {"kinds": [k.name for k in robots.postable()]}
    form = RobotForm(request.POST if request.method == "POST" else None, initial=known, is_new=row is None)
    if form.is_valid():
        said = {"vendor": "", **form.cleaned_data}
        chosen = said.pop("kinds")
        try:
            robots.save(robot_id=robot, chosen=chosen, **said, **by(request))
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("群机器人已保存。请发一条测试消息，确认群里能收到。"))
            return redirect("console-notice-settings")
    values = {"form": form, "row": row, "has_secret": bool(row and row.secret_sealed)}
    return render(request, "people/notices/robot.html", values, status=422 if form.errors else 200)


@require_POST
@access.manager_page(Permission.MANAGE)
def remove_robot(request: HttpRequest, robot: int) -> HttpResponse:
    """Forget a robot."""
    robots.remove(robot_id=robot, **by(request))
    messages.success(request, _("群机器人已删除，密钥已清除。"))
    return redirect("console-notice-settings")


def _export(request: HttpRequest, lines: list[list[str]]) -> HttpResponse:
    heads = [
        _("接收人"),
        _("通道"),
        _("类别"),
        _("标题"),
        _("状态"),
        _("原因"),
        _("怎么办"),
        _("生成时间"),
        _("发出时间"),
        _("次数"),
    ]
    _log(request, "people.deliveries_exported", "deliveries", count=len(lines))
    return download(sheets.xlsx_file(_("消息发送记录"), heads, lines, label=marking.PERSONS), _("消息发送记录"))


def _log(request: HttpRequest, action: str, target: str, **facts: Any) -> None:
    who = f"manager:{access.manager_of(request).id}"
    audit.record(action, actor=who, target=target, at=clock.now(), ip=client_ip(request), **facts)


def _uuid(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise DomainError("not_found", _("没有找到这条发送记录，请刷新列表后再试。"), status=404) from error
