"""Password sign-in by login (mobile number or user name)."""

from typing import Any

from django.http import HttpRequest

from tenants.accounts.models import Credential


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
        """Return the active credential behind a session."""
        return Credential.objects.filter(pk=user_id, is_active=True).first()
