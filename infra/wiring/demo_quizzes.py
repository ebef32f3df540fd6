"""One course of the demo asks: twice in its first film, and in a test at its end, before which its hours do not count."""

from public.catalogue import api as catalogue
from public.catalogue.api import authoring
from public.questions import api as questions

COURSE = "AQ-CY-C-YX-0014-9"
TOPIC = "有限空间作业"
_MOST_ASKED, _PASS = 5, 80


def add(version_id: int, *, author_id: int, author_name: str) -> None:
    """Give the draft of that course its points and its quiz, unless it has them. Stands on the platform."""
    course = catalogue.course(version_id)
    if course.card.code != COURSE or catalogue.quizzes_of([version_id]):
        return
    by = authoring.Writer(author_id, author_name)
    chosen = [(item["question"], item["version"]) for item in questions.published(topics=[TOPIC])]
    first = course.coursewares[0]
    third = first.duration_ms // 3
    places = [(third, "again"), (2 * third, "back")] if third >= 2 * authoring.APART_MS else []
    points = [authoring.PointOrder(at, chosen[no : no + 1], rule) for no, (at, rule) in enumerate(places)]
    authoring.save_points(lesson_id=first.id, points=points, by=by)
    order = authoring.QuizOrder(questions=chosen[2 : 2 + _MOST_ASKED], pass_score=_PASS)
    authoring.add_quiz(version_id=version_id, title="课程测验", order=order, by=by)
    authoring.set_quiz_rule(version_id=version_id, rule="void-until-done", by=by)
