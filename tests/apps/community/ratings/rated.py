"""Ground of the tests of ratings: 学员乙 has a plan with one course of two lessons; rating it."""

from dataclasses import dataclass
from typing import Any

from apps.community.ratings import services
from apps.community.ratings.models import RatingComment
from apps.plans import api as plans
from tests.apps.plans import ground

STARS = {"useful": 5, "clear": 4, "picture": 4, "level": 3}


@dataclass(frozen=True)
class Duty:
    learner: Any
    view: plans.AssignmentView
    version: int


def duty(n: int = 1, *, code: str = "AQ-CY-R1", title: str = "叉车安全", **more: Any) -> Duty:
    someone = ground.learner(n, **more)
    version = ground.make_course(code, title=title, lessons=(60_000, 60_000))
    ground.make_questions(code)
    ground.open_plan(plans.Who("picked", learner_ids=[someone.id]), version_ids=[version])
    (view,) = plans.assignments_of(someone.id)
    return Duty(someone, view, version)


def rate(who: Duty, at: Any = ground.NOON, **changes: Any) -> None:
    words = {"learner_id": who.learner.id, "assignment": who.view.uuid, "version_id": who.version, "stars": STARS, "at": at}
    services.rate(**{**words, **changes})


def commented(who: Duty, text: str = "案例贴近现场，讲得明白。", **more: Any) -> RatingComment:
    ground.learn_all(who.view)
    rate(who, comment=text, **more)
    return RatingComment.objects.get(rating__learner_id=who.learner.id)


def address(who: Duty) -> str:
    return f"/learn/ratings/{who.view.uuid}/{who.version}"
