"""Seven questions, one of each kind, that templates show; and the words of their second sheet."""

from typing import Any

_LAW = "《中华人民共和国安全生产法》"


def _options(*texts: str) -> list[dict[str, str]]:
    return [{"key": key, "text": text} for key, text in zip("ABCDEFGHIJ", texts, strict=False)]


def _question(kind: str, stem: str, options: list[dict[str, str]], answer: list[Any], *said: str) -> dict[str, Any]:
    """Return the part of a content that a sub-question has too; ``said``: explanation and basis."""
    explanation, basis = (*said, "", "")[:2]
    asked = {"kind": kind, "stem": stem, "media": [], "options": options, "answer": answer}
    return {**asked, "explanation": explanation, "basis": basis}


_ABOUT: dict[str, Any] = {"topic": "安全生产法", "points": ["基本规定"], "difficulty": 2}
SAMPLES: list[dict[str, Any]] = [
    _ABOUT | _question("single", "我国安全生产工作的方针是（　）。",
                       _options("安全第一、预防为主、综合治理", "效益优先、兼顾安全", "预防为主、防消结合", "以人为本、科学发展"), ["A"],
                       "方针写在安全生产法第三条。", f"{_LAW}第三条"),
    _ABOUT | _question("multiple", "从业人员有权（　）。",
                       _options("了解作业场所的危险因素", "拒绝违章指挥和强令冒险作业", "不经培训直接上岗", "发现紧急险情时停止作业"), ["A", "B", "D"],
                       "未经培训合格不得上岗。", f"{_LAW}第五十三条、第五十四条、第五十五条"),
    _ABOUT | _question("judge", "从业人员发现事故隐患，应当立即报告。", _options("正确", "错误"), ["A"],
                       "报告隐患是从业人员的义务。", f"{_LAW}第五十九条"),
    _ABOUT | _question("blank", "灭火时站在____风向，对准火焰____喷射。", [], [["上", "上风"], ["根部", "底部"]], "每个空的几种写法用 | 隔开。"),
    _ABOUT | _question("order", "进入有限空间前，请按先后排列下列步骤。", _options("检测", "通风", "审批"), ["C", "B", "A"],
                       "先审批、再通风、再检测，后作业。"),
    _ABOUT | _question("text", "简述发现初起火灾时的处置步骤。", [], ["报警；切断电源；就近取灭火器扑救；无法控制时撤离。"], "写出四步各得一分。"),
    {"topic": "安全生产法", "points": ["生产安全事故"], "difficulty": 4, "kind": "case", "media": [], "options": [], "answer": [], "explanation": "", "basis": "",
     "stem": "某车间未办理动火审批，焊接时引燃油布，一人轻伤。",
     "parts": [
         _question("single", "这起事故的直接原因是（　）。", _options("违章动火", "设备老化", "天气炎热"), ["A"], ""),
         _question("judge", "轻伤事故可以不报告。", _options("正确", "错误"), ["B"], "发生事故都应立即报告本单位负责人。"),
     ]},
]  # fmt: skip
ABOUT = (
    "这一行和上面的标题不会被当作试题。每题以题号开头；题型写在【】里，也可以写成“一、单选题”这样的大题标题。",
    "答案可以写成一行“答案：”，写在题干的括号里，或在文末列出答案表。填空题的各空用“；”隔开，几种写法用“|”隔开。",
)
"""What a Word template says below its title."""
