"""The learner's book of wrong answers, for phones first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.exams.mistakes import practising, queries, rules, services
from apps.exams.mistakes.shapes import PracticeView, Step
from apps.exams.sitting import queries as sitting
from apps.people import api as people
from infra.kit import clock
from infra.kit.errors import DomainError
from public.questions import api as questions

PER_PAGE = 20
SHOWS = ("", "mastered")


def _learner_id(request: HttpRequest) -> int:
    """Return who asks; the book is shut while an exam runs, for it holds keys."""
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    sitting.refuse_keys(learner.id, at=clock.now())
    return learner.id


@require_GET
@people.learner_page
def book(request: HttpRequest) -> HttpResponse:
    """Show what is due today, how each point stands, and the questions; filters and page live in the address."""
    get, at, learner_id = request.GET, clock.now(), _learner_id(request)
    show = get.get("show", "") if get.get("show") in SHOWS else ""
    points = queries.points(learner_id, at=at)
    point = get.get("point", "")[: rules.LONGEST_POINT]
    rows = queries.book(learner_id, text=get.get("q", ""), point=point, mastered=show == "mastered")
    page = Paginator(rows, PER_PAGE).get_page(get.get("page"))
    values = {
        "due": sum(one.due for one in points),
        "left": sum(one.left for one in points),
        "learnt": sum(one.learnt for one in points),
        "next_due": queries.next_due(learner_id),
        "points": points,
        "point": point,
        "page": page,
        "lines": [queries.mistake_view(row) for row in page],
        "kinds": questions.KINDS,
        "show": show,
        "is_filtered": bool(get.get("q") or point),
        "most": rules.PER_PRACTICE,
    }
    return render(request, "exams/mistakes/book.html", values)


@require_POST
@people.learner_page
def start(request: HttpRequest) -> HttpResponse:
    """Begin a practice, or go on with the open one."""
    point = request.POST.get("point", "")[: rules.LONGEST_POINT]
    try:
        found = practising.start(learner_id=_learner_id(request), point=point, at=clock.now())
    except DomainError as refusal:
        messages.info(request, str(refusal.message))
        return redirect("learn-mistakes")
    return redirect("learn-practice", found.uuid)


@require_GET
@never_cache
@people.learner_page
def practice(request: HttpRequest, practice: UUID) -> HttpResponse:
    """Show one question, or what came of it; without ``no`` the first that waits, and the sum when none does."""
    found = queries.practice_view(queries.own_practice(practice, learner_id=_learner_id(request)))
    asked = request.GET.get("no", "")
    no = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else 0
    if no not in range(1, len(found.steps) + 1):
        no = 0 if found.finished else found.next_no
    return _show(request, found, no)


@require_GET
@people.learner_page
def media(request: HttpRequest, practice: UUID, no: int, index: int) -> HttpResponseBase:
    """Give a picture or film of a question of the learner's own practice."""
    found = queries.medium(queries.own_practice(practice, learner_id=_learner_id(request)), no=no, index=index)
    return questions.media.serve(request, found)


@require_POST
@people.learner_page
def answer(request: HttpRequest, practice: UUID, no: int) -> HttpResponse:
    """Judge an answer and show what came of it."""
    given = [] if request.POST.get("skip") else request.POST.getlist("response")
    if not request.POST.get("skip") and not any(text.strip() for text in given):
        messages.info(request, _("请先作答，不会的可以点“不会，看答案”。"))
        return _shown_at(queries.practice_view(queries.own_practice(practice, learner_id=_learner_id(request))), no)
    found = practising.answer(practice=practice, learner_id=_learner_id(request), no=no, response=given, at=clock.now())
    return _shown_at(found, no)


@require_POST
@people.learner_page
def assess(request: HttpRequest, practice: UUID, no: int) -> HttpResponse:
    """Keep what a learner says of the own text."""
    right = request.POST.get("right") == "1"
    found = practising.assess(practice=practice, learner_id=_learner_id(request), no=no, right=right, at=clock.now())
    return _shown_at(found, no)


@require_POST
@people.learner_page
def stop(request: HttpRequest, practice: UUID) -> HttpResponse:
    """End a practice early."""
    practising.stop(practice=practice, learner_id=_learner_id(request), at=clock.now())
    return redirect("learn-mistakes")


@require_POST
@people.learner_page
def put_back(request: HttpRequest, mistake: UUID) -> HttpResponse:
    """Put a mastered question back."""
    services.put_back(mistake=mistake, learner_id=_learner_id(request), at=clock.now())
    messages.success(request, _("已放回错题本，今天就可以练。"))
    return redirect(f"{reverse('learn-mistakes')}?show=mastered")


def _shown_at(found: PracticeView, no: int) -> HttpResponse:
    return redirect(f"{reverse('learn-practice', args=[found.uuid])}?{urlencode({'no': no})}")


def _show(request: HttpRequest, found: PracticeView, no: int) -> HttpResponse:
    values: dict[str, Any] = {"practice": found, "total": len(found.steps), "kinds": questions.KINDS}
    if not no:
        at, learner_id = clock.now(), _learner_id(request)
        values |= {"due": queries.due_count(learner_id, at=at), "next_due": queries.next_due(learner_id)}
        return render(request, "exams/mistakes/done.html", values)
    step = found.steps[no - 1]
    following = next((one.no for one in [*found.steps[no:], *found.steps[: no - 1]] if one.right is None), 0)
    here = reverse("learn-practice", args=[found.uuid])
    values |= {
        "step": step,
        "item": step.item,
        "next_url": f"{here}?{urlencode({'no': following})}" if following else "",
        "media": _media(found.uuid, step),
        "gaps": range(1, step.item.get("gaps", 0) + 1),
    }
    if step.answered:
        values |= {"model": _model(step)}
    return render(request, "exams/mistakes/practice.html", values)


def _media(practice: UUID, step: Step) -> list[dict[str, Any]]:
    """Return the pictures and films of a question with their addresses, those of its case first."""
    shown = [*((step.item.get("case") or {}).get("media") or []), *(step.item.get("media") or [])]
    return [{**one, "url": reverse("learn-practice-media", args=[practice, step.no, n])} for n, one in enumerate(shown)]


def _model(step: Step) -> list[str]:
    """Return the right answer of a question without options to mark, a line each: gaps with all spellings, a sequence, a model text."""
    item = step.item
    if item["kind"] == "blank":
        return [" / ".join(gap) for gap in item["answer"]]
    if item["kind"] == "order":
        words = {option["key"]: option["text"] for option in item["options"]}
        return [words[key] for key in item["answer"]]
    return list(item["answer"]) if item["kind"] == "text" else []
