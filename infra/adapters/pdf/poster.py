"""Lays out the poster for the wall: A4 upright, one large QR code, three steps, for whom and until when."""

import io
import json
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst

from apps.people.ports import PosterFields
from infra.adapters.media.slides import fonts
from infra.adapters.pdf.certificate import worded_day

SHOWN = 44
"""Characters of unit and position; more would push the steps off the page."""
TEMPLATE = Path(__file__).with_name("poster.typ")


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """One for the whole process: it keeps the parsed fonts."""
    return typst.Compiler(input=str(TEMPLATE), font_paths=fonts(), ignore_system_fonts=True)


_lock = Lock()


class PosterPress:
    """Plug for `apps.people.ports.POSTER`."""

    def poster(self, fields: PosterFields) -> bytes:
        """See :class:`apps.people.ports.PosterPrinter`."""
        place = " · ".join(filter(None, [fields.unit, fields.position]))
        limit = f"限 {fields.most} 人" if fields.most else ""
        data = {
            **asdict(fields),
            "most": "",
            "place": place if len(place) <= SHOWN else f"{place[: SHOWN - 1]}…",
            "until": "，".join(filter(None, [f"{worded_day(fields.until)}前有效", limit])),
            "qr": _svg(fields.url, border=0),
        }
        with _lock:
            return bytes(_compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}))

    def qr(self, url: str) -> str:
        """See :class:`apps.people.ports.PosterPrinter`."""
        return _svg(url, border=2)


def _svg(url: str, *, border: int) -> str:
    """Return a QR code that survives a torn corner (error correction Q); dark blue on white."""
    out = io.BytesIO()
    code = segno.make(url, error="q", micro=False, boost_error=False)
    code.save(out, kind="svg", border=border, dark="#0b2545", light="#ffffff", xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()
