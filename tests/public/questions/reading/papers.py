"""Papers as trainers write them, and Word files around them."""

import io
import zipfile
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def docx(body: str, *, numbering: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """Return a Word file around the XML of a body."""
    parts = {
        "[Content_Types].xml": HEAD + TYPES,
        "word/document.xml": f'{HEAD}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
    }
    if numbering:
        parts["word/numbering.xml"] = f'{HEAD}<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {**parts, **(more or {})}.items():
            file.writestr(name, content)
    return out.getvalue()


def p(text: str = "", *, numbered: tuple[int, int] | None = None, raw: str = "") -> str:
    """Return a paragraph; ``numbered``: (list, depth) of Word's own numbers; ``raw``: more runs as XML."""
    properties = (
        f'<w:pPr><w:numPr><w:ilvl w:val="{numbered[1]}"/><w:numId w:val="{numbered[0]}"/></w:numPr></w:pPr>' if numbered else ""
    )
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f"<w:p>{properties}{run}{raw}</w:p>"


def under(text: str) -> str:
    """Return an underlined run."""
    return f'<w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def plain(text: str) -> str:
    """Return a run."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def table(*rows: list[str]) -> str:
    """Return a table of Word."""
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


LISTS = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>"""

BRACKETS = """安全知识考试题

一、单项选择题（每题2分，共4分）
1、我国安全生产工作的方针是（ C ）。
A、安全第一、效益优先  B、预防为主   C、安全第一、预防为主、综合治理    D、生命至上
2．从业人员发现直接危及人身安全的紧急情况时，有权（Ａ）。
Ａ．停止作业
Ｂ．继续作业
Ｃ．等待通知
Ｄ．自行处理

二、多选题
1.从业人员的义务有（A、B、D）
A.遵守规章 B.服从管理
C.随意操作 D.佩戴防护用品

三、判断题
1. 未经培训可以上岗。（×）
2. 应当及时消除事故隐患。（√）
3、特种作业人员须持证上岗。 （ 对 ）
"""

LINES = """1. 【单选题】生产经营单位的第一责任人是谁？
A）主要负责人
B）安全员
C）班组长
正确答案：A
解析：第五条规定。
依据：《中华人民共和国安全生产法》第五条
难度：易
知识点：责任制、主要负责人

2. 下列属于特种作业的有？
A. 电工作业
B. 高处作业
C. 办公室工作
【答案】AB【解析】见目录。【难度】0.6

3. 应当每年组织演练。
答案：错误

4. 灭火器应每____检查一次，压力指针应在____区。
答案：月|每月；绿色

5. 简述三违。
答案：1.违章指挥；
2.违章作业；
3.违反劳动纪律。
解析：三条都要写。
6. 请排列步骤。
A. 通风
B. 审批
C. 检测
题型：排序题
答案：BAC
"""

KEYED = """一、单选题
1. 甲？
A. 一 B. 二 C. 三
2. 乙？
A. 一 B. 二 C. 三
3. 丙？
A. 一 B. 二 C. 三
二、多选题
1. 丁？
A. 一 B. 二 C. 三
三、判断题
1. 戊。
2. 己。
四、填空题
1. 使用____灭火。
五、简答题
1. 为什么？

参考答案
一、单选题
1-3 ABC
二、多选题
1.AC
三、判断题
1.√  2.×
四、填空题
1.水；沙
五、简答题
1.因为危险。
所以小心。
"""

CASES = """一、案例分析题
1. 某车间动火未审批，引燃油布。
（1）直接原因是（　）。
A. 违章动火 B. 设备老化 C. 天气
答案：A
（2）轻伤可以不报告。
答案：错
2. 某仓库夜间起火。
（1）应拨打的电话是____。
答案：119
"""
