"""The licences in the footer of every page, on the platform and in every enterprise (互联网信息服务管理办法 art. 12).

Pages never ask the database for it: what it says lies in Valkey, written when a text is saved and looked after each minute by the schedule; each
process looks there every few seconds, and goes on with what it knows while Valkey is away.
"""

import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import get_language
from redis.exceptions import RedisError

from public.site.models import SiteFact
from tenants.api import platform_scope

KEYS = ("operator_name", "icp", "telecom_licence", "police_record")
log = logging.getLogger("anxue.site")
_KEPT, _LOOK_S = "platform:site-footer", 5.0
_ICP, _POLICE = "https://beian.miit.gov.cn/", "https://beian.mps.gov.cn/#/query/webSearch?code="


@dataclass(frozen=True, slots=True)
class Line:
    """One text of the footer; ``url``: where it can be checked, or ""."""

    key: str
    text: str
    url: str = ""


class _Known:
    def __init__(self) -> None:
        self.rows: dict[str, tuple[str, str]] = {}
        self.look_at = 0.0


_known = _Known()


class Footer:
    """The lines, found only when a template asks for them: parts of pages have no footer."""

    def __iter__(self) -> Iterator[Line]:
        """Give the lines in the reader's language."""
        yield from lines()


def lines() -> list[Line]:
    """Return what the footer says."""
    english = (get_language() or "").startswith("en")
    found = []
    for key, (zh, en) in _rows().items():
        text = en if english and en else zh
        if text:
            found.append(Line(key, text, _checked_at(key, zh)))
    return sorted(found, key=lambda line: KEYS.index(line.key))


def _checked_at(key: str, text: str) -> str:
    if key == "icp":
        return _ICP
    digits = "".join(re.findall(r"\d+", text)) if key == "police_record" else ""
    return _POLICE + digits if digits else ""


def _rows() -> dict[str, tuple[str, str]]:
    now = time.monotonic()
    if now >= _known.look_at:
        _known.look_at = now + _LOOK_S
        try:
            found: dict[str, tuple[str, str]] | None = cache.get(_KEPT)
        except RedisError:
            found = None
        if found is not None:
            _known.rows = found
    return _known.rows


def changed() -> None:
    """Say that a text was changed; every process shows it within seconds of the commit."""
    transaction.on_commit(publish)


def publish() -> None:
    """Read the texts and lay them where every process looks; where Valkey is away, the schedule does it later."""
    with platform_scope():
        rows = {row.key: (row.text_zh, row.text_en) for row in SiteFact.objects.filter(key__in=KEYS)}
    _known.rows = rows
    try:
        cache.set(_KEPT, rows, timeout=None)
    except RedisError:
        log.warning("other processes show the former footer until the schedule has come round")


def forget() -> None:
    """Forget in this process what the footer says, until it is looked for anew."""
    _known.rows, _known.look_at = {}, 0.0
