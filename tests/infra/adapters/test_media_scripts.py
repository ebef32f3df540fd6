"""Narration from the catalogue and the question bank."""

from dataclasses import replace

import pytest

from infra.adapters.media import questions as ask
from infra.adapters.media import voice
from infra.adapters.media.errors import MediaError
from infra.adapters.media.lesson import LEAD_MS, MAX_PAUSE_MS, TAIL_MS, LessonScript
from infra.adapters.media.questions import OptionText, QuestionText
from infra.adapters.media.scripts import CourseText, lesson_script, long_script


def _question(number: int, stem: str, texts: list[str], answer: str, kind: str = "single") -> QuestionText:
    options = tuple(OptionText(key, text) for key, text in zip("ABCDE", texts, strict=False))
    return QuestionText(
        id=f"Q{number:03d}",
        type=kind,
        topic="有限空间作业",
        stem=stem,
        options=options,
        answer=tuple(answer),
        explanation="应当先通风、再检测、后作业，检测合格后方可进入。",
        basis="《工贸企业有限空间作业安全规定》（应急管理部令第13号）",
    )


COURSE = CourseText(
    title="工贸企业有限空间作业安全",
    key_points=("辨识与台账", "先通风再检测后作业", "监护与救援"),
    legal_basis=("工贸企业有限空间作业安全规定（应急管理部令第13号）",),
    lessons=("辨识与台账", "通风与检测", "应急救援"),
    question_topics=("有限空间作业",),
)
BANK = [
    _question(1, "有限空间作业应当严格遵守的原则是（　）。", ["先作业", "先检测", "先通风、再检测、后作业", "其他"], "C"),
    _question(2, "初次培训不得少于（　）学时，每年再培训不得少于（　）学时。", ["24；8", "32；12"], "B"),
    _question(3, "监护人员可以离开现场。", ["正确", "错误"], "B", "true_false"),
    _question(4, "主要危险有害因素包括（　）。", ["中毒", "缺氧", "燃爆", "噪声"], "ABC", "multiple"),
    _question(5, "工贸企业应当每（　）至少组织一次培训。", ["半年", "1年", "2年"], "B"),
    _question(6, "进行下列哪些作业时，应当安排专人管理？（　）", ["吊装", "动火"], "AB", "multiple"),
]


def _spoken_ms(script: LessonScript) -> int:
    said = [sentence for scene in script.scenes for sentence in scene.narration]
    silence = len(script.scenes) * (LEAD_MS + TAIL_MS)
    return silence + sum(voice.length_ms(sentence.text) + sentence.pause_ms for sentence in said)


@pytest.mark.parametrize(
    ("number", "asked", "answered", "fact"),
    [
        (0, "原则是什么？", "正确答案是C，先通风、再检测、后作业。", "原则是先通风、再检测、后作业。"),
        (1, "多少学时，每年再培训不得少于多少学时？", "32学时，每年再培训不得少于12学时。", "不得少于32学时"),
        (2, "判断对错：监护人员可以离开现场。", "这句话是错误的。", "“监护人员可以离开现场”，这种说法是错误的。"),
        (3, "包括哪些？", "A、B、C，中毒；缺氧；燃爆。", "包括中毒、缺氧、燃爆。"),
        (4, "应当每多长时间至少组织一次培训？", "B，1年。", "应当每1年至少组织一次培训。"),
        (5, "应当安排专人管理？", "吊装；动火。", "应当安排专人管理？答案是吊装、动火。"),
    ],
)
def test_blanks_become_words_that_can_be_said(number: int, asked: str, answered: str, fact: str) -> None:
    question = BANK[number]
    assert ask.asked(question).endswith(asked)
    assert ask.answered(question).endswith(answered)
    assert fact in ask.fact(question)
    assert not ask.BLANK.search(ask.asked(question) + ask.answered(question) + ask.fact(question))


@pytest.mark.parametrize("lesson_no", [1, 2, 3])
def test_a_short_lesson_lasts_about_half_a_minute(lesson_no: int) -> None:
    script = lesson_script(COURSE, lesson_no, BANK)
    assert 25_000 <= _spoken_ms(script) <= 46_000
    assert script.title == COURSE.lessons[lesson_no - 1]


def test_lessons_of_a_course_ask_different_questions() -> None:
    asked = [lesson_script(COURSE, number, BANK).scenes[2].slide.bullets[0] for number in (1, 2, 3)]
    assert len(set(asked)) == 3


def test_a_lesson_keeps_to_the_topics_of_its_course() -> None:
    other = replace(BANK[0], id="Q900", topic="消防安全", stem="辨识与台账通风与检测是（　）。")
    script = lesson_script(COURSE, 1, [other, *BANK])
    assert all(scene.slide.subtitle != "消防安全" for scene in script.scenes)


def test_a_lesson_tells_the_answer_its_reason_and_its_law() -> None:
    said = "".join(sentence.text for scene in lesson_script(COURSE, 2, BANK).scenes for sentence in scene.narration)
    assert "正确答案" in said or "这句话是" in said
    assert BANK[0].explanation in said
    assert BANK[0].basis in said


def test_a_long_lesson_fills_its_time_with_speech_and_little_more() -> None:
    script = long_script(COURSE, BANK, target_ms=120_000)
    assert 120_000 <= _spoken_ms(script) <= 120_000 + 60_000
    assert all(s.pause_ms <= MAX_PAUSE_MS for scene in script.scenes for s in scene.narration)


def test_a_long_lesson_recaps_when_questions_run_out() -> None:
    whole = long_script(COURSE, BANK[:3], target_ms=130_000)
    assert any(scene.slide.title == "要点回顾" for scene in whole.scenes)


def test_refuses_a_long_lesson_with_too_few_questions() -> None:
    with pytest.raises(MediaError) as refused:
        long_script(COURSE, BANK)
    assert refused.value.reason == "too_few_questions"


@pytest.mark.parametrize(("lesson_no", "bank", "reason"), [(4, BANK, "no_such_lesson"), (1, [], "no_questions")])
def test_refuses_a_lesson_it_has_no_words_for(lesson_no: int, bank: list[QuestionText], reason: str) -> None:
    with pytest.raises(MediaError) as refused:
        lesson_script(COURSE, lesson_no, bank)
    assert refused.value.reason == reason
