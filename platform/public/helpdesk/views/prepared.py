"""What the desk prepares: ready answers and promised hours. Operations only."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.helpdesk import canned as ready
from public.helpdesk import promises
from public.helpdesk.forms import CannedForm, PromiseForm
from public.helpdesk.models import Canned
from public.helpdesk.views.desk import ROLE, desk_of, put
from public.operators import api as operators


@require_http_methods(["GET", "POST"])
@operators.desk_page(ROLE)
def canned(request: HttpRequest, me: operators.Me, canned: int | None = None) -> HttpResponse:
    """List ready answers; write one, change the one that is named."""
    row = Canned.objects.filter(pk=canned, is_retired=False).first() if canned is not None else None
    if canned is not None and row is None:
        raise DomainError("not_found", _("这条常用答复已停用，请刷新页面。"), status=404)
    form = CannedForm(request.POST or None, initial={"title": row.title, "text": row.text} if row else None)
    if form.is_valid():
        try:
            ready.save(**form.cleaned_data, desk=desk_of(request, me), canned=canned)
        except DomainError as refusal:
            if refusal.code == "forbidden":
                raise
            put(form, refusal)
        else:
            messages.success(request, _("已保存。"))
            return redirect("desk-help-canned")
    values = {"page_title": _("常用答复"), "rows": ready.ready(), "form": form, "row": row}
    frame = operators.frame(request, me, "desk-help")
    return render(request, "helpdesk/desk/canned.html", {**frame, **values}, status=422 if form.errors else 200)


@require_POST
@operators.desk_page(ROLE)
def retire_canned(request: HttpRequest, me: operators.Me, canned: int) -> HttpResponse:
    """Take a ready answer out of use."""
    ready.retire(canned=canned, desk=desk_of(request, me))
    messages.success(request, _("已停用。"))
    return redirect("desk-help-canned")


@require_http_methods(["GET", "POST"])
@operators.desk_page(ROLE)
def times(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List promised hours and take another row."""
    form = PromiseForm(request.POST or None)
    if form.is_valid():
        try:
            made = promises.publish(**form.cleaned_data, desk=desk_of(request, me))
        except DomainError as refusal:
            if refusal.code == "forbidden":
                raise
            put(form, refusal)
        else:
            messages.success(request, _("已登记，%(day)s 生效。") % {"day": made.valid_from.isoformat()})
            return redirect("desk-help-times")
    today = clock.shanghai_date(clock.now())
    values = {"page_title": _("求助时限"), "form": form, "holding": promises.holding(today), "coming": promises.coming(today)}
    frame = operators.frame(request, me, "desk-help")
    return render(request, "helpdesk/desk/times.html", {**frame, **values}, status=422 if form.errors else 200)
