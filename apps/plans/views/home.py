"""Where people land: by role; and the learner's home."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from apps.people import api as people
from apps.plans import rules, today
from apps.plans.home_parts import home_parts
from apps.plans.shapes import AssignmentView
from apps.plans.signing import queries as signing
from apps.records import api as records
from infra.kit import clock
from public.persons import api as persons

_MOST_SHOWN = 3
"""Certificates and messages on the home; the rest is one tap away."""


@require_GET
@people.declares(people.Permission.PUBLIC)
def home(request: HttpRequest) -> HttpResponse:
    """Lead managers to the console, learners to their home, strangers to sign-in."""
    who = people.profile(request)
    if who.kind is None:
        return redirect("sign-in")
    return redirect("console" if who.kind == "manager" else "learn-home")


def _worth(papers: list[records.CertificateView], at: datetime) -> list[tuple[records.CertificateView, records.Standing]]:
    """Return certificates with what each is worth today, in one query."""
    found = records.standings(papers, on=clock.shanghai_date(at))
    return [(paper, found[paper.code]) for paper in papers]


def _missed(found: today.Duties) -> AssignmentView | None:
    """Return the last training that is over, if it ended before the learner had finished."""
    last = max(found.over, key=lambda view: view.assigned_at, default=None)
    return last if last is not None and last.state != "COMPLETED" else None


@require_GET
@people.learner_page
def learn_home(request: HttpRequest) -> HttpResponse:
    """Show what to do today: one thing to go on with, what is left of the day, exams, signatures, deadlines, certificates."""
    learner = people.profile(request).learner
    assert learner is not None  # noqa: S101 - `learner_page` lets nobody else in
    at = clock.now()
    found = today.duties(learner.id, at=at)
    used = persons.day_used(person_key=learner.person_key, day=clock.shanghai_date(at))
    certificates = records.certificates_of(learner.uuid)
    rest = found.running[1:]
    values = {
        "learner": learner,
        "first": found.running[0] if found.running else None,
        "exams": [task for task in rest if task.step == "exam"],
        "tasks": [task for task in rest if task.step != "exam"],
        "owed": signing.owed(learner.id),
        "notices": people.newest_notices(learner_id=learner.id, limit=_MOST_SHOWN),
        "certificates": _worth(certificates[:_MOST_SHOWN], at),
        "certificate_count": len(certificates),
        "used_ms": used,
        "left_ms": max(0, rules.DAY_MS - used),
        "day_ms": rules.DAY_MS,
        "any": bool(found.views),
        "missed": _missed(found),
        "parts": home_parts(learner.id, found, at=at),
        "told": people.privacy_notice_due(learner.id, at=at),
    }
    return render(request, "plans/learn_home.html", values)
