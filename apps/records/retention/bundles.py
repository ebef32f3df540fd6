"""Bundles: a ZIP with a manifest and a signed note, so that anybody can check it offline (`public/seals/offline/anxue_verify.py`).

``manifest.json`` names every file with its SHA-256, in canonical JSON; ``manifest.note`` is a C2SP signed note over the manifest's digest.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO
from uuid import UUID

from infra.kit import canonical, notes
from infra.kit.notes import BadNote, NoteSigner, NoteVerifier
from public.seals import api as seals
from tenants.scope import require

FORMAT = "anxue-package/1"
MANIFEST, NOTE = "manifest.json", "manifest.note"
_PIECE = 1 << 20


class BadBundle(Exception):
    """A bundle is not what was signed: a file is missing, altered or added."""


class Bundle:
    """Writes one bundle; files are streamed, so memory stays flat. Call :meth:`close` once."""

    def __init__(self, target: BinaryIO, *, at: datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._files: list[dict[str, Any]] = []
        self._at = at.astimezone(UTC)

    def add(self, name: str, pieces: Iterable[bytes], *, is_lines: bool = False, is_packed: bool = False) -> dict[str, Any]:
        """Write one file and return its line of the manifest.

        :param is_lines: each piece is one row, and the manifest says how many there are
        :param is_packed: pictures and sealed bytes do not get smaller
        """
        entry = zipfile.ZipInfo(name, self._at.timetuple()[:6])
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        digest, size, rows = hashlib.sha256(), 0, 0
        with self._zip.open(entry, "w", force_zip64=True) as made:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                rows += 1
                made.write(piece)
        line: dict[str, Any] = {"name": name, "bytes": size, "sha256": digest.hexdigest()}
        if is_lines:
            line["rows"] = rows
        self._files.append(line)
        return line

    def close(self, facts: dict[str, Any], *, package: UUID, signers: Sequence[NoteSigner]) -> str:
        """Write manifest and note; return the manifest's SHA-256 in hex."""
        stamp = self._at.isoformat(timespec="seconds").replace("+00:00", "Z")
        keys = [notes.verifier_text(one.name, one.kind, one.public_key) for one in signers]
        manifest = canonical.encode(
            {"format": FORMAT, "package": str(package), "made_at": stamp, **facts, "keys": keys, "files": list(self._files)}
        )
        digest = hashlib.sha256(manifest).hexdigest()
        text = f"{seals.log_name()}/package/{require().schema}\n{package}\nmanifest {digest}\nat {stamp}\n"
        self.add(MANIFEST, [manifest])
        self.add(NOTE, [notes.sign(text, signers).encode()])
        self._zip.close()
        return digest


def opened(source: BinaryIO) -> zipfile.ZipFile:
    """Open a bundle.

    :raises BadBundle: it is no ZIP
    """
    try:
        return zipfile.ZipFile(source)
    except zipfile.BadZipFile as error:
        raise BadBundle("no ZIP") from error


def check(bundle: zipfile.ZipFile, *, package: UUID, known: Sequence[NoteVerifier]) -> dict[str, Any]:
    """Read every byte of a bundle and return its manifest.

    :raises BadBundle: signature, digests or list of files do not fit
    """
    try:
        manifest = bundle.read(MANIFEST)
        text = seals.opened(bundle.read(NOTE).decode(), known)
    except (KeyError, BadNote, UnicodeDecodeError, zipfile.BadZipFile, zlib.error) as error:
        raise BadBundle(f"manifest: {error}") from error
    said = text.splitlines()
    if said[1:3] != [str(package), f"manifest {hashlib.sha256(manifest).hexdigest()}"]:
        raise BadBundle("the note signs another manifest")
    told: dict[str, Any] = parsed(manifest)
    names = [line["name"] for line in told["files"]]
    if sorted([*names, MANIFEST, NOTE]) != sorted(bundle.namelist()):
        raise BadBundle("files are missing or were added")
    for line in told["files"]:
        if digest_of(bundle, line["name"]) != (line["sha256"], line["bytes"]):
            raise BadBundle(f"{line['name']} is not what was signed")
    return told


def parsed(data: bytes) -> Any:
    """Parse JSON.

    :raises BadBundle: it is none
    """
    try:
        return json.loads(data)
    except ValueError as error:
        raise BadBundle("no JSON") from error


def digest_of(bundle: zipfile.ZipFile, name: str) -> tuple[str, int]:
    """Return (SHA-256 in hex, bytes) of a file of a bundle.

    :raises BadBundle: the ZIP is damaged there
    """
    digest, size = hashlib.sha256(), 0
    try:
        with bundle.open(name) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                size += len(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BadBundle(f"{name}: {error}") from error
    return digest.hexdigest(), size
