"""What may be uploaded for which purpose, and how it is cut into parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

MB = 1 << 20
GB = 1 << 30
PART_SIZE = 8 * MB
"""Within S3's 5 MB to 5 GB, and below its 10,000 parts for every size allowed here."""
MOST = {"video": 8 * GB, "audio": 1 * GB, "document": 500 * MB, "image": 20 * MB, "subtitles": 2 * MB}
"""Largest file of each kind, in bytes."""
OPEN_BYTES = 24 * GB
OPEN_UPLOADS = 20
"""What one person may have under way: bytes and uploads."""
DAY_BYTES = 64 * GB
"""What one person may send in 24 hours, whatever became of it: whole files stay in storage."""
ABANDONED = timedelta(hours=48)
LINK_S = 15 * 60
"""How long a signed address for one part is good, in seconds."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a file is for: the kinds that serve it and the words for a person who brings another."""

    kinds: tuple[str, ...]
    wanted: Any
    cap: int = 0
    """Fewer bytes than the kinds would allow; 0: what they allow."""
    is_sealed: bool = False
    """Whether it lies encrypted once it was checked: what only a few may read, such as complaints and papers of persons (clause 五.1)."""

    @property
    def most(self) -> int:
        """Bytes that no file for this purpose may pass."""
        return self.cap or max(MOST[kind] for kind in self.kinds)


PURPOSES = {
    "courseware": Purpose(("video", "audio", "document"), _("视频、音频、PDF 或 PPTX")),
    "video": Purpose(("video",), _("视频（MP4、MOV、MKV 等）")),
    "audio": Purpose(("audio",), _("音频（MP3、M4A、WAV 等）")),
    "document": Purpose(("document",), _("PDF 或 PPTX 文档")),
    "image": Purpose(("image",), _("PNG、JPEG 或 WebP 图片")),
    "question": Purpose(("image", "video"), _("图片，或 MP4 视频")),
    "subtitles": Purpose(("subtitles",), _("WebVTT 或 SRT 字幕")),
    "complaint": Purpose(("document", "image", "audio", "video"), _("图片、PDF、录音或视频"), cap=50 * MB, is_sealed=True),
    "rectification": Purpose(("document", "image"), _("PDF 文档或图片"), cap=50 * MB, is_sealed=True),
    "evidence": Purpose(("document", "image"), _("PDF 文档或图片"), is_sealed=True),
}


def part_count(size: int, part_size: int) -> int:
    """Return how many parts ``size`` bytes make (at least 1)."""
    return max(1, -(-size // part_size))


def part_length(number: int, size: int, part_size: int) -> int:
    """Return the exact bytes of part ``number`` (from 1); 0 for a number that does not exist."""
    count = part_count(size, part_size)
    if not 1 <= number <= count:
        return 0
    return part_size if number < count else size - part_size * (count - 1)


def size_text(size: int) -> str:
    """Return ``size`` bytes as people read it: 「8 GB」, 「20 MB」."""
    units: Sequence[tuple[int, str]] = ((GB, "GB"), (MB, "MB"), (1024, "KB"))
    for unit, name in units:
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} B"
