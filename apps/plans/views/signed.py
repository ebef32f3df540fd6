"""Sign-off for managers: who has not signed yet, who signed, and what learners hold against a record."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.people import api as people
from apps.plans.signing import queries, services
from apps.plans.signing.forms import AnswerForm
from infra.kit import clock
from infra.kit.errors import DomainError

PAGE = 25


@require_GET
@people.manager_page(people.Permission.ARCHIVE_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List finished trainings by their signature; every filter lives in the address."""
    get, within = request.GET, people.within(request)
    asked = {"text": get.get("q", ""), "state": get.get("state", ""), "sort": get.get("sort", "")}
    page = Paginator(queries.listing(**asked, within=within), PAGE).get_page(get.get("page"))
    told = queries.open_objections([row.pk for row in page])
    values = {
        "page": page,
        "lines": [(row, told.get(row.pk)) for row in page],
        "chosen": get,
        "counts": queries.counts(within=within),
    }
    return render(request, "plans/console_signing.html", values)


@require_POST
@people.manager_page(people.Permission.PLANS_CHANGE)
def remind(request: HttpRequest) -> HttpResponse:
    """Remind everybody who has not signed, now."""
    told = services.remind_now(within=people.within(request), at=clock.now())
    words = ngettext("已提醒：%(n)d 份记录等待签名。", "已提醒：%(n)d 份记录等待签名。", told) % {"n": told}
    messages.success(request, words if told else _("没有需要提醒的学员。"))
    return redirect("console-signing")


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.ARCHIVE_SEE, post=people.Permission.PLANS_CHANGE)
def objection(request: HttpRequest, objection: UUID) -> HttpResponse:
    """Show what a learner holds against a record, beside the record, and take the answer."""
    within, who = people.within(request), people.profile(request)
    row = queries.objection(objection, within=within)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    own = who.learner.id if who.learner else None
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.answer(
                objection=objection,
                words=form.cleaned_data["answer"],
                by=who.name,
                own_learner_id=own,
                within=within,
                at=clock.now(),
            )
            messages.success(request, _("答复已保存，学员可以看到。"))
            return redirect("console-objection", objection)
        except DomainError as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
    values = {
        "told": row,
        "learner": row.assignment.learner,
        "facts": row.assignment.certificate.body if row.assignment.certificate else {},
        "form": form,
        "is_mine": row.assignment.learner_id == own,
    }
    return render(request, "plans/console_objection.html", values, status=status)
