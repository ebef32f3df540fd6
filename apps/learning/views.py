"""Pages of learning."""

from uuid import UUID

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from apps.learning import queries, terminals
from apps.learning.outline import outline
from apps.learning.quizzes import queries as quizzes
from apps.people import api as people
from apps.plans import api as plans
from infra.kit import clock
from infra.kit.identity import mask_name


@require_GET
@people.learner_page
def course(request: HttpRequest, assignment: UUID) -> HttpResponse:
    """Show the lessons of one assignment and what is left to do."""
    found = outline(plans.assignment(assignment, learner_id=_learner(request).id), today=clock.shanghai_date(clock.now()))
    return render(request, "learning/course.html", {"outline": found, "assignment": found.assignment})


@require_GET
@never_cache
@ensure_csrf_cookie
@csp_replace({"connect-src": settings.PLAYER_CONNECT_SRC})  # type: ignore[arg-type] # its types know no other arguments
@people.learner_page
def player(request: HttpRequest, assignment: UUID, courseware: int) -> HttpResponse:
    """Show the player of one lesson; the session itself is opened by the page's script."""
    learner = _learner(request)
    at = clock.now()
    wanted = plans.assignment(assignment, learner_id=learner.id)
    if courseware in wanted.quiz_ids:
        return redirect("learn-quiz", assignment, courseware)
    lesson = queries.lesson(learner_id=learner.id, assignment_uuid=assignment, courseware_id=courseware, at=at)
    found = outline(wanted, today=clock.shanghai_date(at))
    known = queries.progress(learner_id=learner.id, courseware_ids=[courseware]).get(courseware)
    values = {
        "lesson": lesson,
        "assignment": found.assignment,
        "following": found.after(courseware),
        "position_ms": known.resume_ms if known else 0,
        "mark": _mark(learner),
        "holds": quizzes.holds(learner_id=learner.id, version_id=lesson.version_id),
        "now_ms": int(at.timestamp() * 1000),
    }
    response = render(request, "learning/player.html", values)
    terminals.remember(request, response)
    return response


def _mark(learner: people.LearnerView) -> str:
    """Return what the watermark says of who watches: the masked name and the last four digits of the mobile number."""
    return f"{mask_name(learner.name)} {learner.masked_mobile[-4:]}".strip()


def _learner(request: HttpRequest) -> people.LearnerView:
    who = people.profile(request).learner
    assert who is not None  # noqa: S101 - `learner_page` lets nobody else in
    return who
