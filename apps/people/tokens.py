"""One-time tokens that carry a fresh owner from the platform's host into the new workspace."""

import secrets

from django.core import signing
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from tenants.api import Credential, require

LIFE_S = 60
_SALT = "people.entry"


def entry_token(credential: Credential) -> str:
    """Return a signed token for ``/enter?token=…`` that signs ``credential`` in once, within 60 s, on this enterprise's host."""
    body = {"s": require().schema, "c": str(credential.uuid), "n": secrets.token_urlsafe(12)}
    return signing.dumps(body, salt=_SALT)


def redeem(token: str) -> Credential:
    """Use up a token and return whom it names.

    :raises DomainError: ``entry_expired``: forged, too old, used already, or of another enterprise
    """
    try:
        body = signing.loads(token, salt=_SALT, max_age=LIFE_S)
    except signing.BadSignature as error:
        raise _expired() from error
    if body["s"] != require().schema or not cache.add(f"entry:{body['n']}", 1, LIFE_S * 2):
        raise _expired()
    credential = Credential.objects.filter(uuid=body["c"], is_active=True).first()
    if credential is None:
        raise _expired()
    return credential


def _expired() -> DomainError:
    return DomainError("entry_expired", _("这个进入链接已失效。请用手机号登录。"), status=403)
