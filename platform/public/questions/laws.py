"""Laws as people write them: 「《安全生产法》第二十一条、第九十四条至第九十六条」 names four articles. Pure."""

import re
from collections.abc import Iterator

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"[〇零一二两三四五六七八九十百千\d]+"
_ARTICLE = re.compile(rf"第({_NUMBER})条(?:之({_NUMBER}))?")
_SPAN = re.compile(rf"第({_NUMBER})条\s*(?:至|到|[-—–~～])\s*第({_NUMBER})条")
_STANDARD = re.compile(r"\b(?:GB|GBZ|AQ|JGJ|DB\d*|TSG|XF|GA|HG|SY|DL)(?:/T|/Z)?\s*\d[\d.]*(?:-\d{4})?")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_MOST_ARTICLES = 60


def number(text: str) -> int:
    """Return the value of a Chinese or Arabic whole number below ten thousand, e.g. 一百二十 or 28."""
    if text.isdigit():
        return int(text)
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[char], 0
        else:
            digit = _DIGITS[char] if char in _DIGITS else int(char)
    return total + digit


def law_name(text: str) -> str:
    """Return a law's name without book marks, asides in brackets and the state's name; a standard in one form."""
    plain = _ASIDE.sub("", text).replace("《", "").replace("》", "").strip(" 　，,、；;。")
    standard = _STANDARD.search(plain)
    if standard:
        return re.sub(r"\s*(\d)", r" \1", standard[0], count=1)
    return plain.removeprefix("中华人民共和国")


def citations(basis: str) -> list[tuple[str, str]]:
    """Return (law, article) of one line of a legal basis; the article is "" where a whole law is named.

    「安全生产法第二十一条、第九十四条至第九十六条」 names four articles of one law.
    """
    numbers = list(dict.fromkeys(_articles(basis)))
    first = _ARTICLE.search(basis)
    law = law_name(basis[: first.start()] if first else basis)
    return [(law, article) for article in numbers or [""]] if law else []


def _articles(basis: str) -> Iterator[str]:
    for span in _SPAN.finditer(basis):
        low, high = number(span[1]), number(span[2])
        if low < high <= low + _MOST_ARTICLES:
            yield from (str(article) for article in range(low, high + 1))
    for found in _ARTICLE.finditer(basis):
        yield f"{number(found[1])}-{number(found[2])}" if found[2] else str(number(found[1]))
