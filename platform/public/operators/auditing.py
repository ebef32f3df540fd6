"""What the auditor reads, in words; and what is written down about reading it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from infra.kit import clock, marking, sheets
from infra.kit.errors import DomainError
from infra.kit.labels import Label
from public.audit import api as audit
from public.operators import people
from public.operators.desk import Me
from tenants import divisions
from tenants.models import Enterprise

_PER_TURN = 2_000
NOBODY = "public"


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the list shows it."""

    row: Any
    action: str
    who: str
    enterprise: str
    result: str
    tone: str
    moment: str
    what: str
    target: str
    party: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to give out."""

    name: str
    content: bytes
    content_type: str


def schema_of(subdomain: str) -> str:
    """Return the schema of an enterprise's subdomain; ``public`` for the platform's own events (``-``), "" for everybody.

    A subdomain that nobody has finds nothing, rather than everything.
    """
    if not subdomain:
        return ""
    if subdomain == "-":
        return NOBODY
    row = Enterprise.objects.filter(subdomain=subdomain.strip().lower()).values_list("schema_name", flat=True).first()
    return str(row or "nobody")


def understood(text: str, wanted: audit.Wanted) -> audit.Wanted:
    """Return ``wanted`` narrowed by one box of text; a name means its bearer among the platform's people."""
    found = audit.understood(text, wanted)
    return found if found is not None else replace(wanted, actors=people.references(text.strip()))


def lines(rows: Sequence[Any]) -> list[Line]:
    """Return the lines of a page: two more queries, however many there are."""
    said = {who for row in rows for who in (row.actor, row.target, _partner(row)) if _is_ours(row, who)}
    names = people.names(said)
    schemas = {row.schema_name for row in rows} - {NOBODY}
    houses = dict(Enterprise.objects.filter(schema_name__in=schemas).values_list("schema_name", "name")) if schemas else {}
    return [_line(row, names, houses) for row in rows]


def _is_ours(row: Any, reference: str) -> bool:
    """Say whether a reference is one of the platform's people; a credential in an enterprise's log is the enterprise's."""
    return bool(reference.startswith("operator:") or row.schema_name == NOBODY)


def _partner(row: Any) -> str:
    return str(row.details.get("party", ""))


def _line(row: Any, names: Mapping[str, str], houses: Mapping[str, str]) -> Line:
    words, tone = audit.result_words(row.result)
    return Line(
        row=row,
        action=audit.action_words(row.action),
        who=_words(row, row.actor, names),
        enterprise=houses.get(row.schema_name, _("平台") if row.schema_name == NOBODY else row.schema_name),
        result=words,
        tone=tone,
        moment=row.at.isoformat(),
        what=_what(row.details),
        target=_words(row, row.target, names),
        party=_words(row, _partner(row), names),
    )


def _what(details: Mapping[str, Any]) -> str:
    """Return the few words that a list has room for: a reason, or what was exchanged and how much of it."""
    if "party" in details:
        rows = _("%(n)s 行") % {"n": details["rows"]} if "rows" in details else ""
        return " · ".join(part for part in (audit.exchanged_words(str(details.get("what", ""))), rows) if part)
    return str(details.get("reason", ""))[:80]


def _words(row: Any, reference: str, names: Mapping[str, str]) -> str:
    """Return who or what a reference means: the name of one of the platform's people, an authority by its division, else in words."""
    if _is_ours(row, reference) and reference in names:
        return names[reference]
    kind, _colon, division = reference.partition(":")
    area = divisions.full_name(division) if kind == "authority" else ""
    return _("%(area)s监管部门") % {"area": area} if area else audit.reference_words(reference)


def last_verification() -> Any:
    """Return the event of the newest verification, or None."""
    found = audit.search(audit.Wanted(action="audit.verified", schema=NOBODY), most=1, counted=False).rows
    return found[0] if found else None


def note_search(me: Me, get: Mapping[str, str], *, at: datetime, ip: str) -> None:
    """Write down what the auditor looked for: reading the log is an action too."""
    asked = {key: get[key][:80] for key in ("q", "enterprise", "room", "result", "direction", "since", "until") if get.get(key)}
    audit.record("audit.searched", actor=me.reference, target="audit", at=at, ip=ip, asked=asked)


def note_seen(me: Me, row: Any, *, at: datetime, ip: str) -> None:
    """Write down that the auditor looked at an event of an enterprise."""
    audit.record("audit.seen", actor=me.reference, target=f"event:{row.uuid}", at=at, ip=ip)


def workbook(wanted: audit.Wanted, *, moved: bool, label: Label, me: Me, at: datetime, ip: str) -> File:
    """Return the events that fit as a marked workbook, and write down that it went out with its digest.

    :raises DomainError: 422 ``export_too_large``: more than `audit.MOST_COUNTED`; ``search_too_wide``
    """
    first = audit.search(wanted, most=1)
    if first.is_more:
        words = _("超过 %(n)s 条，一次导不完。请缩短时间或增加条件，分几次导出。")
        raise DomainError("export_too_large", words % {"n": audit.MOST_COUNTED}, status=422)
    title = _("数据交换日志") if moved else _("操作日志")
    heads = [_("时间"), _("企业"), _("操作人"), _("操作"), _("操作代码"), _("对象"), _("结果"), _("地址"), _("编号"), _("说明")]
    mark = marking.mark_of(label, who=f"{me.name}（{me.role_name}）", at=at)
    content = sheets.xlsx_file(title, heads, _cells(wanted), mark=mark)
    audit.exchanged(
        "audit.exported",
        audit.Direction.OUT,
        actor=me.reference,
        target="audit",
        at=at,
        ip=ip,
        party=me.reference,
        what="exchange log" if moved else "audit log",
        rows=first.count,
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        label=label.code,
    )
    day = clock.shanghai_date(at).isoformat()
    return File(mark.file_name(f"{title}-{day}.xlsx"), content, sheets.XLSX)


def _cells(wanted: audit.Wanted) -> Iterator[list[str]]:
    after = ""
    while True:
        page = audit.search(wanted, after=after, most=_PER_TURN, counted=False)
        for line in lines(page.rows):
            row = line.row
            moment = f"{row.at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"
            yield [
                moment,
                line.enterprise,
                line.who,
                line.action,
                row.action,
                row.target,
                line.result,
                row.ip or "",
                row.trace,
                line.what,
            ]
        if not page.after:
            return
        after = page.after
