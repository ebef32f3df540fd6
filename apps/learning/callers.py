"""Who asks the JSON interface, and from which page."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.utils import check_csrf

from apps.people import api as people
from infra.kit.errors import DomainError


def asking_learner(request: HttpRequest) -> people.LearnerView:
    """Return the learner that `people.learner_auth` let in."""
    who: people.LearnerView = request.auth  # type: ignore[attr-defined]
    return who


def refuse_foreign_forms(request: HttpRequest) -> None:
    """Refuse what a page of somebody else posts.

    :raises DomainError: 403 ``csrf``
    """
    if check_csrf(request) is not None:
        raise DomainError("csrf", _("页面已过期，请刷新后重试。"), status=403)
