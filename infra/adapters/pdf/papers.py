"""Lays exam papers out: A4 upright, for writing by hand, or with the answers."""

import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from apps.exams.papers.ports import PrintedPaper
from infra.adapters.media.slides import fonts
from infra.kit import marking

TEMPLATE = Path(__file__).with_name("paper.typ")
_lock = Lock()
"""The compiler is one object; threads of a web worker take turns."""


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """One for the whole process: it keeps the parsed fonts."""
    return typst.Compiler(input=str(TEMPLATE), font_paths=fonts(), ignore_system_fonts=True)


class PaperPress:
    """Plug for `apps.exams.papers.ports.PAPER_PRINTER`."""

    def paper(self, paper: PrintedPaper) -> bytes:
        """Return A4 pages as PDF; nothing in a text is executed."""
        data = asdict(paper) | {"mark": marking.here_in_words(marking.PAPERS)}
        with _lock:
            return bytes(_compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}))
