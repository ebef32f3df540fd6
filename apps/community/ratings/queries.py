"""Reads of ratings."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet

from apps.community.ratings import rules
from apps.community.ratings.models import CourseRating, RatingComment
from apps.community.ratings.shapes import CourseFigures, RatingView, Unrated
from apps.people import api as people
from apps.plans import api as plans
from public.catalogue import api as catalogue
from public.search import api as search


def unrated(learner_id: int, views: list[plans.AssignmentView], earned: Mapping[int, int]) -> list[Unrated]:
    """Return a learner's finished courses without their rating, each version once; one query, none without a finished course.

    :param views: the learner's duties
    :param earned: courseware id -> confirmed ms
    """
    done = {
        course.version_id: (view, course) for view in views for course in view.courses if plans.is_course_finished(course, earned)
    }
    if not done:
        return []
    said = set(CourseRating.objects.filter(learner_id=learner_id, version_id__in=done).values_list("version_id", flat=True))
    return [
        Unrated(view.uuid, version_id, course.title, course.trainer)
        for version_id, (view, course) in done.items()
        if version_id not in said
    ]


def own(learner_id: int, version_id: int, *, at: datetime) -> RatingView | None:
    """Return a learner's rating of a version, None without one."""
    row = CourseRating.objects.filter(learner_id=learner_id, version_id=version_id).select_related("comment").first()
    return _view(row, at) if row else None


def _view(row: CourseRating, at: datetime) -> RatingView:
    comment: RatingComment | None = getattr(row, "comment", None)
    stars = {} if row.useful is None else {name: getattr(row, name) for name in search.ASPECTS}
    left = rules.days_left(row.stands_at, at=at)
    if comment is None:
        return RatingView(row.version_id, row.stars, stars, row.at, left, "", False, "", "")
    words = (comment.text, comment.may_share, comment.get_state_display(), comment.reason)
    return RatingView(row.version_id, row.stars, stars, row.at, left, *words)


def ratings_of(learner_id: int) -> QuerySet[CourseRating]:
    """Return a learner's ratings, the latest first."""
    return CourseRating.objects.filter(learner_id=learner_id).select_related("comment").order_by("-at", "-pk")


def comments(*, within: people.Units, state: str = "", text: str = "", version_id: int | None = None) -> QuerySet[RatingComment]:
    """Return comments of people of these units: what waits as it came, else the latest first. Nobody's name is read.

    :param state: a value of ``RatingComment.State``; anything else counts as all
    """
    rows = RatingComment.objects.filter(people.belongs(within, "rating__learner"), people.real("rating__learner"))
    if state in RatingComment.State.values:
        rows = rows.filter(state=state)
    if version_id is not None:
        rows = rows.filter(rating__version_id=version_id)
    for word in text.split()[:5]:
        rows = rows.filter(text__icontains=word)
    rows = rows.select_related("rating")
    return rows.order_by("written_at", "pk") if state == RatingComment.State.WAITING else rows.order_by("-written_at", "-pk")


def waiting(*, within: people.Units) -> int:
    """Return how many comments wait for a manager of these units."""
    return comments(within=within, state=RatingComment.State.WAITING).count()


def by_course(*, within: people.Units, text: str = "") -> list[CourseFigures]:
    """Return how each course was rated by people of these units, the most rated first; two queries."""
    rows = CourseRating.objects.filter(people.belongs(within, "learner"), people.real("learner"))
    counted = rows.values("version_id").annotate(
        n=Count("pk"),
        mean=Avg("stars"),
        told=Count("useful"),
        comments=Count("comment", filter=Q(comment__state=RatingComment.State.SHOWN)),
        **{f"mean_{name}": Avg(name) for name in search.ASPECTS},
    )
    found: list[Any] = list(counted.order_by(F("n").desc(), "version_id"))
    labels = catalogue.labels([row["version_id"] for row in found])
    made = [_figures(row, labels.get(row["version_id"])) for row in found]
    words = text.lower().split()
    return [one for one in made if all(word in f"{one.title} {one.code}".lower() for word in words)]


def _figures(row: Mapping[str, Any], label: catalogue.VersionLabel | None) -> CourseFigures:
    n, told = row["n"], row["told"]
    means = [(search.ASPECT_NAMES[name], float(row[f"mean_{name}"])) for name in search.ASPECTS] if told else []
    return CourseFigures(
        version_id=row["version_id"],
        title=label.title if label else "—",
        code=label.code if label else "",
        ratings=n,
        mean=float(row["mean"]) if n >= rules.ENOUGH_PEOPLE else None,
        means=means if told >= rules.ENOUGH_PEOPLE else [],
        comments=row["comments"],
    )
