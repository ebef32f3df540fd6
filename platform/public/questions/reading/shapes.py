"""What reading hands out: drafts of questions with what is doubtful about each, and the refusal of a file."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from infra.kit.errors import DomainError
from public.questions.content import LONGEST_STEM

MAX_BYTES = 10 * 1024 * 1024
MAX_QUESTIONS = 5_000
MAX_COLUMNS = 60
MAX_LINES = 60_000
MAX_LETTERS = MAX_BYTES
"""Letters of all questions of a file: cells that share one long text, or are merged, say it thousands of times in a small file."""
ENOUGH = 4 * LONGEST_STEM
"""Letters of one field, much beyond what a question may say, from which on no more lines are put to it."""

WORDS: dict[str, str | Promise] = {
    "no_answer": _("没有找到答案。请写一行“答案：”，或在题干的括号里写出答案。"),
    "answer_unread": _("答案“%(said)s”看不懂。单选、多选写字母，判断写“对”或“错”。"),
    "answers_differ": _("题干括号里写的是“%(inside)s”，答案行写的是“%(line)s”。请核对后只留一个。"),
    "kind_unread": _("题型“%(said)s”不认识。请写单选题、多选题、判断题、填空题、排序题、问答题或案例题。"),
    "difficulty_unread": _("难度“%(said)s”看不懂。请写 1 到 5，或易、中、难。"),
    "option_order": _("选项没有从 A 起依次写，少了 %(key)s。"),
    "too_many_options": _("这道题写了 %(n)s 个选项，一道题最多 %(most)s 个，后面的没有读入。请删减选项，或拆成两道题。"),
    "picture": _("题里有图片，没有随文件导入。请在题目里重新上传，或删掉“见图”。"),
    "formula": _("题里有公式，只读出了其中的文字。请核对。"),
    "stray": _("没有归到任何题里：%(said)s"),
    "key_stray": _("答案表里有第 %(said)s 题，文件里没有这道题。"),
    "number_twice": _("第 %(said)s 题出现了两次，答案表对不上。请改题号。"),
}
"""Code of a remark -> what is said; the details of the remark fill it in."""
DOUBTS = frozenset({"picture", "formula", "stray", "key_stray"})
"""Remarks that a person should look at, but that do not keep a question out."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing about a question or a line, as a code with details, so that it can be kept and told in any language."""

    code: str
    details: dict[str, str] = field(default_factory=dict)

    @property
    def is_doubt(self) -> bool:
        """Whether the question may come in all the same."""
        return self.code in DOUBTS

    def as_json(self) -> dict[str, Any]:
        """Return the form that can be kept; :func:`remark_words` tells it."""
        return {"code": self.code, **self.details}


def remark_words(kept: dict[str, Any]) -> str:
    """Return a kept remark in the reader's language."""
    return str(WORDS[kept["code"]]) % kept


@dataclass(slots=True)
class Draft:
    """One question as it was read. ``line``: row of the sheet or line of the text where it begins; ``code``: its own number; ``sheet``:
    the sheet of a workbook that has several.

    ``content`` has every key of a content (see `public.questions.content`); what was not said is empty.
    """

    line: int
    content: dict[str, Any]
    remarks: list[Remark] = field(default_factory=list)
    code: str = ""
    sheet: str = ""


@dataclass(slots=True)
class Reading:
    """A whole file. ``strays``: (line, remark) of what belongs to no question; ``letters``: how many the rows of its tables have."""

    drafts: list[Draft] = field(default_factory=list)
    strays: list[tuple[int, Remark]] = field(default_factory=list)
    letters: int = 0

    def add(self, part: "Reading") -> None:
        """Put the questions of another part of the file behind.

        :raises BadFile: ``too_many_rows``, ``bomb``
        """
        self.drafts += part.drafts
        self.strays += part.strays
        self.letters += part.letters
        if len(self.drafts) > MAX_QUESTIONS:
            raise refuse("too_many_rows")
        if self.letters > MAX_LETTERS:
            raise refuse("bomb")


def blank_content(kind: str = "", *, topic: str = "") -> dict[str, Any]:
    """Return a content that says nothing yet; difficulty 3 is what nobody has said anything about."""
    return {"kind": kind, "topic": topic, "points": [], "difficulty": 3, **blank_part()}


def blank_part() -> dict[str, Any]:
    """Return the part of a content that a case's sub-question has too, without its kind."""
    return {"stem": "", "media": [], "options": [], "answer": [], "explanation": "", "basis": ""}


class BadFile(DomainError):
    """The file cannot be used; the message says what to do. ``code`` names why."""


def refuse(code: str) -> BadFile:
    """Return the refusal for a code."""
    words = {
        "empty": _("文件是空的，请选择写好试题的文件。"),
        "too_large": _("文件超过 10 MB。请删除图片，或分成几个文件。"),
        "old_or_locked": _(
            "文件有密码保护，或是旧版 .doc、.xls。请取消密码，用 Word、Excel 或 WPS 另存为 .docx 或 .xlsx 后再上传。"
        ),
        "with_macros": _("文件里有宏，不能导入。请另存为不带宏的 .docx 或 .xlsx 后再上传。"),
        "other_kind": _("这不是 Word（.docx）、Excel（.xlsx）或文本（.txt）文件。请另存为其中一种后再上传。"),
        "broken": _("文件已损坏，无法读取。请用 Word、Excel 或 WPS 打开后重新保存，再上传。"),
        "bomb": _("文件解开后过大，不能导入。请把试题复制到新的文件，再上传。"),
        "too_many_rows": _("文件里的行太多。一次最多导入 5,000 题，请分成几个文件。"),
        "too_wide": _("表格超过 60 列。请只保留试题所需的列，或使用下载的模板。"),
        "no_sheet": _("文件里没有可见的工作表，请检查后再上传。"),
        "no_headings": _("没有找到表头。表格里至少要有“题干”和“答案”两列，也可以使用下载的模板。"),
        "heading_twice": _("“%(column)s”这一列出现了两次，请删除多余的一列。"),
        "no_questions": _("没有找到试题。每道题请以题号开头，例如“1.”，也可以使用下载的模板。"),
    }
    return BadFile(code, words[code], status=422, field="file")
