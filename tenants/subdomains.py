"""Which subdomains may be taken: shape, reserved words, look-alikes, suggestions."""

import re
import secrets
import unicodedata

from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from tenants.models import Enterprise

_SHAPE = re.compile(r"[a-z](?:[a-z0-9-]{1,38})[a-z0-9]")
RESERVED = frozenset(
    [
        "admin",
        "anxue",
        "api",
        "app",
        "apps",
        "assets",
        "auth",
        "billing",
        "blog",
        "cdn",
        "console",
        "demo-admin",
        "dev",
        "docs",
        "ftp",
        "gov",
        "help",
        "imap",
        "localhost",
        "login",
        "m",
        "mail",
        "media",
        "mobile",
        "mx",
        "ns",
        "ns1",
        "ns2",
        "official",
        "operator",
        "platform",
        "pop",
        "portal",
        "public",
        "regulator",
        "root",
        "security",
        "sms",
        "smtp",
        "sso",
        "static",
        "stats",
        "status",
        "support",
        "system",
        "test",
        "tools",
        "uat",
        "www",
        "zj",
        "zjyj",
        "yjt",
        "mem",
        "safety",
        "ajj",
    ]
)
# Characters that look alike in the fonts people use; two names that fold to the same skeleton are one name to the eye.
_LOOK_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "2": "z", "8": "b"})


class BadSubdomain(DomainError):
    """The subdomain cannot be taken; ``suggestions`` holds free ones."""


def skeleton(subdomain: str) -> str:
    """Return what the eye sees: ``demo``, ``dem0`` and ``de-mo`` are the same."""
    return subdomain.translate(_LOOK_ALIKE).replace("rn", "m").replace("vv", "w").replace("-", "")


_RESERVED_SEEN = frozenset(skeleton(word) for word in RESERVED)


def normalise(value: str) -> str:
    """Return the subdomain in lower case without surrounding space and without full-width letters."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def check(value: str) -> str:
    """Return the normalised subdomain when it is free. Runs on the platform.

    :raises BadSubdomain: wrong shape, reserved, taken or too like a taken one
    """
    name = normalise(value)
    if not _SHAPE.fullmatch(name) or "--" in name:
        raise BadSubdomain(
            "subdomain_shape",
            _("请用 3–40 个小写字母、数字或短横线，以字母开头，例如 hangji-safety。"),
            suggestions=suggest(name),
        )
    if is_reserved(name):
        raise BadSubdomain("subdomain_reserved", _("这个名称由平台保留，请换一个。"), suggestions=suggest(name))
    if is_taken(name):
        raise BadSubdomain("subdomain_taken", _("这个名称已被使用或与已有名称过于相似，请换一个。"), suggestions=suggest(name))
    return name


def is_reserved(name: str) -> bool:
    """Say whether the name, or one that looks like it, is the platform's; nobody may begin theirs with our own name."""
    seen = skeleton(name)
    return seen in _RESERVED_SEEN or seen.startswith(skeleton("anxue"))


def is_taken(name: str) -> bool:
    """Say whether the name, or one that looks like it, belongs to an enterprise."""
    return bool(Enterprise.objects.filter(subdomain_skeleton=skeleton(name)).exists())


def suggest(name: str) -> list[str]:
    """Return up to three free subdomains near ``name``."""
    stem = re.sub(r"-{2,}", "-", re.sub(r"[^a-z0-9-]", "", name))[:28].strip("-").lstrip("0123456789-") or "company"
    tries = [f"{stem}-safety", f"{stem}-anquan", f"{stem}-zj", *(f"{stem}-{secrets.randbelow(900) + 100}" for _ in range(4))]
    good = [t for t in tries if _SHAPE.fullmatch(t) and not is_reserved(t) and not is_taken(t)]
    return good[:3]
