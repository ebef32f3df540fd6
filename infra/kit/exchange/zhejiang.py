"""The signature of Zhejiang's gateway for shared interfaces (IRS, 业务协同网关): HMAC-SHA256 over method, path, query, key and date.

It does not cover the body, so our own stamp travels beside it (`infra.kit.exchange.stamps`).
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

WINDOW = timedelta(seconds=90)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def http_date(at: datetime) -> str:
    """Return the date of RFC 1123 in GMT, whatever the process's language."""
    gmt = at.astimezone(UTC)
    return f"{_DAYS[gmt.weekday()]}, {gmt:%d} {_MONTHS[gmt.month - 1]} {gmt:%Y %H:%M:%S} GMT"


def signature(*, method: str, path: str, query: str, key: str, secret: str, date: str) -> str:
    """Return the base64 of the HMAC; the query's pairs are sorted by name."""
    pairs = "&".join(f"{name}={value}" for name, value in sorted(parse_qsl(query, keep_blank_values=True)))
    said = f"{method.upper()}\n{path}\n{pairs}\n{key}\n{date}\n"
    return base64.b64encode(hmac.new(secret.encode(), said.encode(), hashlib.sha256).digest()).decode()


def headers(*, method: str, path: str, query: str = "", key: str, secret: str, at: datetime) -> dict[str, str]:
    """Return the four headers of a request."""
    date = http_date(at)
    return {
        "X-BG-HMAC-SIGNATURE": signature(method=method, path=path, query=query, key=key, secret=secret, date=date),
        "X-BG-HMAC-ALGORITHM": "hmac-sha256",
        "X-BG-HMAC-ACCESS-KEY": key,
        "X-BG-DATE-TIME": date,
    }
