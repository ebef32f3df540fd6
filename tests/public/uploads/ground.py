"""Files to upload, a browser's walk through the protocol, and where they are kept."""

from __future__ import annotations

import io
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from django.test import Client

from public.uploads import api, services
from public.uploads.models import Upload
from tests.conftest import NOON

PNG = b"\x89PNG\r\n\x1a\n"


def ffmpeg(*arguments: str) -> None:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-loglevel", "error", *arguments], check=True, timeout=120)


def clip(path: Path, *, seconds: int = 2, size: str = "320x180") -> Path:
    picture = ("-f", "lavfi", "-i", f"testsrc2=size={size}:rate=10")
    sound = ("-f", "lavfi", "-i", "sine=f=440")
    ffmpeg(*picture, *sound, "-t", str(seconds), "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(path))
    return path


def png(width: int = 8, height: int = 8) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * 3 * width for _ in range(height)))
    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pptx(entries: dict[str, bytes] | None = None) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"ppt/presentation.xml": b"<p/>", **(entries or {})}.items():
            archive.writestr(name, data)
    return kept.getvalue()


def pdf(pages: int = 1, text: str = "Safety") -> bytes:
    """A small true PDF with a line of text on each page."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for number in range(pages):
        page = f"/Parent 2 0 R /MediaBox [0 0 400 300] /Contents {5 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page {page} /Resources << /Font << /F1 3 0 R >> >> >>")
        words = f"BT /F1 24 Tf 40 150 Td ({text} {number + 1}) Tj ET"
        objects.append(f"<< /Length {len(words)} >>\nstream\n{words}\nendstream")
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode() + trailer.encode()


def begun(data: bytes, *, purpose: str = "video", name: str = "培训.mp4", owner: int = 1, **more: Any) -> api.UploadView:
    return api.begin(owner_id=owner, provider_schema="", purpose=purpose, file_name=name, size=len(data), at=NOON, **more)


def put(upload: api.UploadView, number: int, data: bytes) -> str:
    piece = data[(number - 1) * upload.part_size : number * upload.part_size]
    return services.accept_part(upload=upload.uuid, number=number, body=io.BytesIO(piece), declared=len(piece), at=NOON)


def put_all(upload: api.UploadView, data: bytes) -> None:
    for number in range(1, -(-len(data) // upload.part_size) + 1):
        put(upload, number, data)


def uploaded(data: bytes, **more: Any) -> api.UploadView:
    """Send all parts, complete, and check at once."""
    from public.uploads import checking

    upload = begun(data, **more)
    put_all(upload, data)
    Upload.objects.filter(uuid=upload.uuid).update(state="CHECKING")
    checking.check(upload=upload.uuid, at=NOON)
    return api.upload(upload.uuid)


def send(
    browser: Client, data: bytes, *, purpose: str = "video", name: str = "培训.mp4", skip: tuple[int, ...] = ()
) -> dict[str, Any]:
    """Walk through begin, sign and put as a browser does; parts in ``skip`` are left out."""
    body = {"file_name": name, "size": len(data), "purpose": purpose, "fingerprint": "f" * 64}
    begun_ = browser.post("/api/uploads", body, content_type="application/json")
    assert begun_.status_code == 201, begun_.content.decode()
    found: dict[str, Any] = begun_.json()
    step = found["part_size"]
    for number in range(1, -(-len(data) // step) + 1):
        if number in skip:
            continue
        link = browser.post(f"/api/uploads/{found['uuid']}/parts/{number}/sign").json()["url"]
        piece = data[(number - 1) * step : number * step]
        kept = Client(HTTP_HOST="anxue.localhost:8000").put(link, piece, content_type="application/octet-stream")
        assert kept.status_code == 200, kept.content.decode()
        assert kept["ETag"].strip('"')
    return found
