"""Lays out files (一人一档, 一期一档): A4, facts, tables over pages, signatures and the seal."""

import json
import logging
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from apps.records.archives.shapes import FileDocument, Seal
from infra.adapters.media.slides import fonts
from infra.kit import clock, marking

log = logging.getLogger("anxue.pdf")
TEMPLATE = Path(__file__).with_name("archive_file.typ")
MOST_LINES = 1_500
"""Lines of one printed table; the workbook holds all."""
_STANDARD = "a-2b"


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """One for the whole process: it keeps the parsed fonts."""
    return typst.Compiler(input=str(TEMPLATE), font_paths=fonts(), ignore_system_fonts=True)


_lock = Lock()
"""The compiler is one object; threads of a web worker take turns."""


class FilePress:
    """Plug for `apps.records.ports.FILE_PRINTER`."""

    def file(self, document: FileDocument) -> bytes:
        """Return PDF/A-2b, or plain PDF where a text holds a character that the font lacks."""
        inputs = {"data": json.dumps(page_data(document), ensure_ascii=False)}
        with _lock:
            try:
                return bytes(_compiler().compile(format="pdf", sys_inputs=inputs, pdf_standards=_STANDARD))
            except typst.TypstError as error:
                log.warning("file %s is not PDF/A: %s", document.number, type(error).__name__)
                return bytes(_compiler().compile(format="pdf", sys_inputs=inputs))


def page_data(document: FileDocument) -> dict[str, Any]:
    """Return what the template prints; every value a text, and nothing in it is executed."""
    shown = document.first(MOST_LINES)
    data = asdict(shown)
    for section, made in zip(shown.sections, data["sections"], strict=True):
        for table, one in zip(section.tables, made["tables"], strict=True):
            one["cut"] = table.cut
    data["seal"] = _seal(shown.seal)
    data["mark"] = marking.here_in_words(marking.PERSONS)
    return data


def _seal(seal: Seal | None) -> dict[str, Any]:
    if seal is None:
        return {}
    return {
        "broken": seal.is_whole is False,
        "words": _words(seal),
        "size": str(seal.size) if seal.size else "",
        "root": seal.root,
        "at": _moment(seal.at),
    }


def _words(seal: Seal) -> str:
    if seal.is_whole is False:
        return seal.problem
    told = f"{seal.sealed} / {seal.entries} 条记录已封存"
    return f"{told}，首尾相连，未被改动。" if seal.is_whole else f"{told}；逐条核验见学员档案。"


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else ""
