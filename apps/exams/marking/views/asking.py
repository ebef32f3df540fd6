"""Who asks, and refusals beside the field they are about."""

from typing import TypeVar

from django import forms
from django.http import HttpRequest

from apps.exams.marking import queries
from apps.people import api as people
from infra.kit.errors import DomainError

F = TypeVar("F", bound=forms.Form)


def manager(request: HttpRequest) -> people.ManagerView:
    """Return the manager who asks."""
    who = people.profile(request).manager
    assert who is not None  # noqa: S101 - `manager_page` lets nobody else in
    return who


def learner(request: HttpRequest) -> people.LearnerView:
    """Return the learner who asks."""
    who = people.profile(request).learner
    assert who is not None  # noqa: S101 - `learner_page` lets nobody else in
    return who


def own(request: HttpRequest) -> int | None:
    """Return the manager's own id as a learner: nobody decides about the own result."""
    who = people.profile(request).learner
    return who.id if who else None


def refused(form: F, error: DomainError) -> F:
    """Put a refusal where it belongs."""
    field = error.details.get("field")
    form.add_error(field if field in form.fields else None, str(error.message))
    return form


def counts(request: HttpRequest) -> dict[str, int]:
    """Return what waits in the enterprise; nothing for who sees only some units."""
    return queries.counts() if people.within(request) is None else {}
