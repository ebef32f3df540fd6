"""Numbered text, from Word or pasted: sections, questions, options, answer lines, cases, and the table of answers at the end."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from public.questions.content import CASE, LETTERS, TEXT
from public.questions.reading import marks, wording
from public.questions.reading.assembling import Raw, assemble
from public.questions.reading.keys import Key
from public.questions.reading.marks import Start
from public.questions.reading.shapes import ENOUGH, MAX_QUESTIONS, Reading, Remark, refuse

_FREE = frozenset({"answer", "explanation", "basis"})
"""Fields that may go over several lines, with numbers of their own in them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. ``number`` as told to people; ``cells`` where it is a row of a table; ``holds``: codes of remarks (picture, formula)."""

    number: int
    text: str
    cells: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


def _evened(line: Line) -> Line:
    return replace(line, text=wording.evened(line.text), cells=tuple(wording.evened(cell) for cell in line.cells))


@dataclass(slots=True)
class _Section:
    kind: str = ""
    style: str = ""
    last: int = 0
    sub_style: str = ""
    questions: list[Raw] = field(default_factory=list)


class Paper:
    """Reads a paper line by line; :meth:`reading` gives what was found."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = [_evened(line) for line in lines]
        self._sections = [_Section()]
        self._raw: Raw | None = None
        self._case: Raw | None = None
        self._field = "stem"
        self._sub = 0
        self._one_a_line = False
        self._key: Key | None = None
        self._strays: list[tuple[int, Remark]] = []

    def reading(self, *, topic: str) -> Reading:
        """Return the drafts in the order of the text.

        :raises BadFile: ``no_questions``, ``too_many_rows``
        """
        for place, line in enumerate(self._lines):
            self._read(place, line)
        if self._key is not None:
            self._strays += self._key.give([section.questions for section in self._sections])
        raws = [raw for section in self._sections for raw in section.questions]
        if not raws:
            raise refuse("no_questions")
        if len(raws) > MAX_QUESTIONS:
            raise refuse("too_many_rows")
        return Reading([assemble(raw, topic=topic) for raw in raws], self._strays)

    def _read(self, place: int, line: Line) -> None:
        text = line.text.strip()
        plain = wording.narrow(text)
        if not text:
            return
        if self._key is not None:
            self._key.feed(line.number, text, line.cells)
        elif self._begins_key(place, plain):
            self._key = Key()
        elif kind := marks.section(plain):
            self._open_section(kind)
        else:
            self._read_words(place, line, text, plain)

    def _open_section(self, kind: str) -> None:
        self._sections.append(_Section(kind))
        self._raw = self._case = None

    def _begins_key(self, place: int, plain: str) -> bool:
        is_head, has_colon = marks.is_key_head(plain)
        if not is_head or not any(section.questions for section in self._sections):
            return False
        following = self._following(place)
        if marks.section(following):
            return True
        is_named = not has_colon and len(plain) > len("答案")
        return is_named or Key.is_like(following)

    def _following(self, place: int) -> str:
        """Return the next line that says something, narrow; "" at the end."""
        for at in range(place + 1, len(self._lines)):
            if text := self._lines[at].text.strip():
                return wording.narrow(text)
        return ""

    def _read_words(self, place: int, line: Line, text: str, plain: str) -> None:
        begin = marks.case(plain) if self._is_case_section else None
        begin = begin or marks.start(plain)
        if begin and self._is_question(begin):
            self._open(line, begin, plain)
            text, plain = text[begin.end :], plain[begin.end :]
            kind, end = marks.tag(plain)
            if kind and self._raw is not None:
                self._tagged(kind)
                text, plain = text[end:], plain[end:]
        if self._raw is None:
            if text:
                self._strays.append((line.number, Remark("stray", {"said": text[:30]})))
            return
        for code in line.holds:
            self._raw.say(code)
        self._read_parts(place, text, plain)

    @property
    def _section(self) -> _Section:
        return self._sections[-1]

    @property
    def _is_case_section(self) -> bool:
        return self._section.kind == CASE

    def _is_question(self, begin: Start) -> bool:
        """Whether a number begins a question, and not a line of what is being read."""
        section = self._section
        if begin.style == "case" or not section.style:
            return True
        if self._case is not None and begin.style != section.style:
            return section.sub_style in {"", begin.style} or self._is_done(self._raw)
        in_free_text = (
            self._field in _FREE and self._raw is not None and (self._raw.kind in {"", TEXT} or self._field != "answer")
        )
        style, last = (section.style, section.last)
        if self._case is not None and begin.style == section.sub_style:
            style, last = section.sub_style, self._case.parts[-1].number if self._case.parts else 0
        if begin.style != style:
            return not in_free_text and self._is_done(self._raw) and begin.number == last + 1
        if in_free_text and (begin.number != last + 1 or self._sub + 1 == begin.number):
            self._sub = begin.number
            return False
        return True

    @staticmethod
    def _is_done(raw: Raw | None) -> bool:
        return raw is None or bool(raw.answer)

    def _open(self, line: Line, begin: Start, plain: str) -> None:
        section, raw = self._section, Raw(line.number, begin.number)
        self._field, self._sub, self._one_a_line = "stem", 0, False
        is_sub = self._case is not None and begin.style not in {"case", section.style}
        if is_sub and self._case is not None:
            section.sub_style = begin.style
            self._case.parts.append(raw)
        else:
            raw.kind = section.kind
            section.style, section.last = begin.style, begin.number
            section.questions.append(raw)
            self._case = raw if raw.kind == CASE else None
        self._raw = raw

    def _tagged(self, kind: str) -> None:
        """Take the kind that stands before a question's words."""
        if self._raw is None:
            return
        self._raw.kind = kind
        if self._section.questions and self._raw is self._section.questions[-1]:
            self._case = self._raw if kind == CASE else None
            self._section.sub_style = "" if self._case is None else self._section.sub_style

    def _read_parts(self, place: int, text: str, plain: str) -> None:
        """Take what stands before the first label, then each labelled field."""
        found = marks.fields(plain, in_free_text=self._field in {"explanation", "basis"})
        end = found[0].start if found else len(text)
        if text[:end].strip():
            self._read_options(place, text[:end].rstrip(), plain[:end].rstrip())
        for one in found:
            self._label(one.name, text[one.end : one.stop])

    def _label(self, name: str, value: str) -> None:
        raw = self._raw
        if raw is None or not name:
            return
        if name == "kind":
            kind = wording.kind(value)
            if kind:
                self._tagged(kind)
            else:
                raw.say("kind_unread", said=value.strip()[:20])
            return
        whole = self._case if self._case is not None and name in {"difficulty", "points", "topic", "code"} else raw
        if len(getattr(whole, name)) > ENOUGH:
            raw.say("stray", said="……")
            return
        setattr(whole, name, f"{getattr(whole, name)}\n{value}".strip("\n") if name in _FREE else value)
        self._field = name
        first = marks.start(wording.narrow(value.strip()))
        self._sub = first.number if first else 0

    def _read_options(self, place: int, text: str, plain: str) -> None:
        """Take the options at the beginning of a line or behind the stem; anything else goes on with the field that is open."""
        raw = self._raw
        if raw is None:
            return
        expected = wording.SIGNS[len(raw.options) : len(raw.options) + 1]
        key, end = marks.option_at_start(plain)
        if (
            key
            and self._field in {"stem", "options"}
            and (key == expected or (key in LETTERS and key > expected and raw.options))
        ):
            if not raw.options:
                self._one_a_line = self._next_begins_with(place, chr(ord(key) + 1))
            self._field = "options"
            self._split(key, text[end:], plain[end:])
        elif self._field == "stem" and not raw.options and (begin := self._options_behind(plain)) > 0:
            self._continue(text[:begin].rstrip())
            self._field = "options"
            _key, end = marks.option_at_start(plain[begin:])
            self._split("A", text[begin + end :], plain[begin + end :])
        else:
            self._continue(text)

    @staticmethod
    def _options_behind(plain: str) -> int:
        """Return where option A begins behind a stem on the same line, 0 when it does not."""
        first = marks.next_option(plain, "A", 1, loose=False) or marks.next_option(plain, " A", 1, loose=True)
        if first is None:
            return 0
        begin = 1 + first.start() + (len(first[0]) - len(first[0].lstrip()))
        return begin if marks.next_option(plain, "B", begin + 1, loose=True) else 0

    def _next_begins_with(self, place: int, key: str) -> bool:
        return marks.option(self._following(place), key) >= 0

    def _split(self, key: str, text: str, plain: str) -> None:
        """Add the option ``key`` and those that follow it on its line."""
        raw = self._raw
        assert raw is not None  # noqa: S101 - only called with a question open
        begin = 0
        while True:
            upper = chr(ord(key) + 1)
            mark = marks.next_option(plain, upper, begin, loose=not self._one_a_line) if upper in wording.SIGNS else None
            end = begin + mark.start() if mark else len(text)
            raw.options.append((key, text[begin:end].strip()))
            if mark is None:
                return
            key, begin = upper, begin + mark.end()

    def _continue(self, text: str) -> None:
        """Add a line to the field that is open."""
        raw = self._raw
        if raw is None:
            return
        if len(self._so_far(raw)) > ENOUGH:
            raw.say("stray", said="……")
        elif self._field == "options" and raw.options:
            key, last = raw.options[-1]
            raw.options[-1] = (key, f"{last}\n{text}".strip())
        elif self._field in {"stem", *_FREE}:
            setattr(raw, self._field, f"{getattr(raw, self._field)}\n{text}".strip("\n"))
        else:
            raw.say("stray", said=text.strip()[:30])

    def _so_far(self, raw: Raw) -> str:
        """Return what the open field says already."""
        if self._field == "options" and raw.options:
            return raw.options[-1][1]
        return str(getattr(raw, self._field)) if self._field in {"stem", *_FREE} else ""


def read(lines: Sequence[Line], *, topic: str) -> Reading:
    """Read numbered text.

    :raises BadFile: ``no_questions``, ``too_many_rows``
    """
    return Paper(lines).reading(topic=topic)
