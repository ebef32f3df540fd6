"""Questions before they are published: batches, one angle, publication."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from infra.kit import clock
from infra.kit.errors import DomainError
from public.operators.api import Me, Role, desk_page, frame
from public.questions import api as questions
from public.review import checklists, rules
from public.review.forms import DecisionForm
from public.review.models import Angle, QuestionBatch
from public.review.queries import batches as queries
from public.review.services import batches as services
from public.review.views.judging import refused

PER_PAGE = 30
MENU = "desk-question-batches"
_REMARK = "remark-"
_TONES = {"IN_REVIEW": "info", "RETURNED": "attention", "PASSED": "proven", "PUBLISHED": "proven"}


@require_GET
@desk_page(Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)
def listing(request: HttpRequest, me: Me) -> HttpResponse:
    """List the batches; authors see their own."""
    get = request.GET
    found = queries.batches(me, search=get.get("q", ""), state=get.get("state", ""))
    page, now = Paginator(found, PER_PAGE).get_page(get.get("page", "1")), clock.now()
    late = {row.pk for row in page if row.state == QuestionBatch.State.IN_REVIEW and row.due_at < now}
    context = {
        "page_title": _("试题审核"),
        "page": page,
        "rows": [(row, _TONES[row.state]) for row in page],
        "late": late,
        "states": QuestionBatch.State.choices,
        "chosen": get,
    }
    return render(request, "review/batches.html", {**frame(request, me, MENU), **context})


@require_GET
@desk_page(Role.AUTHOR, Role.REVIEWER, Role.OPERATIONS)
def detail(request: HttpRequest, me: Me, batch: UUID) -> HttpResponse:
    """Show one batch: its four angles, what was said, its questions."""
    row = queries.batch(batch, me)
    context = {
        "page_title": row.title,
        "batch": row,
        "tone": _TONES[row.state],
        "angles": queries.angles(row, me),
        "judged": _judged(row),
        "may_publish": me.role == Role.OPERATIONS and row.state == QuestionBatch.State.PASSED,
    }
    return render(request, "review/batch.html", {**frame(request, me, MENU), **context})


def _judged(row: QuestionBatch, typed: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the questions of a batch as they were submitted, each with its change and what was said of it."""
    items, said = row.content["questions"], queries.remarks(row)
    refs = [ref._replace(version=ref.version - 1) for item in items if (ref := questions.ref_of(item)).version > 1]
    former = questions.items(refs)
    shown = []
    for no, item in enumerate(items, 1):
        ref = questions.ref_of(item)
        before = former.get(ref._replace(version=ref.version - 1))
        shown.append(
            {
                "no": no,
                "code": item["code"],
                "version": item["version"],
                "item": questions.readable(item),
                "pieces": rules.pieces(questions.as_text(before), questions.as_text(item)) if before else [],
                "remarks": said.get(item["code"], []),
                "typed": (typed or {}).get(item["code"], ""),
            }
        )
    return shown


@require_http_methods(["GET", "POST"])
@desk_page(Role.REVIEWER)
def judge(request: HttpRequest, me: Me, batch: UUID, angle: str) -> HttpResponse:
    """Show the questions with the checklist of one angle; take the signed verdict."""
    if angle not in Angle.values:
        raise DomainError("not_found", _("没有这个审核方面。请从试题审核重新进入。"), status=404)
    row, name = queries.batch(batch, me), checklists.for_questions(angle)
    services.refuse_unfit(row, angle, me)
    if request.method == "GET":
        return _page(request, me, row, angle=angle, form=DecisionForm(angle=name))
    form = DecisionForm(request.POST, angle=name)
    remarks = {key.removeprefix(_REMARK): str(text) for key, text in request.POST.items() if key.startswith(_REMARK)}
    if not form.is_valid():
        return _page(request, me, row, angle=angle, form=form, typed=remarks)
    words = {name: form.cleaned_data[name] for name in ("verdict", "note")}
    try:
        services.decide(batch=batch, angle=angle, checks=form.checks, remarks=remarks, me=me, at=clock.now(), **words)
    except DomainError as error:
        if not refused(form, error):
            raise
        return _page(request, me, row, angle=angle, form=form, typed=remarks)
    messages.success(request, _("结论已签署。"))
    return redirect("desk-question-batch", batch)


def _page(
    request: HttpRequest, me: Me, row: QuestionBatch, *, angle: str, form: DecisionForm, typed: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "page_title": f"{Angle(angle).label} · {row.title}",
        "batch": row,
        "angle_name": Angle(angle).label,
        "form": form,
        "judged": _judged(row, typed),
        "is_late": row.due_at < clock.now(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "review/batch_judge.html", {**frame(request, me, MENU), **context}, status=status)


@require_POST
@desk_page(Role.OPERATIONS)
def publish(request: HttpRequest, me: Me, batch: UUID) -> HttpResponse:
    """Publish a batch that has passed."""
    services.publish(batch=batch, me=me, at=clock.now())
    messages.success(request, _("已发布，各企业组卷时可以抽到这些试题。"))
    return redirect("desk-question-batch", batch)
