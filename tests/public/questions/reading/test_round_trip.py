"""What an export writes, an import reads back the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from public.questions import api as questions
from public.questions import reading
from public.questions.reading import samples

SIGNS = "安全生产应当检查隐患消防员工Aa1９Ｂ，。、：“”-=+@'\"<>&%≥℃ "
WORDS = st.text(SIGNS, min_size=1, max_size=24).map(reading.tidy).filter(lambda text: bool(re.search(r"[一-鿿]", text)))
"""Words as people write them. What cannot stand alone on a line of a numbered paper is left out: a line that begins like
another option or number is one."""
LINE = WORDS.map(lambda text: f"题{text}")
NAME = st.text("安全法消防电气AB12", min_size=1, max_size=12)


def _choice(kind, low):
    @st.composite
    def build(draw):
        texts = draw(st.lists(LINE, min_size=max(low, 2), max_size=10, unique=True))
        keys = questions.LETTERS[: len(texts)]
        options = [{"key": key, "text": text} for key, text in zip(keys, texts, strict=True)]
        if kind == "single":
            answer = [draw(st.sampled_from(keys))]
        elif kind == "order":
            answer = draw(st.permutations(keys))
        else:
            answer = sorted(draw(st.lists(st.sampled_from(keys), min_size=2, max_size=len(keys), unique=True)))
        return {"kind": kind, "stem": draw(LINE) + "（　）。", "options": options, "answer": list(answer)}

    return build()


JUDGE = st.builds(
    lambda stem, key: {"kind": "judge", "stem": stem, "options": [{"key": "A", "text": "正确"}, {"key": "B", "text": "错误"}], "answer": [key]},
    LINE, st.sampled_from("AB"),
)  # fmt: skip
GAPS = st.lists(st.lists(LINE, min_size=1, max_size=3, unique=True), min_size=1, max_size=5)
BLANK = st.builds(
    lambda stem, gaps: {"kind": "blank", "stem": stem + "，".join(["____"] * len(gaps)) + "。", "options": [], "answer": gaps},
    LINE,
    GAPS,
)
TEXT = st.builds(lambda stem, model: {"kind": "text", "stem": stem, "options": [], "answer": [model]}, LINE, LINE)
ALONE = st.one_of(_choice("single", 2), _choice("multiple", 3), _choice("order", 3), JUDGE, BLANK, TEXT)
PART = st.builds(
    lambda asked, explanation, basis: {**asked, "media": [], "explanation": explanation, "basis": basis},
    ALONE, st.one_of(st.just(""), LINE), st.one_of(st.just(""), NAME.map(lambda name: f"《{name}》第三条")),
)  # fmt: skip
ABOUT = st.fixed_dictionaries({"topic": NAME, "points": st.lists(NAME, max_size=3, unique=True), "difficulty": st.integers(1, 5)})
CASE = st.builds(
    lambda stem, parts, explanation: {"kind": "case", "stem": stem, "media": [], "options": [], "answer": [], "explanation": explanation,
                                      "basis": "", "parts": parts},
    LINE, st.lists(PART, min_size=1, max_size=4), st.one_of(st.just(""), LINE),
)  # fmt: skip
CONTENT = st.builds(lambda one, about: {**one, **about}, st.one_of(PART, PART, CASE), ABOUT)


def read_back(data):
    found = reading.read(data, topic="别的主题")
    assert [(draft.code, [r.code for r in draft.remarks]) for draft in found.drafts] == [
        (f"E{n}", []) for n in range(len(found.drafts))
    ]
    assert found.strays == []
    return [draft.content for draft in found.drafts]


@pytest.mark.req("R2.8")
@settings(max_examples=40, deadline=None)
@given(st.lists(CONTENT, min_size=1, max_size=6))
def test_what_is_written_is_read_back_the_same(contents):
    items = [{**content, "code": f"E{n}"} for n, content in enumerate(contents)]
    assert read_back(reading.workbook(items, title="题库")) == contents
    assert read_back(reading.document(items, title="题库", about=["说明"])) == contents


def test_the_samples_of_the_templates_are_fit_and_read_back():
    assert [questions.check(content) for content in samples.SAMPLES] == [[]] * 7
    for data in (
        reading.workbook(samples.SAMPLES, title="模板"),
        reading.document(samples.SAMPLES, title="模板", about=samples.ABOUT),
    ):
        found = reading.read(data, topic="甲")
        assert [draft.content for draft in found.drafts] == samples.SAMPLES
        assert found.strays == []


def test_lines_and_formulas_come_back_from_a_workbook():
    stem = "第一行\n=1+1\n第三行"
    hostile = ["=HYPERLINK(1)", "+1", "-5 ℃", "@x", "'=已有引号", "''=两个"]
    options = [{"key": key, "text": text} for key, text in zip("ABCDEF", hostile, strict=True)]
    content = {**samples.SAMPLES[1], "stem": stem, "options": options, "answer": ["A", "F"]}
    assert reading.read(reading.workbook([content], title="题"), topic="甲").drafts[0].content == content
