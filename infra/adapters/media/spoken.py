"""How written safety Chinese is read aloud: standards' numbers, units, ranges and roman grades in spoken form."""

import re
from collections.abc import Callable

_DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")
_ROMAN = str.maketrans({"Ⅰ": "一", "Ⅱ": "二", "Ⅲ": "三", "Ⅳ": "四", "Ⅴ": "五"})
_MARKS = str.maketrans(dict.fromkeys("《》“”‘’", "") | {"（": "，", "）": "，", "〔": "", "〕": "", "\u3000": " "})
_STANDARDS = {
    "GB/T": "推荐性国家标准",
    "GBZ": "国家职业卫生标准",
    "GB": "国家标准",
    "AQ": "安全生产行业标准",
    "JGJ": "建筑行业标准",
}
_UNITS = {
    "dB(A)": "分贝",
    "min": "分钟",
    "mA": "毫安",
    "cm": "厘米",
    "mm": "毫米",
    "kg": "千克",
    "m": "米",
    "h": "小时",
    "s": "秒",
    "t": "吨",
    "V": "伏",
}
_SIGNS = {"<": "小于", "≤": "不超过", ">": "大于", "≥": "不小于"}
_TURNED = {"<": "大于", "≤": "不小于"}
_UNIT = "|".join(re.escape(unit) for unit in _UNITS)
_QUANTITY = rf"\d+(?:\.\d+)?(?:{_UNIT})?"
_DOUBLE_PAUSE = re.compile(r"，+\s*([，。；：？！、]|$)")
_Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _digits(number: str) -> str:
    return number.translate(_DIGITS)


def _standard(match: re.Match[str]) -> str:
    part = f"点{_digits(match[3])}" if match[3] else ""
    year = f"，{_digits(match[4])}年版" if match[4] else ""
    return f"{_STANDARDS[match[1]]}{_digits(match[2])}{part}{year}，"


def _date(match: re.Match[str]) -> str:
    return f"{_digits(match[1])}年{int(match[2])}月{int(match[3])}日"


def _percent_range(match: re.Match[str]) -> str:
    return f"百分之{match[1]}到百分之{match[2]}"


# Order matters: codes before units, so that the digits of a standard are never read as a quantity.
_RULES: tuple[_Rule, ...] = (
    (re.compile(r"(?<![A-Za-z])(GB/T|GBZ|GB|AQ|JGJ)\s*(\d+)(?:\.(\d+))?(?:\s*[-—]\s*(\d{4}))?(?!\d)"), _standard),
    (re.compile(r"(\d{4})-(\d{2})-(\d{2})"), _date),
    (re.compile(r"(\d{4})(?=年|〕)"), lambda match: _digits(match[1])),
    (re.compile(r"(?<=[\u4e00-\u9fff])[hm]在(?=\d)"), ""),
    (
        re.compile(rf"({_QUANTITY})([<≤])[hm]([<≤])(?={_QUANTITY})"),
        lambda match: f"{_TURNED[match[2]]}{match[1]}、{_SIGNS[match[3]]}",
    ),
    (re.compile(r"(?<![A-Za-z])[hm]?([<≤>≥])(?=\d)"), lambda match: _SIGNS[match[1]]),
    (re.compile(r"(\d+(?:\.\d+)?)%\s*[~～—-]\s*(\d+(?:\.\d+)?)%"), _percent_range),
    (re.compile(r"(\d+(?:\.\d+)?)%"), lambda match: f"百分之{match[1]}"),
    (re.compile(rf"(?<=\d)\s*({_UNIT})(?![A-Za-z])"), lambda match: _UNITS[match[1]]),
    (re.compile(rf"(?<=[什么多少])\s*({_UNIT})(?![A-Za-z])"), lambda match: _UNITS[match[1]]),
    (re.compile(r"(?<=[\d米厘千克])\s*[~～]\s*(?=\d)"), "到"),
    (re.compile(r"(?<=\d):(?=\d)"), "比"),
    (re.compile(r"(?<=次)/分"), "每分钟"),
    (re.compile(r"(?<=[\u4e00-\u9fff])/(?=[\u4e00-\u9fff])"), "、"),
    (re.compile(r"([A-Z]{2,})"), lambda match: f" {' '.join(match[1])} "),
)


def pronounce(text: str) -> str:
    """Return ``text`` as it is to be read aloud in Mandarin; pure, never raises."""
    words = "".join(sign if sign.isprintable() or sign == "\u3000" else " " for sign in text)
    for pattern, said in _RULES:
        words = pattern.sub(said, words)
    plain = " ".join(words.translate(_ROMAN).translate(_MARKS).split())
    return _DOUBLE_PAUSE.sub(r"\1", plain)
