"""What the pages share: who asks, refusals in forms, pictures."""

from typing import TypeVar
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse

from apps.community.threads import pictures
from apps.people import api as people
from infra.kit.errors import DomainError

F = TypeVar("F", bound=forms.Form)


def refused(form: F, error: DomainError) -> F:
    """Put a refusal to the field that it names, else over the form."""
    field = error.details.get("field")
    form.add_error(field if field in form.fields else None, str(error.message))
    return form


def learner(request: HttpRequest) -> people.LearnerView:
    """Return who learns; `learner_page` lets nobody else in."""
    who = people.profile(request).learner
    assert who is not None  # noqa: S101
    return who


def manager(request: HttpRequest) -> people.ManagerView:
    """Return who manages; `manager_page` lets nobody else in."""
    who = people.profile(request).manager
    assert who is not None  # noqa: S101
    return who


def chosen_post(form: forms.Form) -> UUID | None:
    """Return which post a small form means; a broken one is no post, and no question either.

    :raises DomainError: 422 ``bad_form``
    """
    if not form.is_valid():
        words = next(iter(form.errors.values()))[0]
        raise DomainError("bad_form", words, status=422)
    found: UUID | None = form.cleaned_data["post"]
    return found


def picture(name: str) -> HttpResponse:
    """Answer with a kept picture; only the browser that asked may keep it."""
    response = HttpResponse(pictures.content(name), content_type=pictures.CONTENT_TYPE)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    return response
