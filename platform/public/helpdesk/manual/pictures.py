"""Pictures of the manual: taken by the browser tests, made small by ``manage.py manual collect``, kept in ``MANUAL_PICTURES``.

They are built, never committed. A page without them is whole: what has no picture shows none.
"""

import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse

from public.helpdesk import marked
from public.helpdesk.manual.chapters import CHAPTERS
from public.helpdesk.manual.reading import LANGUAGES, text_of

WIDEST, TALLEST, QUALITY = 1200, 1500, 80
_NAME = re.compile(r"[a-z0-9-]{1,60}")
_USED = re.compile(r"!\[[^\]]*\]\(#([a-z0-9-]+)\)")


def used() -> list[str]:
    """Return the names of all pictures that the manual shows, each once: names of files of ``build/screens`` without ``.png``."""
    found = (name for lang in LANGUAGES for chapter in CHAPTERS for name in _named(chapter.key, lang))
    return sorted(set(found))


def _named(key: str, lang: str) -> list[str]:
    text = text_of(key, lang)
    return [name for part in (text.lead, *(one.text for one in text.sections)) for name in _USED.findall(part)]


def path_of(name: str) -> Path | None:
    """Return the file of a picture, None where it was not built."""
    if not _NAME.fullmatch(name):
        return None
    path = Path(settings.MANUAL_PICTURES) / f"{name}.webp"
    return path if path.is_file() else None


def shown(name: str, words: str) -> str:
    """Return a picture as HTML for `marked.html`; "" where it was not built."""
    path = path_of(name.removeprefix("#"))
    if path is None:
        return ""
    width, height = _size(str(path), path.stat().st_mtime_ns)
    return marked.figure(reverse("manual-picture", args=[path.stem]), words, width, height)


@lru_cache(maxsize=256)
def _size(path: str, _changed: int) -> tuple[int, int]:
    from PIL import Image

    with Image.open(path) as picture:
        return picture.size


def collect(screens: Path, target: Path) -> tuple[list[str], list[str]]:
    """Make the manual's pictures out of screenshots: at most 1200 wide, long pages cut at 1500, WebP.

    :returns: names that were made, and names that have no screenshot
    """
    from PIL import Image

    target.mkdir(parents=True, exist_ok=True)
    made, missing = [], []
    for name in used():
        source = screens / f"{name}.png"
        if not source.is_file():
            missing.append(name)
            continue
        with Image.open(source) as screen:
            picture = screen.convert("RGB")
            if picture.width > WIDEST:
                picture = picture.resize((WIDEST, round(picture.height * WIDEST / picture.width)), Image.Resampling.LANCZOS)
            picture.crop((0, 0, picture.width, min(picture.height, TALLEST))).save(
                target / f"{name}.webp", quality=QUALITY, method=6
            )
        made.append(name)
    return made, missing
