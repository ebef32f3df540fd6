"""Presentations: checked for what they really unpack to, then turned into PDF by LibreOffice where it is installed."""

import os
import shutil
import signal
import subprocess
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final

from infra.adapters.media import modest
from infra.adapters.media.errors import MediaError

MOST_ENTRIES: Final = 10_000
MOST_BYTES: Final = 2 << 30
MOST_RATIO: Final = 200
"""Text packs about 20 : 1; a bomb packs a thousand to one."""
_RATIO_FROM = 64 << 20
_CHUNK = 1 << 18
_HEADER = 30
_TIMEOUT_S = 300
_MEMORY = 4 << 30
_MAIN = "ppt/presentation.xml"


def check(path: Path) -> None:
    """Refuse a presentation that is none, or that unpacks to more than it says or than anybody needs.

    Every entry is really unpacked, a quarter of a megabyte at a time and never past what it declares, because LibreOffice
    would believe the data and not the declaration.

    :raises MediaError: ``not_presentation``, ``zip_bomb``, ``damaged``
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged() from error
    if _MAIN not in {entry.filename for entry in entries}:
        raise MediaError("这不是 PPTX 演示文稿，请用 PowerPoint 或 WPS 另存为 PPTX，或转换为 PDF 后上传。", "not_presentation")
    size = path.stat().st_size
    declared, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or declared > MOST_BYTES or packed > size or _is_bomb(declared, size):
        raise _bomb()
    with path.open("rb") as file:
        for entry in entries:
            _unpack(file, entry)


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _RATIO_FROM and unpacked > MOST_RATIO * max(packed, 1)


def _unpack(file: IO[bytes], entry: zipfile.ZipInfo) -> None:
    """Unpack one entry to nowhere; its data must end where it says."""
    file.seek(entry.header_offset)
    header = file.read(_HEADER)
    if len(header) < _HEADER or entry.flag_bits & 1:
        raise _damaged()
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    if entry.compress_type == zipfile.ZIP_STORED:
        if entry.compress_size != entry.file_size:
            raise _bomb()
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise _damaged()
    try:
        unpacked = _inflated(file, entry.compress_size, most=entry.file_size)
    except zlib.error as error:
        raise _damaged() from error
    if unpacked != entry.file_size:
        raise _bomb()


def _inflated(file: IO[bytes], packed: int, *, most: int) -> int:
    """Return how many bytes come out of ``packed`` bytes, stopping once there are more than ``most``."""
    engine, left, total = zlib.decompressobj(-zlib.MAX_WBITS), packed, 0
    while not engine.eof and total <= most:
        data = engine.unconsumed_tail
        if not data and left:
            data = file.read(min(_CHUNK, left))
            left -= len(data)
        if not data:
            break
        total += len(engine.decompress(data, _CHUNK))
    return total


def _bomb() -> MediaError:
    return MediaError("演示文稿解压后异常庞大（疑似压缩炸弹），已拒绝。请重新导出为 PDF 后上传。", "zip_bomb")


def _damaged() -> MediaError:
    return MediaError("演示文稿已损坏或加了密码，请重新导出，或转换为 PDF 后上传。", "damaged")


def program() -> str | None:
    """Return LibreOffice's command, or None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def to_pdf(path: Path, folder: Path) -> Path:
    """Turn a checked presentation into a PDF in ``folder``, in a profile of its own, within memory and time.

    :raises MediaError: ``no_office`` where LibreOffice is missing; ``conversion_failed``
    """
    office = program()
    if office is None:
        raise MediaError("本平台未安装演示文稿转换组件，请转换为 PDF 后上传。", "no_office")
    with tempfile.TemporaryDirectory(prefix=".office-", dir=folder) as name:
        profile = Path(name)
        source = profile / "slides.pptx"
        source.symlink_to(path.absolute())
        options = ["--headless", "--norestore", "--nologo", f"-env:UserInstallation={(profile / 'profile').absolute().as_uri()}"]
        command = [
            *modest.words(memory=_MEMORY, cpu_s=_TIMEOUT_S),
            office,
            *options,
            "--convert-to",
            "pdf",
            "--outdir",
            str(profile),
            str(source),
        ]
        try:
            _run(command, profile)
            return (profile / "slides.pdf").replace(folder / "slides.pdf")
        except (subprocess.SubprocessError, OSError) as error:
            raise MediaError("演示文稿转换失败，请转换为 PDF 后上传。", "conversion_failed") from error


def _run(command: list[str], folder: Path) -> None:
    """Run the office in a group of its own: what it starts itself ends with it when it takes too long."""
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            code = process.wait(_TIMEOUT_S)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    if code:
        raise subprocess.CalledProcessError(code, command)
