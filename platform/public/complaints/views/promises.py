"""The desk's page of promised times: which hold, which come, and publishing others."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from infra.kit import clock
from infra.kit.errors import DomainError
from public.complaints import promises
from public.complaints.forms import PromiseForm
from public.complaints.views.desk import desk_of
from public.operators import api as operators


@require_http_methods(["GET", "POST"])
@operators.desk_page(operators.Role.OPERATIONS)
def times(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """List the times and take another row."""
    form = PromiseForm(request.POST or None)
    if form.is_valid():
        try:
            made = promises.publish(**form.cleaned_data, desk=desk_of(request, me))
        except DomainError as refusal:
            field = refusal.details.get("field")
            form.add_error(field if field in form.fields else None, str(refusal.message))
        else:
            messages.success(request, _("已登记，%(day)s 生效。") % {"day": made.valid_from.isoformat()})
            return redirect("desk-complaint-times")
    today = clock.shanghai_date(clock.now())
    values = {"page_title": _("投诉时限"), "form": form, "holding": promises.holding(today), "coming": promises.coming(today)}
    frame = operators.frame(request, me, "desk-complaints")
    return render(request, "complaints/times.html", {**frame, **values}, status=422 if form.errors else 200)
