"""A course that asks: two points in its first film and a test at its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apps.learning.quizzes import points, services
from apps.learning.quizzes.models import QuizTry
from apps.learning.quizzes.points import Asking
from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from public.catalogue.models import CourseVersion, MediaAsset
from public.questions import api as questions
from tenants.scope import platform_scope
from tests.apps.learning.conftest import FILM_MS, SEGMENTS, Player, School
from tests.conftest import NOON
from tests.public.rights.ground import cover
from tests.public.subtitles.ground import subtitle

COURSE = "AQ-CY-C-YX-0014-9"
FIRST_MS, SECOND_MS = 60_000, 180_000
BY = authoring.Writer(1, "课程作者甲")


def publish(
    *,
    rule: str = "none",
    places: Sequence[tuple[int, str]] = ((FIRST_MS, "again"), (SECOND_MS, "back")),
    has_quiz: bool = True,
    **order: Any,
) -> int:
    """Seed the catalogue and publish one course of ten-minute films that asks; return its version."""
    with platform_scope():
        catalogue.load_seed(author_id=1, at=NOON)
        MediaAsset.objects.update(
            state="READY",
            duration_ms=FILM_MS,
            package={"init": "init.mp4", "segments": SEGMENTS},
            keys_sealed=b"\x01",
            progress=100,
        )
        version = CourseVersion.objects.get(course__code=COURSE, number=1)
        lessons = list(version.coursewares.order_by("no"))
        for lesson in lessons[2:]:  # two films are enough to watch
            authoring.remove_lesson(lesson_id=lesson.pk, by=BY)
        ask(version.pk, rule=rule, places=places, has_quiz=has_quiz, **order)
        cover(version.pk, author_id=1, at=NOON)
        subtitle(version.pk)
        catalogue.submit(version_id=version.pk, by_id=1, at=NOON)
        catalogue.publish(version_id=version.pk, by_id=2, at=NOON)
        return version.pk


def ask(version_id: int, *, rule: str, places: Sequence[tuple[int, str]], has_quiz: bool, **order: Any) -> None:
    """Let a draft ask."""
    chosen = [(UUID(str(item["question"])), item["version"]) for item in questions.published(topics=["有限空间作业"])]
    first = catalogue.course(version_id).coursewares[0]
    asked = [authoring.PointOrder(at, chosen[no : no + 1], wrong) for no, (at, wrong) in enumerate(places)]
    authoring.save_points(lesson_id=first.id, points=asked, by=BY)
    if has_quiz:
        given = {"questions": chosen[2:6], "pass_score": 75, **order}
        authoring.add_quiz(version_id=version_id, title="课程测验", order=authoring.QuizOrder(**given), by=BY)
    authoring.set_quiz_rule(version_id=version_id, rule=rule, by=BY)


def quiz_of(school: School) -> int:
    return school.assignment.quiz_ids[0]


def asking(player: Player, point: str | None = None, **changes: Any) -> Asking:
    named = {"learner_id": player.row().learner_id, "terminal": player.terminal, **changes}
    return Asking(player.uuid, UUID(point or player.reply["quiz"]["uuid"]), **named)


def answer_point(player: Player, *, right: bool, point: str | None = None) -> dict[str, Any]:
    """Fetch what the point asks and answer it."""
    here = asking(player, point)
    shown = points.show(here, at=player.now)
    row = QuizTry.objects.get(uuid=shown["try"])
    told = points.answer(here, trial=row.uuid, responses=responses(row, right=right), at=player.now)
    player.position_ms = told["position_ms"]
    player.reply["accepted_ms"] = told["position_ms"]
    return told


def responses(row: QuizTry, *, right: bool) -> list[list[str]]:
    return [answer(item) if right else wrong(item) for item in row.items]


def answer(item: dict[str, Any]) -> list[str]:
    return [one if isinstance(one, str) else one[0] for one in item["answer"]]


def wrong(item: dict[str, Any]) -> list[str]:
    """Return a response that fits the question and is not right."""
    if not item["options"]:
        return ["不知道"] * len(item["answer"])
    keys = [option["key"] for option in item["options"]]
    if item["kind"] == "order":
        return list(reversed(item["answer"]))
    return [next(key for key in keys if [key] != item["answer"])]


def sit(school: School, player: Player, *, right: bool) -> QuizTry:
    """Sit the course's quiz."""
    named = {"learner_id": school.learner.id, "assignment_uuid": school.assignment.uuid, "courseware_id": quiz_of(school)}
    row = services.begin(**named, at=player.now)
    return services.submit(learner_id=school.learner.id, trial=row.uuid, responses=responses(row, right=right), at=player.now)


def watch_whole(school: School, courseware_id: int, *, at: Any) -> Player:
    """Watch a lesson to its end, answer what it asks and every check; leave nothing unproven."""
    player = school.open(courseware_id, at=at)
    player.play()
    while player.position_ms < FILM_MS:
        player.watch(min(30, (FILM_MS - player.position_ms) / 1000))
        if player.reply["quiz"]:
            answer_point(player, right=True)
            player.play()
    player.proven()
    return player
