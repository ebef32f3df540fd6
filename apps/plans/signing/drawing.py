"""From the strokes of a finger to a picture: drawn here, so that no picture from outside is ever opened."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from apps.plans.signing.rules import HEIGHT, WIDTH, Stroke

_PEN = 10


def picture(drawn: Sequence[Stroke]) -> bytes:
    """Return a PNG of 500 × 200 px, dark on white, the same for the same strokes."""
    canvas = Image.new("L", (WIDTH, HEIGHT), 255)
    pen = ImageDraw.Draw(canvas)
    for line in drawn:
        if len(line) > 1:
            pen.line(line, fill=20, width=_PEN, joint="curve")
        for x, y in (line[0], line[-1]):
            pen.ellipse((x - _PEN // 2, y - _PEN // 2, x + _PEN // 2, y + _PEN // 2), fill=20)
    out = io.BytesIO()
    canvas.resize((WIDTH // 2, HEIGHT // 2), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
