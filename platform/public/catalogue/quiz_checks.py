"""What quizzes of a version lack before it is submitted, and what reviewers read of them."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from infra.kit.errors import DomainError
from public.catalogue.authoring.quizzes import latest_ms
from public.catalogue.gates import Gap
from public.catalogue.models import CourseVersion, Courseware
from public.catalogue.quizzes import VOID_UNTIL_DONE, QuizView, quizzes_of
from public.questions import api as questions

KINDS = tuple(kind for kind in questions.KINDS if kind != "text")
"""What a quiz may ask; a text would wait for a person."""


def quiz_gaps(version_id: int, at: datetime) -> list[Gap]:
    """Return what keeps quizzes and points from being asked. The catalogue's gate for them; at most four queries."""
    quizzes = quizzes_of([version_id])
    found = [gap for quiz in quizzes for gap in _gaps(quiz)]
    rule = CourseVersion.objects.values_list("quiz_rule", flat=True).get(pk=version_id)
    if rule == VOID_UNTIL_DONE and all(quiz.at_ms is not None for quiz in quizzes):
        found.append(Gap("quiz_rule", _("选择了“测验通过前学时不计入”，课程里还没有测验，请添加测验或改选规则")))
    lengths = _lengths(quiz.courseware_id for quiz in quizzes if quiz.at_ms is not None)
    late = {quiz.courseware_id for quiz in quizzes if quiz.at_ms is not None and _is_late(quiz, lengths)}
    names = {quiz.courseware_id: quiz.lesson_title for quiz in quizzes}
    words = _("课件“%(title)s”换过文件，有提问点超出了片长，请调整")
    return [*found, *(Gap("quiz_points", words % {"title": names[key]}, key) for key in sorted(late))]


def _lengths(lesson_ids: Iterable[int]) -> dict[int, int]:
    rows = Courseware.objects.filter(pk__in=list(lesson_ids), media__duration_ms__isnull=False)
    return {key: length for key, length in rows.values_list("pk", "media__duration_ms") if length is not None}


def _is_late(quiz: QuizView, lengths: dict[int, int]) -> bool:
    length = lengths.get(quiz.courseware_id)
    return length is not None and (quiz.at_ms or 0) > latest_ms(length)


def _gaps(quiz: QuizView) -> list[Gap]:
    code = "quiz" if quiz.at_ms is None else "quiz_points"
    if quiz.count:
        have = _to_draw(quiz)
        if have < quiz.count:
            words = _("测验“%(title)s”要抽 %(want)s 题，题库里只有 %(have)s 题，请减少题数或增加知识主题")
            named = {"title": quiz.lesson_title, "want": quiz.count, "have": have}
            return [Gap(code, words % named, quiz.courseware_id)]
        return []
    allowed = KINDS if quiz.at_ms is None else questions.CHOICES
    found = questions.items(refs_of(quiz))
    if len(found) == len(quiz.questions) and quiz.questions and all(_is_askable(item, allowed) for item in found.values()):
        return []
    words = _("“%(title)s”选的试题有的不能用于测验，请重新选择")
    return [Gap(code, words % {"title": quiz.lesson_title}, quiz.courseware_id)]


def _to_draw(quiz: QuizView) -> int:
    """Return how many questions a draw would find, at most as many as it asks for."""
    try:
        return len(questions.draw(topics=quiz.topics, count=quiz.count, seed=0, kinds=KINDS))
    except DomainError as refusal:
        return int(refusal.details["have"])


def _is_askable(item: dict[str, Any], allowed: Collection[str]) -> bool:
    """Say whether the server can judge a question of these kinds, and each part of a case."""
    return item["kind"] in allowed and all(part["kind"] in KINDS for part in questions.flatten(item))


def refs_of(quiz: QuizView) -> list[questions.Ref]:
    """Return the chosen questions as the question room names them."""
    return [questions.Ref(*ref) for ref in quiz.questions]


def quiz_lines(version_id: int) -> list[str]:
    """Return quizzes and points with the words of what they ask, a line each: the reviewers' share of the snapshot."""
    quizzes = quizzes_of([version_id])
    known = questions.items({ref for quiz in quizzes for ref in refs_of(quiz)})
    return [line for quiz in quizzes for line in _lines(quiz, known)]


def _lines(quiz: QuizView, known: dict[questions.Ref, dict[str, Any]]) -> list[str]:
    place = f"{quiz.lesson_no}. {quiz.lesson_title}"
    if quiz.at_ms is not None:
        seconds = quiz.at_ms // 1000
        after = _("答错回到本段开头") if quiz.on_wrong == "back" else _("答错可再答")
        head = f"{place} · {seconds // 60:02d}:{seconds % 60:02d} · {after}"
    else:
        rule = _("%(n)s 分通过，次数不限") % {"n": quiz.pass_score}
        if quiz.tries:
            words = _("%(n)s 分通过，答 %(tries)s 次后重学 %(minutes)s 分钟")
            rule = words % {"n": quiz.pass_score, "tries": quiz.tries, "minutes": quiz.restudy_minutes}
        head = f"{place} · {rule}"
    if quiz.count:
        topics = "、".join(quiz.topics) or _("全部题目")
        return [head + " · " + _("从“%(topics)s”随机抽 %(n)s 题") % {"topics": topics, "n": quiz.count}]
    return [head, *(_line(known[ref]) for ref in refs_of(quiz) if ref in known)]


def _line(item: dict[str, Any]) -> str:
    options = "；".join(f"{one['key']}. {one['text']}" for one in item.get("options", []))
    answer = "、".join("/".join(one) if isinstance(one, list) else str(one) for one in item.get("answer", []))
    parts = "；".join(part["stem"] for part in item.get("parts", []))
    told = [f"{item['code']} V{item['version']} {item['stem']}", options, parts, _("答案：%(answer)s") % {"answer": answer}]
    return "　" + " ".join(filter(None, told)) + (f"（{item['basis']}）" if item.get("basis") else "")
