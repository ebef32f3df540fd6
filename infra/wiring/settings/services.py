"""Outside services, each by one URL: DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL, STORAGE_URL, SENTRY_DSN."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from redis.backoff import NoBackoff
from redis.retry import Retry

from infra.wiring.settings.env import BASE_DIR, MODE, env

_URL: str = env.str("DATABASE_URL", "postgresql://anxue_web@127.0.0.1:5432/anxue")
_OWNER_URL: str = env.str("DATABASE_OWNER_URL", "")
REDIS_URL: str = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
STORAGE_URL: str = env.str("STORAGE_URL", f"file://{BASE_DIR / 'build/storage'}")
SENTRY_DSN: str = env.str("SENTRY_DSN", "")


def _database(url: str, **more: Any) -> dict[str, Any]:
    parsed: dict[str, Any] = {**dj_database_url.parse(url, engine="tenants.database")}
    options = {"connect_timeout": 5, "application_name": "anxue", **parsed.pop("OPTIONS", {})}
    return {**parsed, "OPTIONS": options, "CONN_HEALTH_CHECKS": True, **more}


# The web runs as a login that owns nothing and switches to one role per enterprise. Only migrations,
# the schema pool and the closing of an enterprise use the owner; a process without its URL cannot.
DATABASE_URL = _URL
DATABASES: dict[str, dict[str, Any]] = {"default": _database(_URL, CONN_MAX_AGE=600)}
if _OWNER_URL:
    DATABASES["owner"] = _database(_OWNER_URL, OWNER=True, CONN_MAX_AGE=0)
DATABASE_ROUTERS = ["tenants.database.router.SchemaRouter"]
TENANT_SYNC_ROUTER = DATABASE_ROUTERS[0]
TENANT_MODEL = "tenants.Enterprise"
TENANT_DOMAIN_MODEL = "tenants.Domain"
SCHEMA_POOL_TARGET: int = env.int("SCHEMA_POOL_TARGET", 4 if MODE == "test" else 20)
"""How many warm schemas wait for the next sign-ups."""

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_FUNCTION": "tenants.cache.make_key",
        "TIMEOUT": 300,
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2, "retry": Retry(NoBackoff(), 0)},
    }
}

CELERY = {
    "broker_url": REDIS_URL,
    "result_backend": None,
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "worker_prefetch_multiplier": 1,
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {"visibility_timeout": 7200, "socket_timeout": 5, "socket_connect_timeout": 2},
    "timezone": "Asia/Shanghai",
}


def _storage(url: str) -> dict[str, Any]:
    """`file:///folder` or `s3://KEY:SECRET@host:port/bucket?scheme=https&region=…`."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": unquote(parts.path)}}
    if parts.scheme != "s3":
        raise ValueError("STORAGE_URL must begin with file:// or s3://")
    query = dict(parse_qsl(parts.query))
    port = f":{parts.port}" if parts.port else ""
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.path.strip("/"),
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "endpoint_url": f"{query.get('scheme', 'https')}://{parts.hostname}{port}" if parts.hostname else None,
            "region_name": query.get("region"),
            "addressing_style": query.get("style", "path"),
            "default_acl": None,
            "file_overwrite": False,
            "querystring_expire": 600,
        },
    }


_STATIC = (
    "infra.wiring.static.HashedStatic"
    if MODE in {"demo", "production"}
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {"default": _storage(STORAGE_URL), "staticfiles": {"BACKEND": _STATIC}}
