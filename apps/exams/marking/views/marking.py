"""The queue of written answers: question by question, names hidden until somebody asks for them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.exams.marking import periods, queries, queue, rules
from apps.exams.marking.forms import PeriodsForm
from apps.exams.marking.models import MarkTask
from apps.exams.marking.queue import Mark
from apps.exams.marking.views import asking
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.audit import api as audit

PER_PAGE = 20
SEE, MARK = people.Permission.EXAMS_SEE, people.Permission.EXAMS_MARK


@require_GET
@people.manager_page(SEE)
def listing(request: HttpRequest) -> HttpResponse:
    """List questions with written answers, those due first."""
    rows = queries.questions_waiting(text=request.GET.get("q", "")[:60], within=people.within(request))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    values = {"page": page, "now": clock.now(), "counts": asking.counts(request), "chosen": request.GET}
    return render(request, "exams/marking/list.html", values)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One answer with what was typed about it and what is wrong with that."""

    answer: queries.Answer
    points: str = ""
    reason: str = ""
    problem: str = ""


@require_http_methods(["GET", "POST"])
@people.manager_page(MARK)
def question(request: HttpRequest, bank: str, question: str, version: int, part: int) -> HttpResponse:
    """Show the answers to one question that the marker has taken; POST marks those with points, or takes some (``take``)."""
    key, me, at = (bank, question, version, part), asking.manager(request), clock.now()
    if request.method == "GET":
        return _question(request, key)
    if "take" in request.POST:
        taken = queue.claim(key=key, by=me, own=asking.own(request), at=at)
        if not taken:
            messages.info(request, _("这道题没有可取的作答：都判完了，或正由其他人判。"))
        return redirect("console-mark", *key)
    marks, problem = _marks(request.POST)
    if problem or not marks:
        return _question(request, key, problem=problem or ("", _("请至少给一份作答打分。")), status=422)
    try:
        queue.mark_all(marks=marks, by=me, own=asking.own(request), at=at)
    except DomainError as error:
        return _question(request, key, problem=(error.details.get("field", ""), str(error.message)), status=422)
    words = ngettext("已判 %(n)d 份。", "已判 %(n)d 份。", len(marks)) % {"n": len(marks)}
    messages.success(request, words)
    queue.claim(key=key, by=me, own=asking.own(request), at=at)
    return redirect("console-mark", *key)


def _marks(post: QueryDict) -> tuple[dict[UUID, Mark], tuple[str, str] | None]:
    """Return what was marked, and the first thing that is no number: (field, words)."""
    found: dict[UUID, Mark] = {}
    for value in post.getlist("task"):
        points = str(post.get(f"points-{value}", "")).strip()
        if not points:
            continue
        try:
            found[UUID(value)] = Mark(int(points), str(post.get(f"reason-{value}", ""))[:501])
        except ValueError:
            return {}, (f"points-{value}", _("请填整数分数。"))
    return found, None


def _question(request: HttpRequest, key: rules.Key, *, problem: tuple[str, str] = ("", ""), status: int = 200) -> HttpResponse:
    me, at = asking.manager(request), clock.now()
    rows = MarkTask.objects.filter(**rules.named(key))
    about = rows.order_by("-pk").first()
    if about is None:
        raise DomainError("not_found", _("没有找到这道题，请从判卷列表重新进入。"), status=404)
    mine = list(rows.filter(points=None, claimed_by=me.id, claimed_until__gte=at).order_by("due_at", "pk"))
    names = request.GET.get("names") == "1"
    if names and mine:
        target = "question:" + "/".join(str(part) for part in key)
        audit.record("exams.names_shown", actor=f"manager:{me.id}", target=target, at=at, answers=len(mine))
    sheets = [_typed(request.POST, answer, problem) for answer in queries.answers(mine, names=names)]
    shown = queries.answers([about])[0]
    free = queue.free(key=key, by=me, own=asking.own(request), at=at)
    values: dict[str, Any] = {
        "about": about,
        "shown": shown,
        "sheets": sheets,
        "names": names,
        "free": free,
        "left": rows.filter(points=None).count(),
        "problem": problem[1] if not any(sheet.problem for sheet in sheets) else "",
        "now": at,
    }
    return render(request, "exams/marking/question.html", values, status=status)


def _typed(post: QueryDict, answer: queries.Answer, problem: tuple[str, str]) -> Sheet:
    value = str(answer.task.uuid)
    field, words = problem
    mine = words if field.endswith(value) else ""
    return Sheet(answer, post.get(f"points-{value}", ""), post.get(f"reason-{value}", ""), mine)


@require_POST
@people.manager_page(MARK)
def release(request: HttpRequest) -> HttpResponse:
    """Give back what was taken and not marked."""
    queue.release(by=asking.manager(request))
    messages.success(request, _("已放回，其他人可以继续判。"))
    return redirect("console-marking")


@require_http_methods(["GET", "POST"])
@people.manager_page(SEE, post=people.Permission.EXAMS_CHANGE)
def limits(request: HttpRequest) -> HttpResponse:
    """Show the periods with their history; POST sets others from a day on."""
    today = clock.shanghai_date(clock.now())
    now = periods.on(today)
    first = {"appeal_days": now.appeal_days, "decide_days": now.decide_days, "mark_days": now.mark_days, "valid_from": today}
    form = PeriodsForm(request.POST if request.method == "POST" else None, initial=first)
    if form.is_valid():
        try:
            periods.change(**form.cleaned_data, by=asking.manager(request), at=clock.now())
        except DomainError as error:
            asking.refused(form, error)
        else:
            messages.success(request, _("新规则已保存。"))
            return redirect("console-marking-rules")
    values = {"form": form, "rows": periods.history()[::-1], "periods": now}
    return render(request, "exams/marking/rules.html", values, status=422 if form.errors else 200)
