"""The process that draws pages: `python -m infra.adapters.media.pages_process count|draw FILE [FOLDER]`, answers in JSON lines."""

import json
import sys
from fractions import Fraction
from pathlib import Path

import av
import pypdfium2 as pdfium

from infra.adapters.media.pages import MOST_PAGES, WIDTH

_MOST_TEXT = 20_000
_QUALITY = "4"


def main(arguments: list[str]) -> None:
    """Count or draw, and say so."""
    document = _opened(Path(arguments[1]))
    if arguments[0] == "draw":
        for number in range(len(document)):
            _say(_drawn(document, number, Path(arguments[2])))
    _say({"pages": len(document)})


def _opened(path: Path) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        _refuse("locked" if "password" in str(error).lower() else "not_pdf")
        raise SystemExit(0) from error
    if not 1 <= len(document) <= MOST_PAGES:
        _refuse("too_many_pages" if len(document) else "no_page")
    return document


def _drawn(document: pdfium.PdfDocument, number: int, folder: Path) -> dict[str, object]:
    page = document[number]
    wide, high = page.get_size()
    bitmap = page.render(scale=WIDTH / max(wide, high, 1), rev_byteorder=True, prefer_bgrx=True)
    text = page.get_textpage().get_text_bounded()[:_MOST_TEXT]
    file = f"page_{number + 1:04d}.jpg"
    (folder / file).write_bytes(_jpeg(bitmap))
    return {"no": number + 1, "of": len(document), "file": file, "width": bitmap.width, "height": bitmap.height, "text": text}


def _jpeg(bitmap: pdfium.PdfBitmap) -> bytes:
    """Return a page's picture as JPEG; the rows of the bitmap are packed because a pixel takes four bytes."""
    frame = av.VideoFrame.from_bytes(bytes(bitmap.buffer), bitmap.width, bitmap.height, format="rgba")
    encoder = av.CodecContext.create("mjpeg", "w")
    encoder.width, encoder.height, encoder.pix_fmt = bitmap.width, bitmap.height, "yuvj420p"
    encoder.time_base = Fraction(1, 1)
    encoder.options = {"qmin": _QUALITY, "qmax": _QUALITY}
    drawn = frame.reformat(format="yuvj420p")
    drawn.pts = 0
    return b"".join(bytes(packet) for packet in (*encoder.encode(drawn), *encoder.encode(None)))


def _say(answer: dict[str, object]) -> None:
    print(json.dumps(answer, ensure_ascii=True), flush=True)


def _refuse(reason: str) -> None:
    _say({"refused": reason})
    raise SystemExit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
