"""The page on which a published version is judged again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.operators.api import Me, Role, desk_page, frame
from public.review import checklists, signing
from public.review.forms import OutcomeForm
from public.review.models import ReReview
from public.review.queries import board as boards
from public.review.queries import laws
from public.review.services import rereviews
from public.review.views import shown
from public.review.views.judging import refused


@require_http_methods(["GET", "POST"])
@desk_page(Role.REVIEWER, Role.OPERATIONS)
def page(request: HttpRequest, me: Me, rereview_id: int) -> HttpResponse:
    """Show a re-review; take its signed outcome from a reviewer."""
    row = boards.rereview(rereview_id)
    if row is None:
        raise DomainError("not_found", _("没有找到这项复审。请刷新页面。"), status=404)
    if request.method == "GET" or me.role != Role.REVIEWER:
        return _show(request, me, row, OutcomeForm(angle=checklists.REREVIEW))
    form = OutcomeForm(request.POST, angle=checklists.REREVIEW)
    if not form.is_valid():
        return _show(request, me, row, form, status=422)
    outcome, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
    try:
        rereviews.conclude(rereview_id=rereview_id, outcome=outcome, note=note, checks=form.checks, me=me, at=clock.now())
    except DomainError as error:
        if not refused(form, error):
            raise
        return _show(request, me, row, form, status=422)
    messages.success(request, _("结论已签署。"))
    return redirect("desk-my-reviews")


def _show(request: HttpRequest, me: Me, row: ReReview, form: OutcomeForm, *, status: int = 200) -> HttpResponse:
    standing = catalogue.standing(row.version_id)
    found = boards.findings(row.version_id)
    own = standing.author_id == me.credential_id
    is_open, mine = row.state == ReReview.State.OPEN, row.assignee_id in {None, me.credential_id}
    context = {
        "page_title": _("复审"),
        "row": row,
        "course": catalogue.course(row.version_id),
        "badge": shown.badge(standing.state),
        "late": is_open and row.due_on < clock.shanghai_date(clock.now()),
        "articles": laws.cited_by(row.version_id),
        "lessons": shown.lessons(boards.newest(row.version_id), row.version_id, found),
        "form": form,
        "may_judge": me.role == Role.REVIEWER and is_open and mine and not own,
        "is_whole": row.state == ReReview.State.DONE and signing.verify(row),
    }
    return render(request, "review/rereview.html", {**frame(request, me, "desk-my-reviews"), **context}, status=status)
