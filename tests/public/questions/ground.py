"""Questions for tests: one valid content of each kind, and published rows."""

from typing import Any

from public.questions.models import SharedBank
from public.questions.services import put
from tests.conftest import NOON

_WORDS = {
    "single": {"stem": "动火作业前应当先（　）。", "options": ("办作业票", "通知食堂", "打开窗户", "关灯"), "answer": ["A"]},
    "multiple": {"stem": "下列属于“三违”的有（　）。", "options": ("违章指挥", "违章作业", "违反劳动纪律", "按章操作"), "answer": ["A", "B", "C"]},
    "judge": {"stem": "进入有限空间前可以不检测。", "options": ("正确", "错误"), "answer": ["B"]},
    "order": {"stem": "请排出灭火器的使用步骤。", "options": ("拔保险销", "对准火源根部", "压下压把"), "answer": ["A", "B", "C"]},
    "blank": {"stem": "作业现场应配（　），有效期为（　）天。", "options": (), "answer": [["灭火器", "灭火机"], ["30"]]},
    "text": {"stem": "简述触电后的现场急救。", "options": (), "answer": ["先断电，再呼救，判断呼吸后做心肺复苏。"]},
}  # fmt: skip


def content(kind: str = "single", **changes: Any) -> dict[str, Any]:
    """Return a content that may be published; of a case one with a choice and a judgement."""
    whole = {"topic": "有限空间作业", "points": ["作业审批"], "difficulty": 2}
    if kind == "case":
        parts = [part(one) for one in ("single", "judge")]
        case = {"kind": "case", "stem": "某厂清淤时两人中毒。", "media": [], "basis": "《工贸企业有限空间作业安全规定》第十三条"}
        return {**whole, **case, "explanation": "", "parts": parts, **changes}
    return {**whole, **part(kind), **changes}


def part(kind: str) -> dict[str, Any]:
    """Return the part of a case of this kind."""
    words = _WORDS[kind]
    options = [{"key": key, "text": text} for key, text in zip("ABCD", words["options"], strict=False)]
    said = {"explanation": "要先审批再作业。", "basis": "《中华人民共和国安全生产法》（2021年修正）第四十三条", "media": []}
    return {"kind": kind, **words, "options": options, **said}


def published(code: str, kind: str = "single", *, bank: str = "测试题库", **changes: Any) -> None:
    """Put a published question into a shared bank. Stands on the platform."""
    row, _made = SharedBank.objects.get_or_create(title=bank, defaults={"created_at": NOON})
    put(row, [(code, content(kind, **changes))], at=NOON)
