"""More options than a question may have are told in words, in whatever form they are written; none is dropped silently."""

import pytest

from public.questions import reading
from public.questions.content import LETTERS
from public.questions.reading import table, wording

from .test_tables import xlsx

pytestmark = pytest.mark.req("R2.8")
TEXTS = [f"第{n}项" for n in range(1, 12)]
SIGNS = wording.SIGNS


def rows(heads):
    return xlsx(("题库", [["题干", *heads, "答案"], ["甲？", *TEXTS, "A"]]))


def in_a_cell(mark):
    return xlsx(("题库", [["题干", "选项", "答案"], ["甲？", mark.join(TEXTS), "A"]]))


LETTERED = [f"{sign}. {text}" for sign, text in zip(SIGNS, TEXTS, strict=False)]
FILES = {
    "columns by letter": rows([f"选项{sign}" for sign in SIGNS[:11]]),
    "columns of a letter alone": rows(SIGNS[:11]),
    "columns by number": rows([f"选项{n}" for n in range(1, 12)]),
    "columns by Chinese number": rows([f"选项{n}" for n in "一 二 三 四 五 六 七 八 九 十 十一".split()]),
    "a cell with lines": in_a_cell("\n"),
    "a cell with bars": in_a_cell("|"),
    "a cell with letters": xlsx(("题库", [["题干", "选项", "答案"], ["甲？", " ".join(LETTERED), "A"]])),
}
PAPERS = {
    "a line each": "1. 甲？\n" + "\n".join(LETTERED) + "\n答案：A\n",
    "on one line": "1. 甲？\n" + "  ".join(LETTERED) + "\n答案：A\n",
}


def told(found):
    (draft,) = found.drafts
    assert [one["text"] for one in draft.content["options"]] == TEXTS[: len(LETTERS)]
    return [reading.remark_words(remark.as_json()) for remark in draft.remarks if not remark.is_doubt]


WORDS = ["这道题写了 11 个选项，一道题最多 10 个，后面的没有读入。请删减选项，或拆成两道题。"]


@pytest.mark.parametrize("form", FILES)
def test_an_eleventh_option_in_a_table_is_told(form):
    assert told(reading.read(FILES[form], topic="安全")) == WORDS


@pytest.mark.parametrize("form", PAPERS)
def test_an_eleventh_option_on_a_paper_is_told(form):
    assert told(reading.read_text(PAPERS[form], topic="安全")) == WORDS


def test_ten_options_are_nothing_to_speak_of_and_a_lone_letter_is_no_option():
    ten = rows([f"选项{sign}" for sign in SIGNS[:10]] + ["备注"])
    (draft,) = reading.read(ten, topic="安全").drafts
    assert (len(draft.content["options"]), draft.remarks) == (10, [])
    assert table.heads((1, ["题干", "A", "B", "X", "答案"])).places == {"stem": 0, "A": 1, "B": 2, "answer": 4}


def test_a_line_that_begins_with_a_late_letter_goes_on_with_its_option():
    (draft,) = reading.read_text("1. 甲？\nA. 操作\nX 射线机\nB. 不操作\n答案：A\n", topic="安全").drafts
    assert [one["text"] for one in draft.content["options"]] == ["操作\nX 射线机", "不操作"]
