"""What follows when a version is written from another."""

from datetime import datetime
from typing import Any

from public.catalogue import api as catalogue
from public.rights.models import PeopleAnswer
from public.rights.services import Person, answer_people, copy_assets


def copy_with_the_version(
    *, from_version: int, to_version: int, by_id: int, at: datetime, lessons: dict[int, int] | None = None, **news: Any
) -> None:
    """Give the new draft its origin's register and answer; part of the sender's transaction."""
    target = catalogue.labels([to_version])[to_version]
    by = Person(by_id, str(news.get("by_name", "")), target.provider_schema)
    copy_assets(from_version=from_version, to_version=to_version, by=by, at=at, lessons=lessons)
    answer = PeopleAnswer.objects.filter(version_id=from_version).first()
    if answer is not None:
        answer_people(version_id=to_version, people_appear=answer.people_appear, by=by, at=at)
