"""The learner's device: a random name in a signed cookie that scripts cannot read (clause 二.3)."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError

COOKIE = "anxue_terminal"
_SALT = "learning.terminal"
_YEAR_S = 365 * 24 * 3600


def remember(request: HttpRequest, response: HttpResponseBase) -> str:
    """Name the device on its first visit and renew the cookie on later ones; return the name."""
    name = terminal_of(request) or secrets.token_hex(16)
    response.set_signed_cookie(
        COOKIE, name, salt=_SALT, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return name


def terminal_of(request: HttpRequest) -> str:
    """Return the device's name (32 hex digits), or "" when there is none or somebody changed it."""
    return str(request.get_signed_cookie(COOKIE, default="", salt=_SALT) or "")


def require_terminal(request: HttpRequest) -> str:
    """Return the device's name.

    :raises DomainError: 409 ``no_terminal``
    """
    name = terminal_of(request)
    if not name:
        raise DomainError("no_terminal", _("没有认出这台设备。请允许浏览器保存 Cookie，然后刷新页面。"), status=409)
    return name
