"""Honest narration from our own catalogue and question bank: what a lesson says and shows. Pure text."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from infra.adapters.media import questions as ask
from infra.adapters.media import voice
from infra.adapters.media.errors import MediaError
from infra.adapters.media.lesson import LEAD_MS, TAIL_MS, LessonScript, Scene, Sentence
from infra.adapters.media.questions import QuestionText
from infra.adapters.media.slides import Slide
from infra.adapters.media.spoken import pronounce

CREDIT_HOUR_MS: Final = 2_700_000
SHORT_MS: Final = (27_000, 42_800)
_THINK_MS = 1_500
_OPTION_PAUSE_MS = 150
_FACTS_A_SLIDE = 4
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Measured on the seed questions: a character takes 0.235 s, a mark of punctuation 0.3 s, a digit or letter 0.32 s.
_CHARACTER_MS, _MARK_MS, _OTHER_MS = 235, 300, 320


@dataclass(frozen=True, slots=True)
class CourseText:
    """The words of a course; ``lessons`` are its lesson titles in order."""

    title: str
    key_points: tuple[str, ...]
    legal_basis: tuple[str, ...]
    lessons: tuple[str, ...]
    question_topics: tuple[str, ...]

    @classmethod
    def of(cls, course: Mapping[str, Any]) -> "CourseText":
        """Return the words of one entry of ``catalogue.json``."""
        lessons = sorted(course["lessons"], key=lambda lesson: int(lesson["no"]))
        return cls(
            title=course["title"],
            key_points=tuple(course["key_points"]),
            legal_basis=tuple(course["legal_basis"]),
            lessons=tuple(lesson["title"] for lesson in lessons),
            question_topics=tuple(course["quiz"]["question_topics"]),
        )


def lesson_script(course: CourseText, lesson_no: int, questions: Sequence[QuestionText]) -> LessonScript:
    """Return the script of a short lesson (about 25 to 45 s): cover, key points with their law, fitting questions.

    Lessons of one course use different questions as long as there are enough on its topics.

    :param lesson_no: from 1
    :raises MediaError: ``no_such_lesson``, ``no_questions``
    """
    if not 1 <= lesson_no <= len(course.lessons):
        raise MediaError("课程中没有这一讲，请检查讲次。", "no_such_lesson", lesson_no=lesson_no)
    opening = _opening(course, lesson_no, with_basis=False)
    chosen = _choose(course, lesson_no, questions, _guess_ms(opening))
    asked: list[Scene] = []
    for number, question in enumerate(chosen, start=1):
        asked += _short_question(question, number if len(chosen) > 1 else 0)
    # The law of the course always stands on its slide; it is read out when the time allows.
    with_basis = _opening(course, lesson_no, with_basis=True)
    scenes = [*(with_basis if _guess_ms([*with_basis, *asked]) <= SHORT_MS[1] else opening), *asked]
    return LessonScript(course.lessons[lesson_no - 1], course.title, tuple(scenes))


def long_script(
    course: CourseText,
    questions: Sequence[QuestionText],
    *,
    target_ms: int = CREDIT_HOUR_MS,
    measure: Callable[[str], int] = voice.length_ms,
) -> LessonScript:
    """Return the script of a full lesson: one question after another, then a recap, until ``target_ms`` is reached.

    The length is that of the measured speech with its pauses (none over 2 s), as it will be rendered.

    :param measure: how long a sentence takes to say, in ms
    :raises MediaError: ``too_few_questions`` when questions and recap do not fill the time
    """
    scenes: list[Scene] = []
    length = 0
    for scene in _long_scenes(course, questions):
        scenes.append(scene)
        length += _length_ms(scene, measure)
        if length >= target_ms:
            return LessonScript(course.title, course.title, (*scenes, _closing(course)))
    raise MediaError("题目太少，讲不满规定时长，请补充题目。", "too_few_questions", length_ms=length)


def _length_ms(scene: Scene, measure: Callable[[str], int]) -> int:
    said = sum(measure(sentence.text) + sentence.pause_ms for sentence in scene.narration)
    return said + LEAD_MS + TAIL_MS


def _guess_ms(scenes: Iterable[Scene]) -> int:
    return sum(_length_ms(scene, _guess_sentence) for scene in scenes)


def _guess_sentence(text: str) -> int:
    words = pronounce(text)
    characters = len(_CHINESE.findall(words))
    others = sum(sign.isalnum() for sign in words) - characters
    marks = sum(not sign.isalnum() and not sign.isspace() for sign in words)
    return characters * _CHARACTER_MS + marks * _MARK_MS + others * _OTHER_MS


def _said(*texts: str, pause_ms: int = 250) -> tuple[Sentence, ...]:
    return tuple(Sentence(text, pause_ms) for text in texts)


def _opening(course: CourseText, lesson_no: int, *, with_basis: bool) -> list[Scene]:
    title = course.lessons[lesson_no - 1]
    points, basis = "、".join(course.key_points), "、".join(course.legal_basis)
    law = (f"依据：{basis}。",) if with_basis else ()
    return [
        Scene(Slide(title, f"{course.title} · 第 {lesson_no} 讲"), _said(f"第{lesson_no}讲，{title}。")),
        Scene(Slide("课程要点", f"依据：{basis}", course.key_points), _said(f"本课要点：{points}。", *law)),
    ]


def _short_question(question: QuestionText, number: int) -> list[Scene]:
    title = f"想一想 {number}" if number else "想一想"
    shown = Slide(title, question.topic, (question.stem, *ask.options(question)))
    answer = Slide("正确答案", question.topic, (*ask.right(question), question.explanation, f"依据：{question.basis}"))
    return [
        Scene(shown, _said(ask.asked(question), pause_ms=_THINK_MS)),
        Scene(answer, _said(ask.answered(question), question.explanation, f"依据{question.basis}。")),
    ]


def _choose(course: CourseText, lesson_no: int, questions: Sequence[QuestionText], used_ms: int) -> list[QuestionText]:
    """Return one fitting question, or two short ones, not used by the earlier lessons of the course."""
    fitting = [question for question in questions if question.topic in course.question_topics] or list(questions)
    if not fitting:
        raise MediaError("题库中没有可用题目，请先导入题目。", "no_questions")
    free = list(fitting)
    chosen: list[QuestionText] = []
    for title in course.lessons[:lesson_no]:
        chosen = _fill(title, free or fitting, used_ms)
        free = [question for question in free if question not in chosen]
    return chosen


def _fill(title: str, free: Sequence[QuestionText], used_ms: int) -> list[QuestionText]:
    low, high = SHORT_MS
    left = sorted(free, key=lambda question: -_kinship(title, question))
    chosen: list[QuestionText] = []
    while left and used_ms < low:
        lengths = {question.id: _guess_ms(_short_question(question, 0)) for question in left}
        fits = [question for question in left if used_ms + lengths[question.id] <= high]
        if not fits and chosen:
            break
        best = fits[0] if fits else min(left, key=lambda question: lengths[question.id])
        chosen.append(best)
        left.remove(best)
        used_ms += lengths[best.id]
    return chosen or left[:1]


def _kinship(title: str, question: QuestionText) -> int:
    pairs = {title[index : index + 2] for index in range(len(title) - 1)}
    text = question.stem + question.explanation
    return sum(pair in text for pair in pairs)


def _long_scenes(course: CourseText, questions: Sequence[QuestionText]) -> Iterator[Scene]:
    points, basis = "、".join(course.key_points), "、".join(course.legal_basis)
    yield Scene(Slide(course.title, "知识要点精讲"), _said(f"欢迎学习{course.title}。", "请跟随讲解，逐题思考。"))
    yield Scene(Slide("课程要点", f"依据：{basis}", course.key_points), _said(f"课程要点：{points}。", f"依据：{basis}。"))
    for number, question in enumerate(questions, start=1):
        yield _question_scene(question, number)
        yield _answer_scene(question, number)
    for start in range(0, len(questions), _FACTS_A_SLIDE):
        facts = tuple(ask.fact(question) for question in questions[start : start + _FACTS_A_SLIDE])
        yield Scene(Slide("要点回顾", f"第 {start + 1} 至 {start + len(facts)} 题", facts), _said("回顾要点。", *facts))


def _question_scene(question: QuestionText, number: int) -> Scene:
    options = ask.options(question)
    slide = Slide(f"第 {number} 题 · {ask.kind(question)}", question.topic, (question.stem, *options))
    read = () if question.type == "true_false" else _said(*options, pause_ms=_OPTION_PAUSE_MS)
    words = (*_said(f"第{number}题，{ask.kind(question)}。", ask.asked(question)), *read)
    return Scene(slide, (*words, Sentence("请想一想。", _THINK_MS)))


def _answer_scene(question: QuestionText, number: int) -> Scene:
    points = (*ask.right(question), question.explanation, f"依据：{question.basis}")
    slide = Slide(f"第 {number} 题 · 解析", question.topic, points)
    return Scene(slide, _said(ask.answered(question), question.explanation, f"依据{question.basis}。"))


def _closing(course: CourseText) -> Scene:
    return Scene(Slide("本课结束", course.title), _said("本课到此结束。", "请完成课后测试，巩固所学。"))
