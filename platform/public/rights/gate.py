"""What the register lacks, for one version before it is submitted or published and for many at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from infra.kit import clock
from public.catalogue import api as catalogue
from public.catalogue.api import Gap, LessonKind
from public.rights import rules
from public.rights.models import PeopleAnswer, RightsAsset


def rights_gaps(version_id: int, at: datetime) -> list[Gap]:
    """Return what one version lacks. The register's gate before publication."""
    return gaps_of([version_id], at=at)[version_id]


def gaps_of(version_ids: Iterable[int], *, at: datetime) -> dict[int, list[Gap]]:
    """Return what each version lacks at a moment, an empty list where nothing does; three queries for any number."""
    wanted = list(version_ids)
    lessons: dict[int, list[LessonKind]] = defaultdict(list)
    assets: dict[int, list[RightsAsset]] = defaultdict(list)
    for lesson in catalogue.lesson_kinds(wanted):
        lessons[lesson.version_id].append(lesson)
    for asset in RightsAsset.objects.filter(version_id__in=wanted, replaced_by__isnull=True).order_by("kind", "id"):
        assets[asset.version_id].append(asset)
    answers = dict(PeopleAnswer.objects.filter(version_id__in=wanted).values_list("version_id", "people_appear"))
    day = clock.shanghai_date(at)
    return {key: rules.missing(lessons[key], assets[key], answers.get(key), on=day) for key in wanted}
