"""Lays out what is printed about an offline class: the sheet for signing by hand and the record (一期一档), A4 upright."""

import json
import logging
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from apps.plans.classes.ports import RecordFields, SheetFields
from infra.adapters.media.slides import fonts
from infra.adapters.pdf.certificate import qr_svg
from infra.kit import marking

log = logging.getLogger("anxue.pdf")
_FOLDER = Path(__file__).parent
_STANDARD = "a-2b"
_lock = Lock()
"""A compiler is one object; threads of a web worker take turns."""


@lru_cache(maxsize=2)
def _compiler(name: str) -> Any:
    return typst.Compiler(input=str(_FOLDER / f"{name}.typ"), font_paths=fonts(), ignore_system_fonts=True)


class ClassPrinter:
    """Plug for `apps.plans.classes.ports.CLASS_PRINTER`."""

    def sign_in_sheet(self, fields: SheetFields) -> bytes:
        """Return the sheet; its heads are repeated on every page."""
        return _printed("sign_in_sheet", {**asdict(fields), "qr": qr_svg(fields.url)}, fields.number)

    def class_record(self, fields: RecordFields) -> bytes:
        """Return the record; long tables go on over pages."""
        return _printed("class_record", asdict(fields), fields.number)


def _printed(name: str, data: dict[str, Any], number: str) -> bytes:
    """Return PDF/A-2b, or plain PDF where a text holds a character that the font lacks."""
    marked = data | {"mark": marking.here_in_words(marking.PERSONS)}
    inputs = {"data": json.dumps(marked, ensure_ascii=False)}
    with _lock:
        try:
            return bytes(_compiler(name).compile(format="pdf", sys_inputs=inputs, pdf_standards=_STANDARD))
        except typst.TypstError as error:
            log.warning("%s of class %s is not PDF/A: %s", name, number, type(error).__name__)
            return bytes(_compiler(name).compile(format="pdf", sys_inputs=inputs))
