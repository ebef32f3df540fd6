"""Papers in the forms trainers really use are read as they are meant."""

import time

import pytest

from public.questions import api as questions
from public.questions import reading

from . import papers


def read(text, topic="安全生产法"):
    found = reading.read_text(text, topic=topic)
    return [draft.content for draft in found.drafts], found


def fit(contents):
    return [questions.check(content) for content in contents]


@pytest.mark.req("R2.8")
def test_answers_in_brackets_are_taken_out_of_the_stem():
    contents, found = read(papers.BRACKETS)
    assert fit(contents) == [[]] * 6
    assert [(one["kind"], one["answer"]) for one in contents] == [
        ("single", ["C"]), ("single", ["A"]), ("multiple", ["A", "B", "D"]), ("judge", ["B"]), ("judge", ["A"]), ("judge", ["A"]),
    ]  # fmt: skip
    assert contents[0]["stem"] == "我国安全生产工作的方针是（　）。"
    assert [option["text"] for option in contents[0]["options"]] == [
        "安全第一、效益优先", "预防为主", "安全第一、预防为主、综合治理", "生命至上",
    ]  # fmt: skip
    assert [option["text"] for option in contents[2]["options"]] == ["遵守规章", "服从管理", "随意操作", "佩戴防护用品"]
    assert [one["stem"] for one in contents[3:]] == ["未经培训可以上岗。", "应当及时消除事故隐患。", "特种作业人员须持证上岗。"]
    assert [(line, remark.code) for line, remark in found.strays] == [(1, "stray")]


@pytest.mark.req("R2.8")
def test_answer_lines_and_what_is_written_below_them():
    contents, found = read(papers.LINES)
    assert fit(contents) == [[]] * 6
    assert found.strays == []
    first, second, third, fourth, fifth, sixth = contents
    assert (first["answer"], first["explanation"], first["basis"]) == (
        ["A"],
        "第五条规定。",
        "《中华人民共和国安全生产法》第五条",
    )
    assert (first["difficulty"], first["points"]) == (1, ["责任制", "主要负责人"])
    assert (second["kind"], second["answer"], second["explanation"], second["difficulty"]) == (
        "multiple",
        ["A", "B"],
        "见目录。",
        3,
    )
    assert (third["kind"], third["answer"], third["stem"]) == ("judge", ["B"], "应当每年组织演练。")
    assert (fourth["kind"], fourth["answer"]) == ("blank", [["月", "每月"], ["绿色"]])
    assert (fifth["kind"], fifth["answer"]) == ("text", ["1.违章指挥；\n2.违章作业；\n3.违反劳动纪律。"])
    assert fifth["explanation"] == "三条都要写。"
    assert (sixth["kind"], sixth["answer"]) == ("order", ["B", "A", "C"])


@pytest.mark.req("R2.8")
def test_a_table_of_answers_at_the_end_is_given_to_the_questions_of_each_section():
    contents, found = read(papers.KEYED.replace("____灭火", "____和____灭火"))
    assert fit(contents) == [[]] * 8
    assert [one["answer"] for one in contents] == [
        ["A"], ["B"], ["C"], ["A", "C"], ["A"], ["B"], [["水"], ["沙"]], ["因为危险。\n所以小心。"],
    ]  # fmt: skip
    assert found.strays == []


@pytest.mark.parametrize(
    "key",
    [
        "答案：\n1-3：ABC",
        "答案\n1～3 A B C",
        "参考答案：\n1.A 2.B 3.C",
        "附：参考答案\n1、A  2、B\n3、C",
        "答案部分\n1-2 AB\n3.C",
    ],
)
def test_short_tables_of_answers(key):
    body = "".join(f"{n}. 第{n}问？\nA. 一 B. 二 C. 三\n" for n in (1, 2, 3))
    contents, _found = read(f"一、选择题\n{body}{key}\n")
    assert [one["answer"] for one in contents] == [["A"], ["B"], ["C"]]


def test_a_table_that_fits_nothing_is_said():
    contents, found = read("1. 甲？\nA. 一 B. 二\n参考答案\n1.A 2.B\n")
    assert contents[0]["answer"] == ["A"]
    assert [(line, remark.code, remark.details) for line, remark in found.strays] == [(4, "key_stray", {"said": "2"})]


@pytest.mark.req("R2.8")
def test_a_case_is_one_question_with_its_parts():
    contents, _found = read(papers.CASES)
    assert fit(contents) == [[], []]
    assert [one["kind"] for one in contents] == ["case", "case"]
    assert contents[0]["stem"] == "某车间动火未审批，引燃油布。"
    assert [(part["kind"], part["answer"]) for part in contents[0]["parts"]] == [("single", ["A"]), ("judge", ["B"])]
    assert [(part["kind"], part["answer"]) for part in contents[1]["parts"]] == [("blank", [["119"]])]


def test_cases_under_names_of_their_own():
    text = "案例分析题\n案例一：某厂吊装时吊物坠落。\n1. 首先应（　）。\nA. 救人 B. 拍照\n答案：A\n2. 应当报告。\n答案：√\n案例二\n某厂触电。\n1. 应先断电。\n答案：对\n"
    contents, _found = read(text)
    assert [(one["stem"], len(one["parts"])) for one in contents] == [("某厂吊装时吊物坠落。", 2), ("某厂触电。", 1)]
    assert fit(contents) == [[], []]


@pytest.mark.parametrize(
    ("text", "kind", "answer"),
    [
        ("1. 甲（多选）\nA. 一 B. 二 C. 三\n答案：A，C", "multiple", ["A", "C"]),
        ("（1）甲？ A.一 B.二\n答案 B", "single", ["B"]),
        ("第1题 甲？\nA 一\nB 二\n答案：b", "single", ["B"]),
        ("1）甲是对的。 答案：T", "judge", ["A"]),
        ("1. 甲是对的（F）", "judge", ["B"]),
        ("1. 甲。\nA. 正确\nB. 错误\n答案：B", "judge", ["B"]),
        ("一、填空题\n1. 坚持（安全第一）、（预防为主）。", "blank", [["安全第一"], ["预防为主"]]),
        ("1. 甲（　）乙（　）。\n答案：一、二", "blank", [["一"], ["二"]]),
        ("1. 为什么？\n答：因为 A.B 两点。", "text", ["因为 A.B 两点。"]),
        ("1. 甲？\nA.厂长B.经理C.主任\n答案：C", "single", ["C"]),
        ("1. 甲？\n（A）一\n（B）二\n答案：（A）", "single", ["A"]),
        ("二、不定项选择题\n1. 甲？\nA. 一\nB. 二\nC. 三\n【正确答案】A B", "multiple", ["A", "B"]),
    ],
)
def test_single_forms(text, kind, answer):
    contents, _found = read(text)
    assert [(one["kind"], one["answer"]) for one in contents] == [(kind, answer)]
    assert fit(contents) == [[]]


def test_a_number_in_a_stem_begins_no_question():
    contents, _found = read("1. 高度在\n1.5 米以上时？\nA. 一 B. 二\n答案：A\n2. 乙。\n答案：对\n")
    assert [one["stem"] for one in contents] == ["高度在\n1.5 米以上时？", "乙。"]


def test_numbers_within_an_answer_begin_no_question():
    contents, _found = read("三、简答题\n1. 甲？\n答：1. 一\n2. 二\n3. 三\n2. 乙？\n答：二\n")
    assert [(one["stem"], one["answer"]) for one in contents] == [("甲？", ["1. 一\n2. 二\n3. 三"]), ("乙？", ["二"])]


@pytest.mark.req("R2.8")
def test_what_cannot_be_read_is_said_with_its_line():
    text = "一、单选题\n1. 没有答案？\nA. 一 B. 二\n2. 答案不对？\nA. 一 B. 二\n答案：丙\n3. 题干写（A）。\nA. 一 B. 二\n答案：B\n4. 少一个？\nA. 一\nC. 三\n答案：A\n难度：七\n"
    found = reading.read_text(text, topic="甲")
    said = [(draft.line, [remark.code for remark in draft.remarks]) for draft in found.drafts]
    assert said == [
        (2, ["no_answer"]),
        (4, ["answer_unread"]),
        (7, ["answers_differ"]),
        (10, ["difficulty_unread", "option_order"]),
    ]
    words = [reading.remark_words(remark.as_json()) for draft in found.drafts for remark in draft.remarks]
    assert all("%" not in one for one in words)
    assert any("丙" in one for one in words)
    assert not any(remark.is_doubt for draft in found.drafts for remark in draft.remarks)


@pytest.mark.parametrize("text", ["", "只是一段话，没有题。", "一、单选题"])
def test_a_text_without_questions_is_refused(text):
    with pytest.raises(reading.BadFile) as refusal:
        reading.read_text(text, topic="甲")
    assert refusal.value.code == "no_questions"


@pytest.mark.parametrize(
    "hostile",
    [
        "答案\n1" + " " * 20_000 + "x",
        "参考答案：\n1.A 2.B\n1-1" + " " * 20_000 + "x",
        "答案：A\n" + " 答案: " * 60_000,
        "xA." * 100_000,
        "\ue000" * 100_000,
        ("字" * 80 + "\n") * 50_000,
    ],
    ids=["pair", "range", "labels", "letters", "marks", "lines"],
)
def test_no_text_holds_its_reader_for_long(hostile):
    begin = time.process_time()
    reading.read_text("1. 题\nA. 甲\nB. 乙\n" + hostile)
    assert time.process_time() - begin < 10
