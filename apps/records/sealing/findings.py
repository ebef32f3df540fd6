"""What a verification may find, in words an inspector can read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

KINDS: Mapping[str, Any] = {
    "changed": _("记录内容被改动"),
    "removed": _("记录被删除"),
    "backdated": _("记录的时间早于封存窗口"),
    "unsealed": _("记录没有封存：绕过系统写入，或封存任务停了"),
    "chain": _("学员的记录链断开：有记录被插入、删除或换序"),
    "index": _("封存位置表被改动"),
    "node": _("封存树的中间节点被改动"),
    "head": _("数据库里的封存点被改动"),
    "head_removed": _("数据库里的封存点被删除"),
    "copy": _("库外的封存点副本被改动或换掉"),
    "copy_removed": _("库外的封存点副本被删除"),
    "leaves": _("库外的封存内容副本被改动或删除"),
    "certificate": _("培训证明与学习档案不符"),
    "shown": _("公开核验页与学习档案不符"),
    "window": _("这个时间窗口的封存内容与签名不符"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was sealed. ``entry``: its id, with whose (``subject``) and which (``n``) where that is still known.

    ``since``, ``until``: between which signed heads it was sealed; None where that is open.
    """

    kind: str
    entry: int | None = None
    subject: str = ""
    n: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    more: str = ""

    @property
    def words(self) -> str:
        """The kind in words."""
        return str(KINDS[self.kind])

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "kind": self.kind,
            "words": self.words,
            "entry": self.entry,
            "subject": self.subject,
            "n": self.n,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "more": self.more,
        }


@dataclass(slots=True)
class Report:
    """What was verified: entries in the ledger, of them sealed, heads outside the database, and the findings."""

    schema: str
    entries: int = 0
    sealed: int = 0
    heads: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether everything is as it was sealed."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "schema": self.schema,
            "entries": self.entries,
            "sealed": self.sealed,
            "heads": self.heads,
            "clean": self.is_clean,
            "findings": [one.as_json() for one in self.findings],
        }
