"""Secrets, cookies and the content security policy (clauses 二.6, 五.1)."""

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import validate

from infra.wiring.settings.env import MODE, env
from infra.wiring.settings.services import STORAGES

_DEMO_SECRET = "demo-secret-not-for-production"  # noqa: S105 - refused in production below
_LONG_ENOUGH = 50


def _secret(name: str, fallback: str, *, else_say: str = "") -> str:
    """Read a secret; production starts only on a long one that is nobody's example.

    :raises ImproperlyConfigured: in production, unset, short or from the demo
    """
    if MODE != "production":
        return str(env.str(name, "") or fallback)
    value: str = env.str(name, "")
    if value.startswith("demo") or len(value) < _LONG_ENOUGH:
        raise ImproperlyConfigured(
            f"{name} must be a random value of at least {_LONG_ENOUGH} characters in production, not a demo secret. "
            f'Make one: python -c "import secrets; print(secrets.token_urlsafe(50))"{else_say}'
        )
    return value


SECRET_KEY: str = _secret("SECRET_KEY", _DEMO_SECRET)
SEALING_SECRET: str = _secret(
    "SEALING_SECRET",
    SECRET_KEY,
    else_say=". An installation that ran without it has sealed its data with SECRET_KEY: name that same value here, then change SECRET_KEY",
)
"""Master secret of signing keys and of values sealed before there were data keys; kept apart from SECRET_KEY so that sessions can be rotated without it."""
INDEX_SECRET: str = env.str("INDEX_SECRET", "") or SEALING_SECRET
"""Key of blind indexes. It cannot change: of most values only the index is kept (decision 0062)."""
KMS_URL: str = env.str("KMS_URL", "")
"""Who keeps the master key that wraps data keys, see `infra.adapters.kms`; empty: derived from SEALING_SECRET."""
KMS_FORMER_URL: str = env.str("KMS_FORMER_URL", "")
"""The key service before, while `manage.py rotate_keys --master` moves data keys to the new one."""
SEALING_ALGORITHM: str = env.str("SEALING_ALGORITHM", "AES-256-GCM")
if SEALING_ALGORITHM not in ("AES-256-GCM", "SM4-GCM"):
    raise ImproperlyConfigured("SEALING_ALGORITHM must be AES-256-GCM or SM4-GCM")
KEYS_FRESH_S: float = 3600.0 if MODE == "test" else 120.0
"""For how long a process believes which data key seals; a rotation ends only after that."""
BACKUP_DAYS: int = env.int("BACKUP_DAYS", 30, validate=validate.Range(min=1))
"""How long the oldest backup of the database is kept (clause 四.4): so long what was destroyed can be had back from one. Pages and certificates say so."""
STORE_VERSION_DAYS: int = env.int("STORE_VERSION_DAYS", 90, validate=validate.Range(min=0))
"""How long the object store keeps old versions of files that were deleted (its own lifecycle rule, `infra/deploy`)."""

_TLS: bool = env.bool("TLS", MODE == "production")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _TLS else None
SECURE_SSL_REDIRECT = _TLS
SECURE_HSTS_SECONDS = 31_536_000 if _TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _TLS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _TLS
SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
"""Absolute life of a login: 12 h (GB/T 22239 8.1.4.1 b)."""
CSRF_FAILURE_VIEW = "infra.wiring.edge.csrf_failure"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", 0)
"""How many proxies in front add to X-Forwarded-For; 0 means the socket address counts."""

ADMIN_NETWORKS: list[str] = env.list("ADMIN_NETWORKS", [])
"""Networks (CIDR) from which administrators of the platform are always admitted, whatever list two of them agreed on: the way back in."""


def _own(option: str) -> list[str]:
    """Return our own origin and, where the object store is one that browsers speak to, the store's."""
    store = STORAGES["default"]["OPTIONS"].get(option)
    return [SELF, store] if store else [SELF]


PLAYER_CONNECT_SRC = _own("direct_origin")
"""The player speaks to nobody else; other pages may also send parts of uploads to the object store."""
# No third-party origin at all: nothing but the course can appear before or during play (clause 二.6). What a browser refuses
# it reports to `public.csp`. Not by `report-to`: Chromium, told both ways, used only that one and sent nothing at all over HTTP.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [*_own("direct_origin"), "blob:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": _own("upload_origin"),
        "manifest-src": [SELF],
        "form-action": [SELF, *env.list("FORM_ACTIONS", [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "report-uri": ["/api/csp-reports"],
    }
}
