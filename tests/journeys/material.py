"""What an author brings along: a film, its subtitles, a letter of permission. Made on the spot."""

from pathlib import Path

import pypdfium2

from infra.adapters.media import ffmpeg

SECONDS = 24
_RATE = "16M"
TOO_WIDE = "转弯前先减速再鸣笛提示周围的人，确认盲区里没有人以后才可以通过"
"""32 characters in one line; 20 are allowed."""
_CUES = ("叉车的盲区，比您想的大。", "货物挡住视线时，请倒车行驶。", TOO_WIDE, "看不见，就停下来。")


def film(folder: Path, name: str) -> Path:
    """Make a film with a tone, about 45 MB: noise cannot be pressed, so it comes in six parts."""
    picture = f"testsrc2=size=640x480:rate=10:duration={SECONDS},noise=alls=90:allf=t"
    sound = f"sine=frequency=330:duration={SECONDS}"
    bits = ["-b:v", _RATE, "-minrate", _RATE, "-maxrate", _RATE, "-bufsize", "8M"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", *bits, "-pix_fmt", "yuv420p", "-c:a", "aac"]
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound]
    ffmpeg.run([*inputs, *codecs, "-shortest", name], cwd=folder, total_ms=SECONDS * 1000, progress=lambda _percent: None)
    return folder / name


def srt() -> bytes:
    """Return four cues in GBK, as an old editor on Windows writes them; one is too wide."""
    step = SECONDS // len(_CUES)
    cues = (
        f"{number}\r\n00:00:{(number - 1) * step:02d},000 --> 00:00:{number * step:02d},000\r\n{text}\r\n"
        for number, text in enumerate(_CUES, 1)
    )
    return "\r\n".join(cues).encode("gbk")


def letter(path: Path) -> Path:
    """Write a PDF of one page."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(path)
    return path
