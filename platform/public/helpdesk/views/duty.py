"""The roster: who is on duty, shifts and gaps, handing over. Operations only."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.helpdesk import roster
from public.helpdesk.forms import HandoverForm, ShiftForm
from public.helpdesk.views.desk import ROLE, desk_of, put
from public.operators import api as operators


@require_http_methods(["GET", "POST"])
@operators.desk_page(ROLE)
def duty(request: HttpRequest, me: operators.Me) -> HttpResponse:
    """Show who is on duty and the coming two weeks with their gaps; arrange shifts, hand over."""
    people = [(one.credential_id, one.name) for one in operators.colleagues(ROLE)]
    others = [one for one in people if one[0] != me.credential_id]
    at, what = clock.now(), request.POST.get("what", "")
    following = roster.next_on_duty(at, besides=me.credential_id)
    shift = ShiftForm(
        request.POST if what == "shift" else None,
        people=people,
        initial={"day": clock.shanghai_date(at), "person": me.credential_id},
    )
    over = HandoverForm(
        request.POST if what == "over" else None, people=others, initial={"to": following.credential_id if following else None}
    )
    form = {"shift": shift, "over": over}.get(what)
    if form is not None and form.is_valid():
        try:
            said = _arrange(request, me, shift) if what == "shift" else _hand_over(request, me, over)
        except DomainError as refusal:
            if refusal.code == "forbidden":
                raise
            put(form, refusal)
        else:
            messages.success(request, said)
            return redirect("desk-help-duty")
    names = dict(people)
    values = {
        "page_title": _("值班表"), "now": roster.on_duty(at), "plan": roster.plan(at=at), "shift_form": shift, "over_form": over,
        "others": others, "waiting": [(one, names.get(one.from_id, "")) for one in roster.waiting_for(me.credential_id)],
        "recent": [(one, names.get(one.from_id, ""), names.get(one.to_id, "")) for one in roster.recent()],
    }  # fmt: skip
    status = 422 if shift.errors or over.errors else 200
    return render(request, "helpdesk/desk/duty.html", {**operators.frame(request, me, "desk-help"), **values}, status=status)


def _arrange(request: HttpRequest, me: operators.Me, form: ShiftForm) -> str:
    got = form.cleaned_data
    starts_at = datetime.combine(got["day"], got["starts"], clock.SHANGHAI)
    made = roster.arrange(
        person=got["person"], starts_at=starts_at, hours=got["hours"], days=got["days"], desk=desk_of(request, me)
    )
    return _("已排 %(n)d 个班次。") % {"n": made}


def _hand_over(request: HttpRequest, me: operators.Me, form: HandoverForm) -> str:
    roster.hand_over(to=form.cleaned_data["to"], note=form.cleaned_data["note"], desk=desk_of(request, me))
    return _("已交班，等同事接班。")


@require_POST
@operators.desk_page(ROLE)
def take_over(request: HttpRequest, me: operators.Me, handover: int) -> HttpResponse:
    """Take what a colleague left."""
    moved = roster.take_over(handover=handover, desk=desk_of(request, me))
    messages.success(request, _("已接班，接手 %(n)d 件求助。") % {"n": moved})
    return redirect("desk-help-duty")


@require_POST
@operators.desk_page(ROLE)
def remove_shift(request: HttpRequest, me: operators.Me, shift: int) -> HttpResponse:
    """Take a shift out."""
    roster.remove(shift=shift, desk=desk_of(request, me))
    messages.success(request, _("已移除班次。"))
    return redirect("desk-help-duty")
