"""What operations are told of a paper that ends: who is told, in which words, and what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from infra.kit.marking import PLAIN
from public.operators import api as operators
from public.site.papers.models import SitePaper
from public.site.papers.queries import renewed

KIND = "site.paper_ends"


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning of one paper: ``stage`` days before its end (0: it was over), and what became of it."""

    stage: int
    told: operators.Told


def _about(paper: UUID, stage: int) -> str:
    return f"site-paper:{paper}:{stage}"


def tell(row: SitePaper, *, stage: int, left: int, at: datetime) -> int:
    """Tell whoever keeps the papers (`desk-site-papers`) that one ends; returns how many people were told now."""
    facts = {"paper": str(row.uuid), "title": row.title, "until": f"{row.valid_until:%Y-%m-%d}", "left": left}
    return operators.tell(
        role=operators.Role.OPERATIONS, label=PLAIN, kind=KIND, about=_about(row.uuid, stage), facts=facts, at=at
    )  # fmt: skip


def words(facts: Mapping[str, Any]) -> operators.Words:
    """Return what is said of a paper that ends."""
    if facts["left"] < 0:
        title = _("“%(title)s”已过期") % facts
        text = _("“%(title)s”的有效期到 %(until)s 为止，已经过期，公众在“资质公示”页看得到。请尽快换证并更新。") % facts
    else:
        days = ngettext("“%(title)s”还有 %(left)d 天到期", "“%(title)s”还有 %(left)d 天到期", facts["left"]) % facts
        title = days if facts["left"] else _("“%(title)s”今天到期") % facts
        text = _("“%(title)s”的有效期到 %(until)s 为止。请及时换证；新证可以提前公示，生效那天代替旧证。") % facts
    return operators.Words(title, text, reverse("desk-site-papers"), _("平台资质"))


def is_due(facts: Mapping[str, Any]) -> bool:
    """Say whether a paper still ends as it did: neither renewed nor taken away."""
    return SitePaper.objects.filter(uuid=facts["paper"], withdrawn_at=None).exclude(renewed()).exists()


def warned(papers: Iterable[UUID], *, stages: Iterable[int]) -> dict[UUID, list[Warned]]:
    """Return the warnings of each paper in the order in which they came, in one query."""
    abouts = {_about(paper, stage): (paper, stage) for paper in papers for stage in stages}
    found: dict[UUID, list[Warned]] = {}
    for about, told in operators.told(abouts).items():
        paper, stage = abouts[about]
        found.setdefault(paper, []).append(Warned(stage, told))
    return {paper: sorted(rows, key=lambda one: -one.stage) for paper, rows in found.items()}
