"""Writing findings and talking about them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me, Role, desk_page
from public.review import rules
from public.review.forms import FindingForm
from public.review.models import Angle, Finding
from public.review.queries import board as boards
from public.review.services import findings
from public.review.views import judging, shown


@require_POST
@desk_page(Role.REVIEWER)
def pin(request: HttpRequest, me: Me, version_id: int, angle: str) -> HttpResponse:
    """Write a finding to the angle that one reviews."""
    submission = boards.newest(version_id)
    if angle not in Angle.values or submission is None:
        raise DomainError("not_found", _("没有这个审核方面。请从我的审核重新进入。"), status=404)
    form = FindingForm(request.POST, lessons=submission.content["lessons"])
    if form.is_valid():
        try:
            _pin(form, version_id, angle, me)
        except DomainError as error:
            if not judging.refused(form, error):
                raise
        else:
            messages.success(request, _("意见已记录。"))
            return redirect(reverse("desk-judge", args=[version_id, angle]) + "#findings")
    return judging.show(request, me, version_id, angle, finding_form=form, status=422)


def _pin(form: FindingForm, version_id: int, angle: str, me: Me) -> None:
    data = form.cleaned_data
    at_ms = rules.milliseconds(data["at"]) if data["place"] == Finding.Place.SECOND else None
    where = findings.Pin(data["place"], data["lesson"], at_ms, data["page"], data["question"])
    findings.pin(
        version_id=version_id, angle=angle, where=where, severity=data["severity"], text=data["text"], me=me, at=clock.now()
    )


@require_POST
@desk_page(Role.AUTHOR, Role.REVIEWER)
def say(request: HttpRequest, me: Me, finding_id: int, act: str) -> HttpResponse:
    """Answer a finding (author), resolve or reopen it (reviewer of its angle)."""
    row = boards.finding(finding_id)
    acts = {"answer": findings.answer, "resolve": findings.resolve, "reopen": findings.reopen}
    if row is None or act not in acts:
        raise DomainError("not_found", _("没有找到这条意见。请刷新页面。"), status=404)
    try:
        acts[act](finding_id=finding_id, text=request.POST.get("text", "")[:500], me=me, at=clock.now())
    except DomainError as error:
        if error.details.get("field") != "text":
            raise
        messages.error(request, error.message)
    else:
        messages.success(request, _("已保存。"))
    return shown.back(request, reverse("desk-course", args=[row.version_id]))
