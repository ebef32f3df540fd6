"""Digits as a picture that people read at a glance and a script has to work for."""

import io
import secrets

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 280, 96
_INKS = ((27, 58, 87), (94, 44, 20), (32, 74, 46), (70, 36, 92))
_PAPER = (246, 248, 250)
_random = secrets.SystemRandom()


def picture(digits: str) -> bytes:
    """Return ``digits`` as a PNG of 280 x 96 pixels: each turned, moved and tinted by chance, with lines across."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    _dots(pen)
    step = (WIDTH - 40) // len(digits)
    for number, digit in enumerate(digits):
        glyph = _glyph(digit)
        left = 20 + number * step + _random.randint(-6, 6) + (step - glyph.width) // 2
        image.paste(glyph, (left, (HEIGHT - glyph.height) // 2 + _random.randint(-10, 10)), glyph)
    for _line in range(3):
        ends = [
            (_random.randint(0, 30), _random.randint(10, HEIGHT - 10)),
            (WIDTH - _random.randint(0, 30), _random.randint(10, HEIGHT - 10)),
        ]
        pen.line(ends, fill=_random.choice(_INKS), width=2)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _dots(pen: ImageDraw.ImageDraw) -> None:
    for _dot in range(220):
        x, y = _random.randrange(WIDTH), _random.randrange(HEIGHT)
        pen.point((x, y), fill=_random.choice(_INKS))


def _glyph(digit: str) -> Image.Image:
    """One digit on a clear ground, turned by up to 22 degrees."""
    glyph = Image.new("RGBA", (64, 76), (0, 0, 0, 0))
    font = ImageFont.load_default(size=_random.randint(50, 58))
    ImageDraw.Draw(glyph).text((32, 38), digit, font=font, fill=_random.choice(_INKS), anchor="mm")
    return glyph.rotate(_random.uniform(-22, 22), resample=Image.Resampling.BICUBIC, expand=True)
