"""The page on which one angle is judged."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from infra.kit import clock
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.operators.api import Me, Role, desk_page, frame
from public.review.forms import DecisionForm, FindingForm
from public.review.models import Angle
from public.review.queries import board as boards
from public.review.services import judging
from public.review.views import shown


@require_http_methods(["GET", "POST"])
@desk_page(Role.REVIEWER)
def page(request: HttpRequest, me: Me, version_id: int, angle: str) -> HttpResponse:
    """Show what is judged with its difference, its findings and the checklist; take the signed verdict."""
    if angle not in Angle.values:
        raise DomainError("not_found", _("没有这个审核方面。请从我的审核重新进入。"), status=404)
    if request.method == "GET":
        return show(request, me, version_id, angle)
    form = DecisionForm(request.POST, angle=angle)
    if not form.is_valid():
        return show(request, me, version_id, angle, form=form, status=422)
    try:
        judging.decide(
            version_id=version_id,
            angle=angle,
            verdict=form.cleaned_data["verdict"],
            note=form.cleaned_data["note"],
            checks=form.checks,
            me=me,
            at=clock.now(),
        )
    except DomainError as error:
        if not refused(form, error):
            raise
        return show(request, me, version_id, angle, form=form, status=422)
    messages.success(request, _("结论已签署。"))
    return redirect("desk-my-reviews")


def refused(form: Any, error: DomainError) -> bool:
    """Put a refusal beside the field it is about; False where it is about none."""
    field = error.details.get("field")
    if field == "checks":
        form.mark(error.details["items"], _("请回答这一项"))
        form.add_error(None, error.message)
    elif field in form.fields:
        form.add_error(field, error.message)
    else:
        return False
    return True


def show(
    request: HttpRequest,
    me: Me,
    version_id: int,
    angle: str,
    *,
    form: DecisionForm | None = None,
    finding_form: FindingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Return the page of one angle."""
    table = boards.board(version_id)
    if table.submission is None:
        raise DomainError("wrong_state", _("课程当前不在审核中，请刷新页面查看最新状态。"), status=409)
    line = next(line for line in table.lines if line.angle == angle)
    found = boards.findings(version_id)
    may = line.may_judge(me.credential_id) and table.standing.author_id != me.credential_id
    content = table.submission.content
    former, difference = boards.changes(table.submission)
    context: dict[str, Any] = {
        "page_title": f"{line.name} · {content['title']}",
        "version_id": version_id,
        "board": table,
        "line": line,
        "late": line.is_overdue(clock.now()),
        "content": content,
        "former": former,
        "difference": difference,
        "lessons": shown.lessons(table.submission, version_id, found),
        "findings": shown.finding_rows(found, me=me, author_id=table.standing.author_id, judged=[angle] if may else []),
        "card": catalogue.labels([version_id])[version_id],
        "may_judge": may,
        "form": form or _fresh(version_id, angle),
        "finding_form": finding_form or FindingForm(lessons=content["lessons"]),
        "pinning": finding_form is not None,
    }
    return render(request, "review/judge.html", {**frame(request, me, "desk-my-reviews"), **context}, status=status)


def _fresh(version_id: int, angle: str) -> DecisionForm:
    found: DecisionForm = DecisionForm.prefilled(angle, boards.last_checks(version_id, angle))  # type: ignore[assignment]
    return found
