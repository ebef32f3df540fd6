"""Outside services, each by one URL: DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL, STORAGE_URL, SENTRY_DSN."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url
from redis.backoff import NoBackoff
from redis.retry import Retry

from infra.wiring.settings.env import BASE_DIR, MODE, env

_URL: str = env.str("DATABASE_URL", "postgresql://anxue_web@127.0.0.1:5432/anxue")
_OWNER_URL: str = env.str("DATABASE_OWNER_URL", "")
REDIS_URL: str = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
STATUS_WEB_URL: str = env.str("STATUS_WEB_URL", f"http://127.0.0.1:{env.int('PORT', 8000)}/healthz")
"""Where the status page's probe asks our own web, as a browser would; with several machines the address before the balancer."""
EDGE_FOLDER: str = env.str("EDGE_FOLDER", "")
"""Where the probe lays the page that the edge shows while no web answers (`infra/deploy/edge`); empty: only the object store has it."""
STORAGE_URL: str = env.str("STORAGE_URL", f"file://{BASE_DIR / 'build/storage'}")
SENTRY_DSN: str = env.str("SENTRY_DSN", "")
SCANNER_URL: str = env.str("SCANNER_URL", "")
"""Virus scanner of uploads: `clamd://host:port` or `clamd:///path/of/socket`; empty: nothing is scanned, and people are told."""
_NETWORKS: list[str] = env.list("DIRECTORY_NETWORKS", [])
DIRECTORY_NETWORKS: list[IPv4Network | IPv6Network] = [ip_network(part) for part in _NETWORKS]
"""Networks besides the internet that an enterprise's LDAP directory may stand in, e.g. `10.20.0.0/16`; ours are never to be among them."""
_AUTHORITIES: list[str] = env.list("EXCHANGE_NETWORKS", [])
EXCHANGE_NETWORKS: list[IPv4Network | IPv6Network] = [ip_network(part) for part in _AUTHORITIES]
"""Networks besides the internet where systems of authorities may stand (the government's own network); ours are never to be among them."""
EXCHANGE_DROP_FOLDER: str = env.str("EXCHANGE_DROP_FOLDER", "")
"""Folder (e.g. a mounted SFTP share) below which signed files for authorities may be put; empty: only object stores are used."""
_HOOKS: list[str] = env.list("HOOK_NETWORKS", [])
HOOK_NETWORKS: list[IPv4Network | IPv6Network] = [ip_network(part) for part in _HOOKS]
"""Networks besides the internet that webhooks may be sent into, there over plain HTTP too; ours are never to be among them."""
PDF_SIGNING_P12: str = env.str("PDF_SIGNING_P12", "")
"""PKCS #12 file of a document-signing certificate; empty: certificates are signed by an authority of our own."""
PDF_SIGNING_PASSWORD: str = env.str("PDF_SIGNING_PASSWORD", "")
TSA_URL: str = env.str("TSA_URL", "")
"""RFC 3161 authority whose time stamp goes into signed certificates (PAdES B-T); empty: B-B."""
FACE_AUTHORITY_URL: str = env.str("FACE_AUTHORITY_URL", "")
"""Who confirms at enrolment whose face it is: `aliyun://KEY:SECRET@cloudauth.aliyuncs.com?scene=…` or
`tencent://ID:KEY@faceid.tencentcloudapi.com`; empty: nobody outside is asked."""
EMAIL_URL: str = env.str("EMAIL_URL", "")
"""Server that takes mail: `smtp://user:password@host:587/?tls=True`, `smtps://…`; empty: no mail leaves, and the pages say so."""
MAIL_READY = bool(EMAIL_URL)
if EMAIL_URL:
    _mail: dict[str, Any] = env.dj_email_url("EMAIL_URL")
    EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_BACKEND"], _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 10
"""Seconds; a silent server must not hold a worker."""
DEFAULT_FROM_EMAIL: str = env.str("EMAIL_FROM", "anxue@localhost")
ROBOT_ENDPOINTS: dict[str, str] = {"WECOM": env.str("WECOM_ROBOT_URL", ""), "DINGTALK": env.str("DINGTALK_ROBOT_URL", "")}
"""Where robots of group chats are reached, if not at the vendors' own addresses (a WeCom of the company's own)."""
MANUAL_PICTURES: str = env.str("MANUAL_PICTURES", str(BASE_DIR / "build/manual"))
"""Folder of the manual's pictures, filled by `manage.py manual collect`; pages are whole without it."""
WORK_FOLDER: str = env.str("WORK_FOLDER", str(BASE_DIR / "build/work"))
"""Where workers keep the files of a running media job; cleared of what broken jobs left."""


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
    # A person waits before the camera, and films take minutes each: neither stands in line with what managers ask for.
    "task_routes": {"people.judge_face": {"queue": "face"}, "catalogue.make_media": {"queue": "film"}},
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {"visibility_timeout": 7200, "socket_timeout": 5, "socket_connect_timeout": 2},
    "timezone": "Asia/Shanghai",
}


def _storage(url: str) -> dict[str, Any]:
    """`file:///folder` or `s3://KEY:SECRET@host:port/bucket?scheme=https&region=…&style=path&direct=no`.

    Browsers send parts of uploads to the service itself, and with ``direct=yes`` they fetch films from it too, each by an address
    signed for minutes. The content security policy then allows its origin and no other. Films pass through us by default.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {"BACKEND": "tenants.objects.files.PlacedFiles", "OPTIONS": {"location": unquote(parts.path)}}
    if parts.scheme != "s3" or not parts.hostname or not parts.path.strip("/"):
        raise ValueError("STORAGE_URL must be file:///folder or s3://KEY:SECRET@host/bucket")
    query = dict(parse_qsl(parts.query))
    host = f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    scheme, style, bucket = query.get("scheme", "https"), query.get("style", "path"), parts.path.strip("/")
    origin = f"{scheme}://{bucket}.{host}" if style == "virtual" else f"{scheme}://{host}"
    return {
        "BACKEND": "tenants.objects.s3.PlacedS3",
        "OPTIONS": {
            "bucket_name": bucket,
            "access_key": unquote(parts.username or ""),
            "secret_key": unquote(parts.password or ""),
            "endpoint_url": f"{scheme}://{host}",
            "region_name": query.get("region"),
            "client_config": _s3_client(style),
            "default_acl": None,
            "file_overwrite": False,
            "max_memory_size": 8 << 20,  # by default a whole export would be held in memory when it is read
            "querystring_expire": 600,
            "upload_origin": origin,
            "direct_origin": origin if query.get("direct") == "yes" else "",
        },
    }


def _s3_client(style: str) -> Any:
    """Give up soon: a lost store must cost a person seconds, and a web process must not fill with waiting requests."""
    from botocore.config import Config  # a slow import that folders do not need

    return Config(
        s3={"addressing_style": style},
        signature_version="s3v4",
        connect_timeout=3,
        read_timeout=20,
        retries={"mode": "standard", "total_max_attempts": 2},
        # Newer checksums are refused by most services other than Amazon's.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


_STATIC = (
    "infra.wiring.static.HashedStatic"
    if MODE in {"demo", "production"}
    else "django.contrib.staticfiles.storage.StaticFilesStorage"
)
STORAGES = {"default": _storage(STORAGE_URL), "staticfiles": {"BACKEND": _STATIC}}
