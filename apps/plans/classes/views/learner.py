"""The learner's side: my classes, and signing in and out with the code on the trainer's screen."""

from typing import Literal
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from apps.people import api as people
from apps.plans.classes import attending, queries, record
from apps.plans.classes.forms import on_field
from infra.kit import clock
from infra.kit.errors import DomainError
from tenants import limits
from tenants.addresses import client_ip

_TRIES = "12/minute"
"""A code is guessed with 2 in a million; a person mistypes a few times."""


class CodeForm(forms.Form):
    """The six digits on the trainer's screen."""

    code = forms.CharField(
        label=gettext_lazy("签到码"), max_length=6, error_messages={"required": gettext_lazy("请输入教师屏幕上的 6 位数字。")}
    )


def _learner(request: HttpRequest) -> people.LearnerView:
    found = people.profile(request).learner
    assert found is not None  # noqa: S101 - `learner_page` lets nobody else in
    return found


@require_GET
@people.learner_page
def own_classes(request: HttpRequest) -> HttpResponse:
    """Show a learner's classes, what comes first on top."""
    found = queries.own_classes(_learner(request).id, at=clock.now())
    values = {"classes": [(one, record.period(one.klass), queries.STATES[one.stands], _tone(one)) for one in found]}
    return render(request, "plans/classes/own.html", values)


@require_http_methods(["GET", "POST"])
@people.learner_page
def own_class(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show one class; sign in or out. The QR code leads here with ``?c=``, so that only a button is to be pressed."""
    learner, at = _learner(request), clock.now()
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"code": request.GET.get("c", "")[:6]})
    if form.is_valid():
        try:
            _sign(request, uuid, form.cleaned_data["code"])
        except DomainError as refusal:
            if refusal.status == 404:
                raise
            on_field(form, refusal)
        else:
            return redirect("learn-class", uuid)
    one = queries.own_class(attending.seat_of(uuid, learner.id), at=at)
    values = {
        "one": one,
        "form": form,
        "period": record.period(one.klass),
        "state": queries.STATES[one.stands],
        "tone": _tone(one),
    }
    response = render(request, "plans/classes/own_class.html", values, status=422 if form.errors else 200)
    people.remember_terminal(request, response)
    response["Cache-Control"] = "no-store"
    return response


def _sign(request: HttpRequest, uuid: UUID, code: str) -> None:
    learner = _learner(request)
    limits.spend(_TRIES, "class-code", str(learner.uuid))
    do: Literal["in", "out"] = "out" if request.POST.get("do") == "out" else "in"
    terminal, ip = people.require_terminal(request), client_ip(request)
    attending.sign(uuid=uuid, learner_id=learner.id, code=code, do=do, terminal=terminal, ip=ip, at=clock.now())
    messages.success(
        request, _("签退成功。学时确认后计入您的档案。") if do == "out" else _("签到成功。下课时请再扫码签退，否则不计学时。")
    )


def _tone(one: queries.OwnClass) -> str:
    return queries.TONES.get(one.stands, "neutral")
