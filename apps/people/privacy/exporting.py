"""Everything about one person as one ZIP: a page to read, all rows as JSON, files (PIPL art. 45)."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from apps.people.models import Learner
from apps.people.privacy.holdings import File, Holding, Subject, holdings
from infra.kit import clock
from tenants.api import current_site

PAGE = "我的信息.html"
MOST_SHOWN = 200
"""Lines of one table on the page; the JSON has all."""
Progress = Callable[[int, int], None]
"""Called with how many tables are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table on the page: ``lines`` of texts under ``heads``; ``count`` rows in the file ``name``."""

    title: Any
    why: Any
    heads: list[Any]
    lines: list[list[str]]
    count: int
    name: str
    left_out: list[Any]
    kept: Any


def subject_of(row: Learner) -> Subject:
    """Return under which keys tables know a learner."""
    return Subject(row.pk, row.uuid, row.credential_id or 0, row.person_key)


def package(row: Learner, *, at: datetime, progress: Progress) -> bytes:
    """Return the ZIP. Tables without a row of the person are named on the page and have no file."""
    subject = subject_of(row)
    parts: list[Part] = []
    empty: list[Any] = []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number, holding in enumerate(holdings(), 1):
            part, files = _part(holding, subject, number)
            for name, content in files:
                made.writestr(_entry(name, at), content)
            if part.count:
                parts.append(part)
            else:
                empty.append(part.title)
            progress(number, len(holdings()))
        made.writestr(_entry(PAGE, at), _page(row, parts, empty, at))
    return out.getvalue()


def _part(holding: Holding, subject: Subject, number: int) -> tuple[Part, list[File]]:
    """Return a table for the page, and its files: the JSON first."""
    name = f"data/{number:02d}-{holding.model}.json"
    records: list[dict[str, Any]] = []
    lines: list[list[str]] = []
    files: list[File] = []
    for row in holding.rows(subject).iterator(chunk_size=1000):
        records.append(record(holding, row))
        if len(lines) < MOST_SHOWN:
            lines.append([_shown(holding, row, column, records[-1]) for column in holding.shown])
        for file_name, content in holding.files(row) if holding.files else ():
            files.append((f"files/{number:02d}-{file_name}", content))
    if records:
        files.insert(0, (name, json.dumps(records, ensure_ascii=False, indent=1).encode()))
    left = list(dict.fromkeys(str(reason) for reason in holding.left_out.values()))
    heads = list(holding.shown.values())
    return Part(holding.title, holding.why, heads, lines, len(records), name, left, holding.why_kept), files


def record(holding: Holding, row: Model) -> dict[str, Any]:
    """Return all that a row says as JSON values; sealed columns opened.

    :raises TypeError: a column of bytes that the holding neither opens nor leaves out
    """
    return dict(_columns(holding, row))


def _columns(holding: Holding, row: Model) -> Iterator[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        name = field.attname
        if name in holding.left_out or field.name in holding.left_out:
            continue
        value = getattr(row, name)
        if name in holding.opened:
            raw = bytes(value) if isinstance(value, memoryview) else value
            yield name.removesuffix("_sealed"), plain(holding.opened[name](raw)) if raw else None
        elif isinstance(value, bytes | memoryview):
            raise TypeError(f"{holding.model}.{name}: say how it is opened, or why it is left out")
        else:
            yield name, plain(value)


def plain(value: Any) -> Any:
    """Return what JSON can say: moments with Zhejiang's offset, everything else as text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return value.astimezone(clock.SHANGHAI).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return str(value)


def _shown(holding: Holding, row: Model, column: str, said: dict[str, Any]) -> str:
    return str(holding.worded[column](row)) if column in holding.worded else _cell(row, column, said)


def _cell(row: Model, column: str, said: dict[str, Any]) -> str:
    """Return a value as a person reads it: labels of choices, moments without offset, nothing as a dash."""
    labelled = getattr(row, f"get_{column}_display", None)
    value = labelled() if labelled else getattr(row, column, said.get(column))
    if isinstance(value, bytes | memoryview) or value is None:
        value = said.get(column.removesuffix("_sealed"))
    if isinstance(value, datetime):
        return value.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "是" if value else "否"
    if (column == "ms" or column.endswith("_ms")) and isinstance(value, int):
        return f"{value / 60_000:.1f} 分钟"
    if isinstance(value, dict | list | tuple):
        return json.dumps(plain(value), ensure_ascii=False)[:300]
    return str(value) if value is not None and (value != "" or isinstance(value, Promise)) else "—"


def _page(row: Learner, parts: list[Part], empty: list[Any], at: datetime) -> str:
    style = format_html("<style>{}</style>", mark_safe(render_to_string("people/privacy/export.css")))  # noqa: S308 - ours; the page stands alone
    values = {
        "learner": row,
        "enterprise": current_site(),
        "parts": parts,
        "empty": empty,
        "at": at,
        "most": MOST_SHOWN,
        "style": style,
    }
    return render_to_string("people/privacy/export.html", values)


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    local = at.astimezone(clock.SHANGHAI)
    found = zipfile.ZipInfo(name, (local.year, local.month, local.day, local.hour, local.minute, local.second))
    found.compress_type = zipfile.ZIP_DEFLATED
    return found
