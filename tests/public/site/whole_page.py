"""What a page that has to stand alone must be: valid, in two languages, fetching and running nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

_EMPTY = {"meta", "br", "link", "img", "input", "hr"}
_ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "h1", "h2", "h3", "p", "a", "b", "strong", "span",
    "time", "ul", "li", "dl", "div", "dt", "dd", "br",
}  # fmt: skip
_BLOCKS = {"section", "header", "main", "footer", "nav", "h1", "h2", "h3", "p", "ul", "dl", "div"}
_ONLY_IN = {"li": {"ul"}, "dt": {"div", "dl"}, "dd": {"div", "dl"}, "title": {"head"}, "style": {"head"}, "meta": {"head"}}
_ATTRIBUTES = {
    "lang", "hreflang", "charset", "name", "content", "http-equiv", "id", "href", "rel", "class", "datetime", "data-written", "aria-label", "aria-labelledby",
}  # fmt: skip


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[str] = []
        self.langs: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else ""
        if tag not in _ALLOWED:
            self.found.append(f"<{tag}> is not for such a page")
        if tag in _BLOCKS and parent in {"p", "span", "a", "b", "h1", "h2", "h3"}:
            self.found.append(f"<{tag}> inside <{parent}>")
        if tag in _ONLY_IN and parent not in _ONLY_IN[tag]:
            self.found.append(f"<{tag}> inside <{parent}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if len({name for name, _value in attrs}) < len(attrs):
            self.found.append(f"an attribute twice on <{tag}>")
        if tag not in _EMPTY:
            self.open.append(tag)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in _ATTRIBUTES:
            self.found.append(f"{name} on <{tag}>")
        if name == "id":
            self.ids.append(value)
        if name == "lang":
            self.langs.add(value)
        if name == "aria-labelledby" or (name == "href" and value.startswith("#")):
            self.wanted.append(value.lstrip("#"))
        if name == "href" and not re.match(r"(#\w+|tel:[\d-]+|https://beian\.[\w./#?=]+|)$", value):
            self.found.append(f"leads to {value}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "style" and re.search(r"url\(|@import|expression", data):
            self.found.append("the style sheet fetches something")


def problems_of(text: str) -> list[str]:
    """Return what is wrong with a page that has to stand alone; empty where nothing is."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    found = list(reader.found)
    if not text.startswith("<!doctype html>"):
        found.append("no doctype")
    if reader.open:
        found.append(f"still open: {reader.open}")
    if len(set(reader.ids)) < len(reader.ids):
        found.append("an id twice")
    found += [f"no id {name}" for name in reader.wanted if name not in reader.ids]
    if not {"zh-Hans", "en"} <= reader.langs:
        found.append("not in both languages")
    return found


def style_hash_is_right(text: str) -> bool:
    """Say whether the policy in the page lets its own style sheet through, and nothing else."""
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\"" in text
