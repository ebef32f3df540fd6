"""Digits as a picture that people read at a glance and a script has to work for."""

import io
from random import Random

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 280, 96
_INKS = ((27, 58, 87), (94, 44, 20), (32, 74, 46), (70, 36, 92))
_PAPER = (246, 248, 250)


def picture(digits: str, *, seed: int) -> bytes:
    """Return ``digits`` as a PNG of 280 x 96 pixels: each turned, moved and tinted by chance, with lines across.

    :param seed: the same one gives the same picture, so that nobody takes the mean of many; never told to the page
    """
    chance = Random(seed)  # noqa: S311 - the seed is secret and drawn by `secrets`
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(image)
    _dots(pen, chance)
    step = (WIDTH - 40) // len(digits)
    for number, digit in enumerate(digits):
        glyph = _glyph(digit, chance)
        left = 20 + number * step + chance.randint(-6, 6) + (step - glyph.width) // 2
        image.paste(glyph, (left, (HEIGHT - glyph.height) // 2 + chance.randint(-10, 10)), glyph)
    for _line in range(3):
        ends = [
            (chance.randint(0, 30), chance.randint(10, HEIGHT - 10)),
            (WIDTH - chance.randint(0, 30), chance.randint(10, HEIGHT - 10)),
        ]
        pen.line(ends, fill=chance.choice(_INKS), width=2)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _dots(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    for _dot in range(220):
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        pen.point((x, y), fill=chance.choice(_INKS))


def _glyph(digit: str, chance: Random) -> Image.Image:
    """One digit on a clear ground, turned by up to 22 degrees."""
    glyph = Image.new("RGBA", (64, 76), (0, 0, 0, 0))
    font = ImageFont.load_default(size=chance.randint(50, 58))
    ImageDraw.Draw(glyph).text((32, 38), digit, font=font, fill=chance.choice(_INKS), anchor="mm")
    return glyph.rotate(chance.uniform(-22, 22), resample=Image.Resampling.BICUBIC, expand=True)
