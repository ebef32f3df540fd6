"""Lays out training certificates: A4 landscape, Chinese, a design for each kind of training, with a QR code that leads to the public page."""

import io
import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import segno
import typst

from apps.records.ports import CertificateFields, CourseLine
from infra.adapters.media.slides import fonts
from infra.ui import wording

log = logging.getLogger("anxue.pdf")
TEMPLATE = Path(__file__).parent / "certificates/certificate.typ"
SHOWN_COURSES = 12
"""More do not fit on the page; the rest are counted in a last line and listed in the learner's archive."""
_STANDARD = "a-2b"
_REMEMBERED = 10
"""Files whose pages typst remembers, whether they come again or not, nearly 1 MB a page: what of one it did not need for ten is dropped."""


@lru_cache(maxsize=1)
def _compiler() -> Any:
    """One for the whole process and all designs: it keeps the parsed fonts."""
    return typst.Compiler(input=str(TEMPLATE), font_paths=fonts(), ignore_system_fonts=True)


_lock = Lock()
"""The compiler is one object; threads of a web worker take turns (about 30 ms each)."""


class TypstPrinter:
    """Plug for `apps.records.ports.PRINTER`."""

    def certificate(self, fields: CertificateFields) -> bytes:
        """Return one A4 page as PDF/A-2b, or as plain PDF where a name holds a character that the font lacks."""
        return _printed(f"{fields.title} {fields.number}", [fields])

    def certificates(self, many: Sequence[CertificateFields]) -> bytes:
        """Return a page for each, in one file to be printed at once: without the tags that read a page aloud, half its size."""
        try:
            return _printed(f"{many[0].number} – {many[-1].number}", many, pdf_tags=False)
        finally:
            _forget()


def _printed(title: str, many: Sequence[CertificateFields], *, pdf_tags: bool = True) -> bytes:
    data = {"title": title, "author": many[0].platform, "pages": [page_data(fields) for fields in many]}
    with _lock:
        try:
            return _compiled({**data, "mark": "PAdES · PDF/A"}, pdf_standards=_STANDARD, pdf_tags=pdf_tags)
        except typst.TypstError as error:
            log.warning("certificate %s is not PDF/A: %s", many[0].number, type(error).__name__)
            return _compiled({**data, "mark": "PAdES"}, pdf_tags=pdf_tags)


def _forget() -> None:
    """Let typst drop the pages of the last file, and keep what all files share: empty ones take the place of those it remembers."""
    with _lock:
        for _ in range(_REMEMBERED + 1):
            _compiled({"title": "", "author": "", "mark": "", "pages": []})


def _compiled(data: dict[str, Any], **more: Any) -> bytes:
    return bytes(_compiler().compile(format="pdf", sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, **more))


def page_data(fields: CertificateFields) -> dict[str, Any]:
    """Return what the template prints: every value a text, numbers worded here."""
    shown, more = fields.courses[:SHOWN_COURSES], len(fields.courses) - SHOWN_COURSES
    return {
        **asdict(fields),
        "title": fields.title or "安全生产培训证明",
        "basis": f"依据：{cut(fields.basis, 88)}",
        "enterprise": cut(fields.enterprise, 44),
        "training": cut(fields.training, 34),
        "category": cut(fields.category, 24),
        "before": "兹证明",
        "after": f"于 {worded_day(fields.started_on)} 至 {worded_day(fields.completed_on)} 完成“{cut(fields.training, 34)}”，"
        f"学时逐段核验{'，考核合格' if fields.exam_hint else ''}，特发此证。",
        "facts": [_hours("实修学时", fields.earned_ms), _hours("应修学时", fields.required_ms), _exam(fields), _term(fields)],
        "name": cut(fields.name, 30),
        "courses": [_line(no, course) for no, course in enumerate(shown, 1)],
        "more": f"另有 {more} 门课程，详见学员档案" if more > 0 else "",
        "issued": worded_day(fields.issued_on),
        "fingerprint": " ".join(fields.fingerprint[i : i + 8] for i in range(0, len(fields.fingerprint), 8)),
        "qr": qr_svg(fields.verify_url),
    }


def cut(words: str, most: int) -> str:
    """Return at most so many characters, the last of them an ellipsis where something was left out."""
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _fact(name: str, value: str, hint: str = "") -> dict[str, str]:
    return {"name": name, "value": value, "hint": hint}


def _hours(name: str, ms: int) -> dict[str, str]:
    """The hours in large, the minutes they are made of below."""
    value, mark, minutes = worded_hours(ms).partition("（")
    return _fact(name, value, minutes.rstrip("）") if mark else "")


def _exam(fields: CertificateFields) -> dict[str, str]:
    return _fact("考核结果", fields.exam_result, fields.exam_hint)


def _term(fields: CertificateFields) -> dict[str, str]:
    if fields.valid_until:
        return _fact("有效期至", worded_day(fields.valid_until), "到期前完成再培训即可续期")
    return _fact("有效期", "长期有效", "法规没有规定期限")


def _line(no: int, course: CourseLine) -> dict[str, str]:
    return {"no": str(no), "title": cut(course.title, 24), "code": course.code, "trainer": cut(course.trainer, 5),
            "time": worded_minutes(course.earned_ms)}  # fmt: skip


def worded_hours(ms: int) -> str:
    """Return e.g. ``24 学时（1080 分钟）``, below one 学时 only ``2 分钟``; cut and never rounded up (clause 三.5)."""
    seconds = ms // 1000
    if seconds < wording.CREDIT_HOUR_S:
        return worded_minutes(ms)
    return f"{wording.credit_hours(seconds)} 学时（{worded_minutes(ms)}）"


def worded_minutes(ms: int) -> str:
    """Return e.g. ``1080 分钟``; below one minute ``40 秒``."""
    seconds = ms // 1000
    return f"{seconds} 秒" if 0 < seconds < 60 else f"{seconds // 60} 分钟"


def worded_day(day: str) -> str:
    """Return ``2026年11月3日`` for ``2026-11-03``."""
    parsed = date.fromisoformat(day)
    return f"{parsed.year}年{parsed.month}月{parsed.day}日"


def qr_svg(url: str) -> str:
    """Return a QR code (error correction M) as SVG text in the certificate's dark blue."""
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=0, dark="#0b3a6b", xmldecl=False, svgns=True)
    return out.getvalue().decode()
