"""What every published version has to show: four signatures, rights, subtitles, a qualified trainer, the day of its next review."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from infra.kit import clock
from public.catalogue import api as catalogue
from public.catalogue.api import CourseCard, authoring
from public.review import api as review
from public.rights import api as rights
from public.subtitles import api as subtitles


@dataclass(frozen=True, slots=True)
class Audited:
    """One published version. ``signatures`` is ``{angle: reviewer}`` of those that hold now; ``lacks`` says in words what is missing."""

    version_id: int
    code: str
    number: int
    title: str
    signatures: dict[str, str]
    rights: int
    rights_ok: bool
    subtitles_ok: bool
    trainer: str
    trainer_ok: bool
    review_due_on: str
    lacks: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the row for machines."""
        return asdict(self)


def audited(*, at: datetime) -> Iterator[Audited]:
    """Yield every published version, by code. Stands on the platform."""
    due = dict(catalogue.due_for_review(until=date.max))
    cards = catalogue.published()
    missing = rights.gaps_of([card.version_id for card in cards], at=at)
    for card in cards:
        yield _audited(card, [str(gap.text) for gap in missing[card.version_id]], due.get(card.version_id), at)


def _audited(card: CourseCard, unregistered: list[str], due: date | None, at: datetime) -> Audited:
    lines = review.signatures(card.version_id)
    unsigned = [_("没有有效的%(angle)s签名") % {"angle": line.angle_name} for line in lines if not line.is_whole]
    silent = [str(gap.text) for gap in subtitles.subtitle_gaps(card.version_id, at)]
    unqualified = [str(gap.text) for gap in authoring.trainer_gaps(card.version_id, at)]
    return Audited(
        version_id=card.version_id,
        code=card.code,
        number=card.version_no,
        title=card.title,
        signatures={line.angle: line.reviewer for line in lines if line.is_whole},
        rights=len(rights.assets_of(card.version_id)),
        rights_ok=not unregistered,
        subtitles_ok=not silent,
        trainer=card.trainer,
        trainer_ok=not unqualified,
        review_due_on=due.isoformat() if due else "",
        lacks=[*unsigned, *unregistered, *silent, *unqualified, *_not_due(due, at)],
    )


def _not_due(due: date | None, at: datetime) -> list[str]:
    if due is None:
        return [_("没有复审日期")]
    if due < clock.shanghai_date(at):
        return [_("复审已于 %(day)s 到期") % {"day": due.isoformat()}]
    return []
