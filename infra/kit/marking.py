"""Marks on files that leave: label, who took it out, when, and the trace number (GB 17859 level 3: 输出的标记).

A workbook carries the mark as a pale picture behind the cells, above and below each printed page, and in its properties.
"""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from django.utils.translation import gettext as _

from infra.kit import clock, origin
from infra.kit.labels import Category, Label, Level, label

PLAIN = label(Level.INTERNAL, Category.TRAINING)
"""What a list of the house carries."""
PERSONS = label(Level.SENSITIVE, Category.TRAINING)
"""What a list with persons in it carries."""
PAPERS = label(Level.SENSITIVE, Category.TRAINING)
"""What an exam paper carries."""
_SIZE, _TURN, _INK = (620, 360), 24, (120, 130, 140, 46)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file says about itself. ``who``: as people know them, e.g. 「运营甲（平台运营）」; ``at``: aware."""

    label: Label
    who: str
    at: datetime
    trace: str = ""

    @property
    def line(self) -> str:
        """Return the mark as one line, e.g. 「敏感 · 培训　运营甲　2026-11-23 12:00　3f2a…」."""
        moment = f"{self.at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
        return "　".join(part for part in (self.label.words, self.who, moment, self.trace[:12]) if part)

    @property
    def picture(self) -> str:
        """Return what stands behind the cells: the line without the trace, so that files of one minute share a picture."""
        moment = f"{self.at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"
        return "　".join((self.label.words, self.who, moment))

    def file_name(self, name: str) -> str:
        """Return a file's name with the level in it, e.g. 「操作日志（核心）.xlsx」."""
        stem, dot, kind = name.rpartition(".")
        level = self.label.words.partition(" · ")[0]
        return f"{stem}（{level}）.{kind}" if dot else f"{name}（{level}）"


def mark_of(of: Label, *, who: str, at: datetime) -> Mark:
    """Return the mark of a file that is made now, within the running request or task."""
    return Mark(of, who, at, origin.trace())


def here(of: Label) -> Mark | None:
    """Return the mark of a file that the running request makes for whoever was recognised, or a worker for whoever ordered it.

    None where nobody was (a command, a schedule), and for learners: what they take is their own, to be shown to whom they like.
    """
    found = origin.current()
    if found is None or not found.who or found.who.startswith("learner:"):
        return None
    who = f"{found.name}（{found.who}）" if found.name else found.who
    return Mark(of, who, clock.now(), found.trace)


def here_in_words(of: Label) -> str:
    """Return what stands behind the text of a printed page that the running request makes; "" where nobody was recognised."""
    mark = here(of)
    return mark.picture if mark is not None else ""


def stamp_here(book: Any, of: Label) -> None:
    """Mark a workbook for the running request, if there is one; called last, before it is closed."""
    mark = here(of)
    if mark is not None:
        stamp_book(book, mark)


def stamp_book(book: Any, mark: Mark) -> None:
    """Mark every sheet of an xlsxwriter workbook; called last, before it is closed."""
    picture = watermark(mark.picture)
    plain = mark.line.replace("&", "&&")  # an ampersand begins a command in headers of Excel
    for sheet in book.worksheets():
        sheet.set_header(f"&C{plain}")
        sheet.set_footer(f"&C{plain}　&P / &N")
        sheet.set_background(io.BytesIO(picture))
    book.set_properties({"category": mark.label.words, "comments": mark.line, "status": _("请按密级保管")})
    book.set_custom_property("Label", mark.label.code)
    book.set_custom_property("Trace", mark.trace or "-")


@lru_cache(maxsize=32)
def watermark(line: str) -> bytes:
    """Return a transparent PNG tile with the line across it, pale enough to read through."""
    from PIL import Image, ImageDraw, ImageFont  # drawn only where a file is made

    tile = Image.new("RGBA", _SIZE, (255, 255, 255, 0))
    text = Image.new("RGBA", _SIZE, (255, 255, 255, 0))
    font = ImageFont.truetype(_font(), 20)  # by its name, so that only the letters in use are read
    draw = ImageDraw.Draw(text)
    left, top, right, bottom = draw.textbbox((0, 0), line, font=font)
    draw.text(((_SIZE[0] - right + left) / 2, (_SIZE[1] - bottom + top) / 2), line, font=font, fill=_INK)
    tile.alpha_composite(text.rotate(_TURN, resample=Image.Resampling.BICUBIC))
    out = io.BytesIO()
    tile.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=1)
def _font() -> str:
    fonts = sorted(str(path) for path in resources.files("pylopdf_fonts_zh_cn").iterdir())
    return next(path for path in fonts if path.lower().endswith((".otf", ".ttf", ".ttc")))
