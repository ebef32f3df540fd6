"""What a code check asks: four digits in a picture and a question on the course. Nothing of it is said before the check is shown."""

import base64
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.learning import drawing
from apps.learning.models import StudySession
from infra.kit.errors import DomainError
from public.catalogue import api as catalogue
from public.questions import api as questions

DIGITS = 4
_KEYS = "ABCDEFGH"
_MOST_TITLES = 4
_NOTHING: dict[str, Any] = {"question": "", "options": [], "answer": [], "multiple": False}
_random = secrets.SystemRandom()


def content_for(row: StudySession) -> dict[str, Any]:
    """Draw what a check of this session asks: ``{code, ink, question, options: [{key, text}], answer: [keys], multiple}``.

    ``ink`` makes the picture of the code the same however often it is fetched.

    A course without questions of its own is asked which lesson is playing; one with a single lesson has the code alone.
    """
    code = "".join(str(secrets.randbelow(10)) for _n in range(DIGITS))
    return {"code": code, "ink": secrets.randbits(53), **_question(row)}


def shown(content: dict[str, Any]) -> dict[str, Any]:
    """Return what the learner may see of it; the code as a picture (data URL of a PNG)."""
    picture = base64.b64encode(drawing.picture(content["code"], seed=content["ink"])).decode()
    asked = {key: content[key] for key in ("question", "options", "multiple")}
    return {"code": f"data:image/png;base64,{picture}", "digits": DIGITS, **asked}


def is_right(content: dict[str, Any], *, code: str, answer: Sequence[str]) -> bool:
    """Judge an answer: the digits and exactly the right options."""
    same_code = hmac.compare_digest(content["code"].encode(), code.strip().encode())
    return same_code and sorted(set(answer)) == sorted(content["answer"])


def _question(row: StudySession) -> dict[str, Any]:
    try:
        course = catalogue.course(row.version_id)
    except DomainError:  # taken down in this minute: the code alone
        return _NOTHING
    titles = [lesson.title for lesson in course.coursewares]
    if not course.question_topics:
        return _lesson_question(row, titles)
    try:
        found = questions.draw(topics=course.question_topics, count=1, seed=secrets.randbits(64))[0]
    except DomainError:  # the bank has nothing on its topics
        return _lesson_question(row, titles)
    options = [(option["text"], option["key"] in found["answer"]) for option in found["options"]]
    return _shuffled(found["stem"], options, is_multiple=found["kind"] == "multiple")


def _lesson_question(row: StudySession, titles: list[str]) -> dict[str, Any]:
    others = sorted({title for title in titles if title != row.courseware_title})
    if not others:
        return _NOTHING
    chosen = _random.sample(others, min(len(others), _MOST_TITLES - 1))
    options = [(row.courseware_title, True), *((title, False) for title in chosen)]
    return _shuffled(_("您现在学习的是哪一课？"), options, is_multiple=False)


def _shuffled(stem: str, options: list[tuple[str, bool]], *, is_multiple: bool) -> dict[str, Any]:
    _random.shuffle(options)
    keyed = list(zip(_KEYS, options, strict=False))
    return {
        "question": stem,
        "options": [{"key": key, "text": text} for key, (text, _right) in keyed],
        "answer": [key for key, (_text, right) in keyed if right],
        "multiple": is_multiple,
    }
