"""What an uploaded file really is: opened by the readers of its formats, whatever its name and the browser say."""

import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Final

import av

from infra.adapters.media import office, pages, probe
from infra.adapters.media.errors import MediaError
from public.uploads.ports import Found

PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_PICTURES = {"png_pipe": "image/png", "jpeg_pipe": "image/jpeg", "webp_pipe": "image/webp"}
_MOST_PIXELS = 50_000_000
_HEAD = 4_096
_FORMATS = {
    "mov,mp4,m4a,3gp,3g2,mj2": "mp4",
    "matroska,webm": "x-matroska",
    "mpegts": "mp2t",
    "mpeg": "mpeg",
    "avi": "x-msvideo",
    "mp3": "mpeg",
    "wav": "wav",
    "flac": "flac",
    "ogg": "ogg",
    "aac": "aac",
}
_WORDS = {
    "video": "视频",
    "audio": "音频",
    "document": "PDF 或 PPTX 文档",
    "image": "PNG、JPEG 或 WebP 图片",
    "subtitles": "字幕",
}


class FileInspector:
    """Knows video, sound, PDF, PPTX, three kinds of pictures and subtitle texts."""

    def inspect(self, path: Path, *, kinds: Collection[str], file_name: str) -> Found:
        """See :class:`public.uploads.ports.Inspector`."""
        with path.open("rb") as file:
            head = file.read(_HEAD)
        if not head:
            raise MediaError("文件是空的（0 字节），请检查后重新选择。", "empty")
        _refuse_markup(head, kinds)
        kind = _kind(head)
        if kind is None and "subtitles" in kinds and b"\0" not in head:
            return Found("subtitles", _subtitles(head))
        if kind is not None and kind not in kinds:
            raise _other(kind, kinds)
        return _read(path, kind, kinds)


def _refuse_markup(head: bytes, kinds: Collection[str]) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in start and start.startswith(b"<"):
        message = "SVG 图片可以夹带脚本，不能上传。请导出为 PNG、JPEG 或 WebP 后重新选择。"
        raise MediaError(message, "svg")
    if start.startswith((b"<!doctype html", b"<html", b"<script", b"<?xml")) and "subtitles" not in kinds:
        raise MediaError("这是网页或标记文件，不能上传。请重新选择文件。", "markup")


def _kind(head: bytes) -> str | None:
    """Return what the first bytes announce, or None; a film is told by its reader only."""
    if b"%PDF-" in head[:1024] or head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "document"
    is_webp = head.startswith(b"RIFF") and head[8:12] == b"WEBP"
    if is_webp or head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM")):
        return "image"
    return None


def _read(path: Path, kind: str | None, kinds: Collection[str]) -> Found:
    if kind == "document":
        return _document(path)
    if kind == "image":
        return _picture(path)
    if "video" in kinds or "audio" in kinds:
        return _film(path, kinds)
    raise MediaError(f"这个文件不是{_wanted(kinds)}，请重新选择。", "unknown_type")


def _document(path: Path) -> Found:
    with path.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    if is_pdf:
        pages.count(path)
        return Found("document", "application/pdf")
    if not zipfile.is_zipfile(path):
        raise MediaError("压缩文件已损坏，请转换为 PDF 后上传。", "damaged")
    office.check(path)
    if office.program() is None:
        raise MediaError("本平台未安装演示文稿转换组件，请转换为 PDF 后上传。", "no_office")
    return Found("document", PPTX)


def _picture(path: Path) -> Found:
    try:
        with av.open(
            str(path.absolute()), options={"format_whitelist": ",".join(_PICTURES), "protocol_whitelist": "file"}
        ) as found:
            stream = found.streams.video[0]
            if stream.width * stream.height > _MOST_PIXELS:
                raise MediaError("图片过大（超过 5000 万像素），请缩小后上传。", "too_large")
            next(found.decode(stream))
            return Found("image", _PICTURES[found.format.name])
    except (av.FFmpegError, OSError, StopIteration, IndexError, KeyError) as error:
        raise MediaError("图片无法打开。请使用 PNG、JPEG 或 WebP 图片。", "not_image") from error


def _film(path: Path, kinds: Collection[str]) -> Found:
    if "video" in kinds:
        try:
            probe.probe(path)
            return Found("video", f"video/{_format(path)}")
        except MediaError as refused:
            if refused.reason not in {"not_media", "no_video"} or "audio" not in kinds:
                raise
    probe.listen(path)
    return Found("audio", f"audio/{_format(path)}")


def _format(path: Path) -> str:
    with av.open(str(path.absolute()), options=probe.SOUND_OPTIONS) as container:
        return _FORMATS.get(container.format.name, "octet-stream")


def _subtitles(head: bytes) -> str:
    return "text/vtt" if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT") else "application/x-subrip"


def _wanted(kinds: Collection[str]) -> str:
    return "、".join(words for kind, words in _WORDS.items() if kind in kinds)


def _other(kind: str, kinds: Collection[str]) -> MediaError:
    message = f"文件内容其实是{_WORDS[kind].replace('或', '、')}一类，不是{_wanted(kinds)}。请重新选择文件。"
    return MediaError(message, "wrong_kind", found=kind)
