"""Pages of a PDF as pictures and text, drawn in a process of its own: a poisoned file ends that process and nothing else."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from infra.adapters.media import modest
from infra.adapters.media.errors import MediaError

MOST_PAGES: Final = 500
WIDTH: Final = 1_400
"""Pixels of a page's longer side: sharp on a desktop, about 100 KB."""
SHORTEST_MS: Final = 20_000
READ_PER_MINUTE: Final = 300
"""Characters a minute that a careful reader of Chinese manages."""
_MEMORY = 3 << 30
_TIMEOUT_S = 1_800


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its picture's file, pixels, text, and the least time that reading it takes, in ms."""

    file: str
    width: int
    height: int
    text: str
    least_ms: int


def least_ms(text: str) -> int:
    """Return the least reading time of a page in ms: 20 s, longer for more than 100 characters."""
    signs = sum(1 for sign in text if not sign.isspace())
    return max(SHORTEST_MS, signs * 60_000 // READ_PER_MINUTE)


def count(pdf: Path) -> int:
    """Return how many pages a PDF has.

    :raises MediaError: ``not_pdf``, ``locked``, ``no_page``, ``too_many_pages``
    """
    return int(_draw(["count", str(pdf.absolute())], lambda _: None)["pages"])


def draw(pdf: Path, folder: Path, *, progress: Callable[[int], None]) -> list[Page]:
    """Draw every page as a JPEG in ``folder`` and return them in order.

    :raises MediaError: as :func:`count`; ``page_failed``
    """
    folder.mkdir(parents=True, exist_ok=True)
    said = _draw(["draw", str(pdf.absolute()), str(folder.absolute())], progress)
    return [Page(p["file"], p["width"], p["height"], p["text"], least_ms(p["text"])) for p in said["drawn"]]


def _draw(arguments: list[str], progress: Callable[[int], None]) -> dict[str, Any]:
    """Run the drawing process: one JSON line for each page, then the result or the name of the refusal."""
    bounds = modest.words(memory=_MEMORY, cpu_s=_TIMEOUT_S)
    command = [*bounds, sys.executable, "-m", "infra.adapters.media.pages_process", *arguments]
    result: dict[str, Any] = {}
    drawn: list[dict[str, Any]] = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            for line in process.stdout or ():
                said = json.loads(line)
                if "file" in said:
                    drawn.append(said)
                    progress(said["no"] * 100 // said["of"])
                else:
                    result = said
        except BaseException:
            process.kill()
            raise
    if "refused" in result:
        raise refusal(result["refused"])
    if not result:
        raise refusal("page_failed")
    return result | {"drawn": drawn}


def refusal(reason: str) -> MediaError:
    """Return the refusal of a document by its name."""
    words = {
        "not_pdf": "这不是可以打开的 PDF 文件，请重新导出后上传。",
        "locked": "PDF 设置了密码，请去掉密码后重新上传。",
        "no_page": "文档里没有页面，请重新导出后上传。",
        "too_many_pages": "文档超过 500 页，请拆分后上传。",
        "page_failed": "文档页面无法显示，文件可能已损坏，请重新导出后上传。",
    }
    return MediaError(words[reason], reason)
