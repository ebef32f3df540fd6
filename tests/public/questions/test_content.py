"""What may be published, what a browser may see, what counts as a copy."""

import pytest

from public.questions.api import KINDS, check, fingerprint, flatten, gaps, hide, lay_out
from public.questions.seed import content as seed_content
from public.questions.seed import questions as seed_questions
from tests.public.questions.ground import content, part

OPTIONS = content()["options"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_good_question_of_each_kind_may_be_published(kind):
    assert check(content(kind)) == []


def test_every_question_that_comes_with_the_product_may_be_published():
    assert {entry["id"]: found for entry in seed_questions() if (found := check(seed_content(entry)))} == {}


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("single", {"kind": "riddle"}, "题型"),
        ("single", {"topic": " "}, "知识主题"),
        ("single", {"points": ["审批", ""]}, "知识点"),
        ("single", {"difficulty": 6}, "难度"),
        ("single", {"difficulty": True}, "难度"),
        ("single", {"stem": ""}, "题干"),
        ("single", {"basis": "法" * 201}, "法规依据"),
        ("single", {"media": [{"kind": "picture", "key": "u", "alt": ""}]}, "文字说明"),
        ("single", {"media": [{"kind": "sound", "key": "u", "alt": "警铃"}]}, "已失效"),
        ("single", {"answer": ["A", "B"]}, "一个正确选项"),
        ("single", {"answer": []}, "一个正确选项"),
        ("single", {"answer": None}, "正确答案"),
        ("single", {"answer": ["E"]}, "不存在"),
        ("single", {"options": OPTIONS[:1]}, "2 到 10"),
        ("single", {"options": [{"key": "A", "text": "一"}, {"key": "B", "text": "一 "}]}, "文字一样"),
        ("single", {"options": [{"key": "A", "text": "一"}, {"key": "C", "text": "二"}]}, "依次编号"),
        ("single", {"options": [{"key": "A", "text": "一"}, {"key": "B", "text": ""}]}, "不能空着"),
        ("multiple", {"answer": ["A"]}, "至少有两个"),
        ("multiple", {"answer": ["C", "A"]}, "字母顺序"),
        ("multiple", {"answer": ["A", "A"]}, "重复"),
        ("judge", {"options": OPTIONS}, "2 个选项"),
        ("order", {"answer": ["A", "B"]}, "全部选项"),
        ("blank", {"answer": [["灭火器"]]}, "2 个空"),
        ("blank", {"answer": [["灭火器"], [""]]}, "至少写一个"),
        ("text", {"answer": [""]}, "参考答案"),
        ("case", {"parts": []}, "小题"),
        ("case", {"parts": [part("single"), {**part("judge"), "answer": []}]}, "第 2 小题"),
        ("case", {"parts": [content("case")]}, "第 1 小题"),
    ],
)
def test_says_in_words_what_is_wrong(kind, changes, said):
    found = check(content(kind, **changes))
    assert len(found) == 1
    assert said in found[0]


def test_gaps_are_found_in_every_way_that_they_are_written():
    assert gaps("配（　）和( )，有效期____天，（见图）为 ＿＿") == 4


def test_the_browser_sees_nothing_to_look_the_answer_up_by():
    place = {"bank": "shared", "question": "u", "version": 1, "code": "Q001"}
    for kind in KINDS:
        for item in lay_out([{**place, **content(kind)}], seed=1):
            seen = hide(item)
            assert set(seen) - {"gaps"} == {"no", "kind", "stem", "media", "options", "score", "case"}
            assert seen.get("gaps") == (2 if kind == "blank" else None)


def test_a_paper_of_former_days_is_shown_as_well():
    former = {"no": 1, "id": 7, "code": "Q007", "kind": "judge", "topic": "用电", "stem": "？", "options": [], "answer": ["A"]}
    assert hide(former) == {"no": 1, "kind": "judge", "stem": "？", "options": [], "media": [], "score": 1, "case": None}


def test_a_case_is_taken_apart_with_its_story_and_its_score_shared():
    flat = flatten({**content("case"), "bank": "own", "question": "u", "version": 2, "score": 5})
    assert [(one["kind"], one["case"]["no"], one["case"]["of"], one["score"]) for one in flat] == [
        ("single", 1, 2, 3),
        ("judge", 2, 2, 2),
    ]
    assert {one["case"]["stem"] for one in flat} == {"某厂清淤时两人中毒。"}
    assert all((one["question"], one["topic"], one["points"]) == ("u", "有限空间作业", ["作业审批"]) for one in flat)


def test_a_part_without_a_law_of_its_own_has_that_of_the_case():
    case = content("case", parts=[{**part("single"), "basis": ""}])
    assert flatten(case)[0]["basis"] == case["basis"]


def test_a_copy_is_known_by_its_words_whatever_its_spelling_and_order():
    one = content(stem="动火作业前应当先（　）。")
    mixed = [
        {"key": "A", "text": "关灯"},
        {"key": "B", "text": "通知食堂 "},
        {"key": "C", "text": "办作业票"},
        {"key": "D", "text": "打开窗户"},
    ]
    other = content(stem=" 动火作业前，应当先____", options=mixed, answer=["D"], explanation="", difficulty=5)
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(one) != fingerprint(content(stem="动火作业后应当先（　）。"))
    assert len(fingerprint(content("case"))) == 64
