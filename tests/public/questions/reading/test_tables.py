"""Workbooks and rows that were pasted: columns in any order, options in columns or in one cell."""

import io

import pytest
import xlsxwriter

from infra.kit import sheets
from public.questions import api as questions
from public.questions import reading
from public.questions.reading import table


def xlsx(*sheets, hidden=()):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if title in hidden:
            sheet.hide()
    book.close()
    return out.getvalue()


def contents(data, topic="安全生产法"):
    return [draft.content for draft in reading.read(data, topic=topic).drafts]


@pytest.mark.req("R2.8")
def test_columns_in_any_order_under_the_names_people_use():
    rows = [
        ["某公司安全题库"],
        [
            "序号",
            "正确答案",
            "试题内容",
            "试题类型",
            "选项A",
            "选项B",
            "选项C",
            "选项D",
            "难易程度",
            "考点",
            "答案解析",
            "出处",
            "分值",
        ],
        [1, "B", "甲？", "单选", "一", "二", "三", "四", "中", "劳保、防护", "看书", "安全生产法第五条", 2],
        [2, "ABC", "乙？", "多选题", "一", "二", "三", "", "★★★★", "", "", "", 2],
        [3, "√", "丙。", "判断题", "", "", "", "", 1, "", "", "", 2],
        [4, True, "丁。", "判断", "", "", "", "", "", "", "", "", 2],
        [5, "水；沙", "戊（　）己（　）", "填空题", "", "", "", "", "", "", "", "", 2],
    ]
    found = contents(xlsx(("题库", rows)))
    assert [questions.check(one) for one in found] == [[]] * 5
    assert [(one["kind"], one["answer"], one["difficulty"]) for one in found] == [
        ("single", ["B"], 3), ("multiple", ["A", "B", "C"], 4), ("judge", ["A"], 1), ("judge", ["A"], 3), ("blank", [["水"], ["沙"]], 3),
    ]  # fmt: skip
    assert (found[0]["points"], found[0]["basis"], found[0]["explanation"]) == (["劳保", "防护"], "安全生产法第五条", "看书")


@pytest.mark.parametrize(
    "cell",
    [
        "A.一\nB.二\nC.三",
        "A、一 B、二 C、三",
        "一\n二\n三",
        "一|二|三",
        "一；二；三",
        "(A)一(B)二(C)三",
        "Ａ．一　Ｂ．二　Ｃ．三",
        "一$;$二$;$三",
    ],
)
def test_options_in_one_cell(cell):
    found = contents(xlsx(("题", [["题干", "选项", "答案"], ["甲？", cell, "AC"]])))
    assert [(option["key"], option["text"]) for option in found[0]["options"]] == [("A", "一"), ("B", "二"), ("C", "三")]
    assert (found[0]["kind"], found[0]["answer"]) == ("multiple", ["A", "C"])


def test_every_visible_sheet_is_read_and_its_name_says_the_kind():
    head = ["题目", "A", "B", "C", "答案"]
    data = xlsx(
        ("说明", [["请按格式填写"]]),
        ("单选题", [head, ["甲？", "一", "二", "三", "A"]]),
        ("多选题", [head, ["乙？", "一", "二", "三", "AB"]]),
        ("旧题", [head, ["丙？", "一", "二", "三", "A"]]),
        hidden={"旧题"},
    )
    drafts = reading.read(data, topic="甲").drafts
    assert [(draft.sheet, draft.line, draft.content["kind"]) for draft in drafts] == [
        ("单选题", 2, "single"),
        ("多选题", 2, "multiple"),
    ]


def test_rows_of_one_case_are_one_question():
    rows = [
        ["案例材料", "题型", "题干", "A", "B", "答案"],
        ["某厂起火。", "单选题", "先做什么？", "报警", "拍照", "A"],
        ["某厂起火。", "判断题", "可以乘电梯。", "", "", "错"],
        ["", "判断题", "另一题。", "", "", "对"],
    ]
    found = contents(xlsx(("题", rows)))
    assert [one["kind"] for one in found] == ["case", "judge"]
    assert (found[0]["stem"], len(found[0]["parts"])) == ("某厂起火。", 2)
    assert [questions.check(one) for one in found] == [[], []]


def test_rows_copied_out_of_a_spreadsheet_are_read_as_rows():
    found = reading.read_text(
        "题型\t题干\t选项A\t选项B\t答案\n单选题\t甲？\t一\t二\tB\n判断题\t乙。\t\t\t对\n", topic="甲"
    ).drafts
    assert [(draft.line, draft.content["kind"], draft.content["answer"]) for draft in found] == [
        (2, "single", ["B"]),
        (3, "judge", ["A"]),
    ]
    assert reading.read("题干,A,B,答案\n甲？,一,二,A\n".encode("gb18030"), topic="甲").drafts[0].content["stem"] == "甲？"


def test_a_small_file_that_says_one_long_text_thousands_of_times_is_refused():
    heads, lines = ["题干", "答案", "解析"], [[f"第 {n} 题", "对", "字" * 30_000] for n in range(500)]
    data = sheets.xlsx_file("题", heads, lines)
    assert len(data) < 200_000
    with pytest.raises(reading.BadFile) as refusal:
        reading.read(data)
    assert refusal.value.code == "bomb"
    assert len(reading.read(sheets.xlsx_file("题", heads, lines[:100])).drafts) == 100


@pytest.mark.parametrize(
    ("heads", "code"),
    [(["姓名", "工号"], "no_headings"), (["题干", "选项A"], "no_headings"), (["题干", "答案", "题目"], "heading_twice")],
)
def test_headings_that_say_too_little_or_too_much_are_refused(heads, code):
    with pytest.raises(reading.BadFile) as refusal:
        reading.read(xlsx(("题", [heads, ["一", "二", "三"]])), topic="甲")
    assert refusal.value.code == code
    assert "%" not in str(refusal.value.message)


def test_an_unknown_kind_is_said():
    draft = reading.read(xlsx(("题", [["题型", "题干", "答案"], ["连线题", "甲。", "对"]])), topic="甲").drafts[0]
    assert [(remark.code, remark.details) for remark in draft.remarks] == [("kind_unread", {"said": "连线题"})]
    assert draft.line == 2


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("*题干（必填）", "stem"),
        ("选项 A", "A"),
        ("A选项", "A"),
        ("选项1", "A"),
        ("选项四", "D"),
        ("Ａ", "A"),
        ("正确答案*", "answer"),
        ("备注", ""),
    ],
)
def test_headings(heading, column):
    assert table.meaning(heading) == column
