"""Pages of appeals: the learner's, and the desk where they are answered."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.exams.marking import appealing, queries, results
from apps.exams.marking.forms import AnswerForm, AppealForm
from apps.exams.marking.models import ScoreAppeal
from apps.exams.marking.views import asking
from apps.exams.sitting import queries as sitting
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.errors import DomainError

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
@never_cache
@people.learner_page
def own(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Show the learner how the result came about and what became of it, and take an appeal."""
    found = queries.own_sheet(attempt, learner_id=asking.learner(request).id)
    shows_key = plans.ExamPolicy.read(found.attempt.policy).reveal != "score"
    remarks = [] if shows_key else [line for line in found.lines if line.mark and line.mark.reason]
    if shows_key or remarks:  # a remark may tell what would have been right
        sitting.refuse_keys(found.attempt.learner_id, at=clock.now())
    choices = _choices(found, stems=shows_key)
    form = AppealForm(request.POST if request.method == "POST" else None, choices=choices)
    if form.is_valid():
        try:
            appealing.file(attempt=attempt, learner=asking.learner(request), at=clock.now(), **form.cleaned_data)
        except DomainError as error:
            asking.refused(form, error)
        else:
            messages.success(request, _("申诉已提交，处理结果会显示在这里。"))
            return redirect("learn-exam-appeals", attempt)
    window, at = appealing.window(found.result), clock.now()
    values = {
        "found": found,
        "attempt": found.attempt,
        "plan": plans.assignment_by_id(found.attempt.assignment_id),
        "form": form,
        "window": window,
        "may_file": window.is_open(at) and bool(choices),
        "shows_key": shows_key,
        "remarks": remarks,
        "corrections": [results.told(entry) for entry in found.entries],
    }
    return render(request, "exams/marking/own.html", values, status=422 if form.errors else 200)


def _choices(found: queries.Sheet, *, stems: bool) -> list[tuple[str, str]]:
    """Return what can still be appealed: the whole, and each question, once; without words where only the score is told."""
    filed = {one.no for one in found.appeals}
    whole = [] if None in filed else [("0", str(_("整场考试的成绩")))]
    lines = [line for line in found.lines if line.no not in filed]
    words = _("第 %(no)d 题：%(stem)s") if stems else _("第 %(no)d 题")
    return [*whole, *((str(line.no), words % {"no": line.no, "stem": line.item["stem"][:40]}) for line in lines)]


@require_GET
@people.manager_page(people.Permission.EXAMS_SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List appeals; every filter lives in the address."""
    asked = {"text": request.GET.get("q", "")[:60], "state": request.GET.get("state", "")}
    rows = queries.appeals(**asked, within=people.within(request))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    states = ScoreAppeal.State.choices
    values = {"page": page, "states": states, "chosen": request.GET, "now": clock.now(), "counts": asking.counts(request)}
    return render(request, "exams/marking/appeals.html", values)


@require_http_methods(["GET", "POST"])
@people.manager_page(people.Permission.EXAMS_SEE, post=people.Permission.EXAMS_MARK)
def appeal(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Show one appeal with the answer it is about, and take the decision: uphold, or other points for a second person to approve."""
    row = queries.appeal(appeal, within=people.within(request))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _decide(request, row, form)
        except DomainError as error:
            asking.refused(form, error)
        else:
            messages.success(request, _("处理结果已保存，学员可以看到。"))
            return redirect("console-exam-appeal", appeal)
    found = queries.sheet(row.attempt)
    lines = [line for line in found.lines if row.no in {None, line.no}]
    values = {
        "appeal": row,
        "found": found,
        "lines": [(line, request.POST.get(f"points-{line.no}", line.points)) for line in lines],
        "form": form,
        "is_mine": row.learner_id == asking.own(request),
        "is_late": row.state == ScoreAppeal.State.WAITING and row.due_at < clock.now(),
        "proposal": row.proposals.select_related("decided_by").first(),
        "shows_key": people.Permission.EXAMS_MARK in people.permissions(request),
    }
    return render(request, "exams/marking/appeal.html", values, status=422 if form.errors else 200)


def _decide(request: HttpRequest, row: ScoreAppeal, form: AnswerForm) -> None:
    said = {"appeal": row.uuid, "reason": form.cleaned_data["reason"], "by": asking.manager(request),
            "own": asking.own(request), "at": clock.now()}  # fmt: skip
    if form.cleaned_data["decision"] == "grant":
        appealing.grant(points=points_in(request.POST), **said)
    else:
        appealing.uphold(**said)


def points_in(post: QueryDict) -> dict[int, int]:
    """Return the points that a form asks for by question number.

    :raises DomainError: ``points``: no whole number
    """
    found: dict[int, int] = {}
    for name, value in post.items():
        no = name.removeprefix("points-")
        if no == name or not no.isdecimal() or not str(value).strip():
            continue
        try:
            found[int(no)] = int(str(value))
        except ValueError:
            raise DomainError("points", _("请填整数分数。"), field=name) from None
    return found
