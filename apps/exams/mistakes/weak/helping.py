"""Courses that help with a weak point: those whose questions are about it, the best rated first, then those that speak of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from public.catalogue import api as catalogue
from public.search import api as search

MOST = 6
PROPOSED = 2
"""Courses that are ticked beforehand."""


@dataclass(frozen=True, slots=True)
class Help:
    """One course. ``because``: the topic that its questions share with the point, "" where search found it."""

    hit: search.Hit
    because: str
    is_proposed: bool


def courses(point: str, topics: Sequence[str]) -> list[Help]:
    """Return courses for a point, at most ``MOST``, without any that cannot be taken; three queries.

    :param topics: topics of the point's questions
    """
    about = catalogue.versions_about([*topics, point])
    known = search.known(list(about))
    found = [(hit, about[key]) for key, hit in known.items() if hit.duration_ms]
    found.sort(key=lambda pair: (pair[1] != point, -(pair[0].rating_bound or 0), -pair[0].ratings, pair[0].title))
    if len(found) < MOST:
        said = search.find(point, per_page=MOST, with_facets=False)
        found += [(hit, "") for hit in said.hits if hit.version_id not in about and hit.duration_ms and not said.instead]
    return [Help(hit, because, at < PROPOSED and bool(because)) for at, (hit, because) in enumerate(found[:MOST])]
