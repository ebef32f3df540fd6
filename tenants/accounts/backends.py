"""Password sign-in by login (mobile number or user name)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from tenants.accounts.models import Credential
from tenants.database.compiled import Compiled
from tenants.scope import require

PROFILES: list[str] = []
"""What hangs off a credential within an enterprise and is wanted with it on each request, as `select_related` names it. Rooms above
add theirs at start; the platform's people have other profiles."""


def _active(pk: int) -> QuerySet[Credential]:
    return Credential.objects.filter(pk=pk, is_active=True)


_ON_THE_PLATFORM = Compiled(_active)
_WITHIN = Compiled(lambda pk: _active(pk).select_related(*PROFILES) if PROFILES else _active(pk))


class CredentialBackend:
    """Looks a login up in the current schema. An unknown login costs the same time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, login: str | None = None, password: str | None = None, **_: Any
    ) -> Credential | None:
        """Return the credential when login and password fit and it is active."""
        if login is None or password is None:
            return None
        credential = Credential.objects.by_login(login)
        if credential is None:
            Credential().set_password(password)
            return None
        return credential if credential.check_password(password) and credential.is_active else None

    def get_user(self, user_id: int) -> Credential | None:
        """Return the active credential behind a session, with its `PROFILES` in the same query."""
        return (_ON_THE_PLATFORM if require().is_platform else _WITHIN).first(pk=int(user_id))
