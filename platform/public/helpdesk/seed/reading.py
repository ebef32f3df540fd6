"""Reads the first questions out of ``faq.md``: heading, facts, the Chinese answer, a line of dashes, the English one."""

from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as it was written at first."""

    question: str
    audiences: list[str]
    chapter: str
    other_words: str
    question_en: str
    answer: str
    answer_en: str


def entries() -> list[Entry]:
    """Return the questions in the order of the file.

    :raises ValueError: one lacks a fact or an answer
    """
    said = resources.files("public.helpdesk.seed").joinpath("faq.md").read_text("utf-8")
    return [_entry(part) for part in f"\n{said}".split("\n## ")[1:]]


def _entry(part: str) -> Entry:
    question, *facts = part.split("\n", 5)
    named = dict(line.split(": ", 1) for line in facts[:4])
    answer, _dashes, answer_en = facts[4].partition("\n---\n")
    return Entry(
        question.strip(), named["for"].split(), named["chapter"], "\n".join(word.strip() for word in named["also"].split("|")), named["en"],
        answer.strip(), answer_en.strip(),
    )  # fmt: skip
