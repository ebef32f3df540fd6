"""Reads the manual's files: chapters, their sections, and a digest that tells one release's manual from another's.

A chapter is ``# Title``, a few lines, then sections ``## Title {#anchor}``. Both languages have the same anchors in the same order.
"""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from django.utils.translation import get_language

from public.helpdesk.manual.chapters import BY_KEY, CHAPTERS, Chapter

LANGUAGES = ("zh", "en")
_HEAD = re.compile(r"^## (?P<title>.+?) \{#(?P<anchor>[a-z-]+)\}$", re.M)
_TITLE = re.compile(r"\A# (?P<title>.+)$", re.M)


@dataclass(frozen=True, slots=True)
class Section:
    """One section in one language. ``ref``: chapter and anchor, ``learner/study#hours``."""

    ref: str
    anchor: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A chapter's words in one language. ``lead``: what stands before its first section, markdown."""

    chapter: Chapter
    title: str
    lead: str
    sections: tuple[Section, ...]


def language() -> str:
    """Return the manual's language for whoever reads now."""
    return "en" if (get_language() or "zh").startswith("en") else "zh"


@cache
def text_of(key: str, lang: str) -> Text:
    """Return a chapter's words.

    :raises KeyError: there is no such chapter
    :raises ValueError: its file has no title
    """
    said = _file(key, lang).read_text("utf-8")
    title = _TITLE.match(said)
    if title is None:
        raise ValueError(f"{lang}/{key}.md has no title")
    heads = list(_HEAD.finditer(said))
    ends = [head.start() for head in heads[1:]] + [len(said)]
    sections = tuple(
        Section(f"{key}#{head['anchor']}", head["anchor"], head["title"], said[head.end() : end].strip())
        for head, end in zip(heads, ends, strict=True)
    )
    lead = said[title.end() : heads[0].start() if heads else len(said)].strip()
    return Text(BY_KEY[key], title["title"], lead, sections)


def section(ref: str, lang: str) -> Section | None:
    """Return one section, None where there is none (a link of a former release)."""
    key, _hash, anchor = ref.partition("#")
    if key not in BY_KEY:
        return None
    return next((one for one in text_of(key, lang).sections if one.anchor == anchor), None)


def texts(audiences: Collection[str], lang: str) -> list[Text]:
    """Return the chapters for these readers, in the manual's order."""
    return [text_of(one.key, lang) for one in CHAPTERS if one.audience in audiences]


@cache
def digest() -> str:
    """Return 32 hex digits that change with any word of the manual."""
    said = hashlib.sha256()
    for lang in LANGUAGES:
        for chapter in CHAPTERS:
            said.update(f"{lang}/{chapter.key}\0".encode() + _file(chapter.key, lang).read_bytes())
    return said.hexdigest()[:32]


def _file(key: str, lang: str) -> Traversable:
    if key not in BY_KEY or lang not in LANGUAGES:
        raise KeyError(key)
    return resources.files("public.helpdesk.manual").joinpath(lang, f"{key}.md")
